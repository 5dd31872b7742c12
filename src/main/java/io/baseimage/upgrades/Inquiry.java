package io.baseimage.upgrades;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.AtOnce;
import io.baseimage.pipeline.CommandOutput;
import io.baseimage.pipeline.ContainerCommand;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.PackageUpgrades.Image;
import io.baseimage.pipeline.RunLog;
import io.baseimage.upgrades.RememberedUpgrades.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs package managers in containers of images: apt once for all images that have the same package
 * sources, as fetching the lists is what takes the time.
 */
final class Inquiry {
  private static final String STATUS = "/var/lib/dpkg/status";

  /** Where apt and its sources, keys and pins are set; and what tells releases apart. */
  private static final List<String> FILES =
      List.of(STATUS, "/etc/apt", "/var/lib/dpkg/arch", OsRelease.PATH);

  private static final String FOLDER = "/tmp/baseimage-check/";

  /** Of one container; a mirror that is this slow is no answer. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Engine engine;
  private final RememberedUpgrades remembered;
  private final RunLog log;
  private final Map<Image, Answer> answers = new ConcurrentHashMap<>();
  private final Map<ImageReference, Boolean> pulled = new ConcurrentHashMap<>();

  Inquiry(Engine engine, RememberedUpgrades remembered, RunLog log) {
    this.engine = engine;
    this.remembered = remembered;
    this.log = log;
  }

  /** An image that is on the engine now, and its package manager's files. */
  private record Present(Image image, EngineImage on, Map<String, byte[]> files) {
    Optional<byte[]> status() {
      return Optional.ofNullable(files.get(STATUS)).filter(status -> status.length > 0);
    }

    /** The same for images of which one's apt can answer for the other. */
    String group() {
      if (status().isEmpty()) {
        return "alone " + image.id();
      }
      StringBuilder settings = new StringBuilder(on.platform().toString());
      new TreeMap<>(files)
          .forEach(
              (path, bytes) -> {
                if (!path.equals(STATUS)) {
                  settings.append('\n').append(path).append(' ').append(Digest.of(bytes));
                }
              });
      return settings.toString();
    }
  }

  Map<Image, Answer> of(Collection<Image> images) {
    // Half of the time is the network's.
    int atATime = 2 * engine.capacity().builds();
    try {
      Map<String, List<Present>> groups = new LinkedHashMap<>();
      AtOnce.each(images, atATime, "reading published images", this::present)
          .forEach(
              found ->
                  found.ifPresent(
                      each ->
                          groups
                              .computeIfAbsent(each.group(), key -> new ArrayList<>())
                              .add(each)));
      AtOnce.each(
          groups.values(),
          atATime,
          "asking package managers",
          group -> {
            ask(group);
            return group;
          });
      return Map.copyOf(answers);
    } finally {
      pulled.keySet().forEach(this::remove);
    }
  }

  private Optional<Present> present(Image image) {
    try {
      EngineImage on =
          engine
              .find(image.id().toString())
              .or(() -> engine.find(image.name().toString()))
              .orElseGet(() -> pull(image));
      return Optional.of(new Present(image, on, engine.readFiles(on.id().toString(), FILES)));
    } catch (EngineException e) {
      answers.put(image, unknown(e));
      return Optional.empty();
    }
  }

  private EngineImage pull(Image image) {
    pulled.put(image.name(), true);
    return engine.pull(image.name(), image.platform(), log);
  }

  /** Also when the run is being interrupted. */
  private void remove(ImageReference name) {
    boolean interrupted = Thread.interrupted();
    try {
      engine.untag(name);
    } catch (EngineException e) {
      log.warn(name + " was pulled and could not be removed again: " + e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void ask(List<Present> group) {
    try {
      if (group.get(0).status().isPresent()) {
        askApt(group);
      } else {
        Image image = group.get(0).image();
        answers.put(image, YumReport.of(said(group.get(0), "yum.sh", Map.of())));
      }
    } catch (EngineException e) {
      group.forEach(each -> answers.put(each.image(), unknown(e)));
    }
  }

  private void askApt(List<Present> group) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < group.size(); i++) {
      files.put("%sstatus-%04d".formatted(FOLDER, i), group.get(i).status().orElseThrow());
    }
    AptReport report = AptReport.of(said(group.get(0), "apt.sh", files));
    for (int i = 0; i < group.size(); i++) {
      Image image = group.get(i).image();
      Answer answer = report.of(i);
      answers.put(image, answer);
      if (answer instanceof Answer.Known known) {
        report
            .releases()
            .ifPresent(
                releases ->
                    remembered.remember(image.id(), new Finding(releases, known.upgrades())));
      }
    }
  }

  /** What a script says; one that says nothing could not begin. */
  private String said(Present leader, String script, Map<String, byte[]> arguments) {
    CommandOutput output = run(leader, script, arguments);
    if (output.out().isBlank()) {
      throw new EngineException(
          EngineException.Kind.REFUSED,
          "Tried to ask the package manager of "
              + leader.image().name()
              + ", but its container ended with status "
              + output.status()
              + ": "
              + output.err().strip());
    }
    return output.out();
  }

  private CommandOutput run(Present leader, String script, Map<String, byte[]> arguments) {
    Map<String, byte[]> files = new LinkedHashMap<>(arguments);
    files.put(FOLDER + script, script(script));
    List<String> command = new ArrayList<>(List.of("/bin/sh", FOLDER + script));
    command.addAll(arguments.keySet());
    return engine.run(
        new ContainerCommand(leader.on().id().toString(), command, true, files, LIMIT));
  }

  private static byte[] script(String name) {
    try (InputStream in = Inquiry.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the toolkit has no script " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer unknown(EngineException failure) {
    return new Answer.Unknown(String.valueOf(failure.getMessage()).replace('\n', ' '));
  }
}
