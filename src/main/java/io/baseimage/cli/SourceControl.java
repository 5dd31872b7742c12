package io.baseimage.cli;

import io.baseimage.pipeline.SourceFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks git where the recipes come from. */
final class SourceControl {
  private static final String PROJECT = "https://github.com/baseimage-build/baseimage-build";
  // https://host/path, ssh://git@host:22/path and git@host:path, with .git at the end or without.
  private static final Pattern REMOTE =
      Pattern.compile(
          "(?:(?:https|ssh|git)://(?:[^@/]*@)?(?<host>[A-Za-z0-9.-]+)(?::[0-9]+)?/"
              + "|[^@/]+@(?<scp>[A-Za-z0-9.-]+):)(?<path>.+?)(?:\\.git)?/?");
  private static final Instant UNKNOWN_DATE = Instant.parse("2020-01-01T00:00:00Z");
  private static final List<String> RECIPES =
      List.of("variants", "templates", "init-scripts", "src/main/c", "src/main/runit");

  private final Path root;
  private final Optional<Instant> epoch;

  /**
   * That of a folder.
   *
   * @param epoch what takes the place of the revision's date
   */
  SourceControl(Path root, Optional<Instant> epoch) {
    this.root = root;
    this.epoch = epoch;
  }

  SourceFacts facts() {
    List<String> ofRecipes = new ArrayList<>(List.of("status", "--porcelain", "--"));
    ofRecipes.addAll(RECIPES);
    // All are started before the first is waited for: they take longer to start than to answer.
    Optional<Process> top = start(List.of("rev-parse", "--show-toplevel"));
    Optional<Process> log = start(List.of("log", "-1", "--format=%H %ct"));
    Optional<Process> status = start(ofRecipes);
    Optional<Process> remote = start(List.of("config", "--get", "remote.origin.url"));
    Optional<String> head = log.flatMap(SourceControl::answer);
    boolean dirty =
        status.flatMap(SourceControl::answer).filter(text -> !text.isEmpty()).isPresent();
    String url = remote.flatMap(SourceControl::answer).flatMap(SourceControl::page).orElse(PROJECT);
    if (head.isEmpty() || !top.flatMap(SourceControl::answer).filter(this::isRoot).isPresent()) {
      return new SourceFacts(Optional.empty(), PROJECT, epoch.orElse(UNKNOWN_DATE));
    }
    String[] revisionAndDate = head.get().split(" ", -1);
    return new SourceFacts(
        Optional.of(revisionAndDate[0] + (dirty ? "-dirty" : "")),
        url,
        epoch.orElseGet(() -> Instant.ofEpochSecond(Long.parseLong(revisionAndDate[1]))));
  }

  /** Whether git speaks of these recipes: they may lie in a repository of somebody else. */
  private boolean isRoot(String workTree) {
    try {
      return Path.of(workTree).toRealPath().equals(root.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  /** The address that people open, of one that git clones; nothing for a path. */
  static Optional<String> page(String remote) {
    Matcher matcher = REMOTE.matcher(remote);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String host = Optional.ofNullable(matcher.group("host")).orElse(matcher.group("scp"));
    return Optional.of("https://" + host + "/" + matcher.group("path"));
  }

  /** Nothing where git is not installed. */
  private Optional<Process> start(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
    command.addAll(arguments);
    ProcessBuilder git =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    // A hook of git has them, and they name the repository that it was run in.
    git.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    try {
      return Optional.of(git.start());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What git says, or nothing where this is no work tree of it. */
  private static Optional<String> answer(Process process) {
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return Optional.of(output);
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
