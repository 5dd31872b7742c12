package io.baseimage.engine;

import com.github.dockerjava.api.model.BuildResponseItem;
import io.baseimage.pipeline.RunLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a classic build prints: passed on line by line, and its steps and its end remembered. */
final class BuildOutput {
  private static final int REMEMBERED_LINES = 40;
  private static final int SHORT_STEP = 120;
  private static final Pattern STEP = Pattern.compile("(?:Step|STEP) (\\d+)/(\\d+) ?: (.*)");
  private static final Pattern RUNNING = Pattern.compile(" ---> Running in ([0-9a-f]{12,64})");
  private static final Pattern NOISE =
      Pattern.compile(" ?--> .*| ---> .*|Removing intermediate container .*");

  /** The colours that stderr is wrapped in, and those that programs use. */
  private static final Pattern COLOUR = Pattern.compile("\u001B\\[[0-9;]*[A-Za-z]");

  private final String name;
  private final RunLog log;
  private final StringBuilder partial = new StringBuilder();
  private final Deque<String> end = new ArrayDeque<>();
  private final Set<String> containers = new LinkedHashSet<>();
  private @Nullable Step step;

  /**
   * A step of a build.
   *
   * @param number from 1 on
   * @param of how many there are
   * @param instruction its text in the Dockerfile, continued lines joined
   */
  record Step(int number, int of, String instruction) {

    /** Whether it is the one that names the base. */
    boolean isFrom() {
      return instruction.regionMatches(true, 0, "FROM ", 0, 5);
    }

    /** With its instruction's beginning. */
    @Override
    public String toString() {
      return "step " + number + " of " + of + ", " + beginning(instruction.strip());
    }
  }

  /** A step can be a program of a hundred lines, which is there to be read in the Dockerfile. */
  private static String beginning(String text) {
    return text.length() > SHORT_STEP ? text.substring(0, SHORT_STEP) + "…" : text;
  }

  /** Output of the build of that name. */
  BuildOutput(String name, RunLog log) {
    this.name = name;
    this.log = log;
  }

  synchronized void accept(BuildResponseItem item) {
    if (item.getStream() != null) {
      text(item.getStream());
    } else if (item.getStatus() != null && item.getProgressDetail() == null) {
      // The engine pulls a base: its states are lines of their own.
      line(item.getId() == null ? item.getStatus() : item.getId() + ": " + item.getStatus());
    }
  }

  /** The last of it: a line with no end. */
  synchronized void finish() {
    if (partial.length() > 0) {
      line(partial.toString());
      partial.setLength(0);
    }
  }

  private void text(String chunk) {
    partial.append(chunk);
    int start = 0;
    for (int at = partial.indexOf("\n", start); at >= 0; at = partial.indexOf("\n", start)) {
      line(partial.substring(start, at));
      start = at + 1;
    }
    partial.delete(0, start);
  }

  private void line(String raw) {
    String line = COLOUR.matcher(raw).replaceAll("");
    line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    // What a carriage return wrote over was never meant to be kept.
    line = line.substring(line.lastIndexOf('\r') + 1).stripTrailing();
    Matcher matcher = STEP.matcher(line);
    Matcher running = RUNNING.matcher(line);
    if (matcher.matches()) {
      Step begun =
          new Step(
              Integer.parseInt(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              matcher.group(3));
      step = begun;
      end.clear();
      log.progress("Building " + name, begun.number(), begun.of());
    } else if (running.matches()) {
      containers.add(running.group(1));
    } else if (!line.isEmpty() && !NOISE.matcher(line).matches()) {
      if (end.size() == REMEMBERED_LINES) {
        end.removeFirst();
      }
      end.addLast(line);
    }
    if (!line.isEmpty()) {
      log.output(matcher.matches() ? beginning(line) : line);
    }
  }

  /** The step that is under way, or was when the build ended. */
  synchronized Optional<Step> step() {
    return Optional.ofNullable(step);
  }

  /** The last lines that this step printed. */
  synchronized List<String> end() {
    return new ArrayList<>(end);
  }

  /** The ids of the containers that steps ran in. */
  synchronized Set<String> containers() {
    return new LinkedHashSet<>(containers);
  }
}
