package io.baseimage.contract;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The ways in which a check finds a line broken: each says what was expected and what was seen. */
final class Verdict {
  private static final int SHOWN = 1500;
  private static final Duration POLL = Duration.ofMillis(50);

  private Verdict() {}

  static void holds(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  static void holds(boolean condition, Supplier<String> otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise.get());
    }
  }

  static void equal(@Nullable Object expected, @Nullable Object seen, String what) {
    if (!Objects.equals(expected, seen)) {
      throw new AssertionError(
          what
              + ": expected "
              + quoted(String.valueOf(expected))
              + ", seen "
              + quoted(String.valueOf(seen)));
    }
  }

  static void contains(String text, String part, String what) {
    holds(text.contains(part), () -> what + ": expected " + quoted(part) + " in " + quoted(text));
  }

  static void lacks(String text, String part, String what) {
    holds(
        !text.contains(part), () -> what + ": expected no " + quoted(part) + " in " + quoted(text));
  }

  static void matches(String text, String regex, String what) {
    holds(
        Pattern.compile(regex).matcher(text).find(),
        () -> what + ": expected a match of " + regex + " in " + quoted(text));
  }

  /** Every regular expression is found in a line, and the lines come in this order. */
  static void inOrder(List<String> lines, List<String> regexes, String what) {
    int from = 0;
    for (String regex : regexes) {
      Pattern pattern = Pattern.compile(regex);
      while (from < lines.size() && !pattern.matcher(lines.get(from)).find()) {
        from++;
      }
      holds(
          from < lines.size(),
          () -> what + ": expected " + regex + " (in its order) in " + quoted(joined(lines)));
      from++;
    }
  }

  /** Waits until something is so; the time is the most that it may take. */
  static void eventually(Duration within, BooleanSupplier condition, Supplier<String> otherwise) {
    long end = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(otherwise.get() + " (waited " + within.toSeconds() + " s)");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Text for a message: control characters visible, not endless. */
  static String quoted(String text) {
    String cut =
        text.length() <= SHOWN
            ? text
            : text.substring(0, SHOWN / 2) + " … " + text.substring(text.length() - SHOWN / 2);
    StringBuilder visible = new StringBuilder("'");
    cut.chars().forEach(c -> visible.append(visible((char) c)));
    return visible.append("'").toString();
  }

  /** What a container says must not move the reader's terminal. */
  private static String visible(char c) {
    return switch (c) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> Character.isISOControl(c) ? "\\x%02x".formatted((int) c) : String.valueOf(c);
    };
  }

  private static String joined(List<String> lines) {
    return String.join("\n", lines);
  }
}
