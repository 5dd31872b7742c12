package io.baseimage.bootstrap;

import io.baseimage.pipeline.RunLog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** A tool's output: passed on line by line, its end and its complaints remembered. */
final class ToolOutput {
  private static final int REMEMBERED_LINES = 30;
  private static final Pattern COMPLAINT =
      Pattern.compile("(?:E|Err(?:or)?):.*|.*Failed to fetch.*");

  private final RunLog log;
  private final Deque<String> end = new ArrayDeque<>();
  private final List<String> complaints = new ArrayList<>();

  ToolOutput(RunLog log) {
    this.log = log;
  }

  synchronized void accept(String raw) {
    String text = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
    // What a carriage return wrote over was progress.
    String line = text.substring(text.lastIndexOf('\r') + 1).stripTrailing();
    if (line.isEmpty()) {
      return;
    }
    if (end.size() == REMEMBERED_LINES) {
      end.removeFirst();
    }
    end.addLast(line);
    if (COMPLAINT.matcher(line).matches()) {
      complaints.add(line);
    }
    log.output(line);
  }

  synchronized List<String> end() {
    return new ArrayList<>(end);
  }

  /** The lines that tell of errors. */
  synchronized List<String> complaints() {
    return new ArrayList<>(complaints);
  }
}
