package io.baseimage.template;

/**
 * Quoting for the two languages that a Dockerfile is written in. In a RUN instruction two readers
 * follow each other: the Dockerfile's parser, for which a backslash at a line's end joins lines and
 * a line that begins with # is a comment, and then the shell.
 */
final class Quoting {
  private Quoting() {}

  /**
   * One word of a POSIX shell (XCU 2.2.2, single quotes) that also passes the Dockerfile's parser:
   * it has no line end. A text of several lines becomes a command substitution of printf.
   *
   * @throws IllegalArgumentException if the text has a NUL, which no shell word can have, or ends
   *     in a line end, which a substitution would take off
   */
  static String shell(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL character cannot be in a shell word");
    }
    if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
      return singleQuoted(text);
    }
    String format =
        text.replace("\\", "\\\\").replace("%", "%%").replace("\n", "\\n").replace("\r", "\\r");
    if (text.endsWith("\n")) {
      throw new IllegalArgumentException(
          "a text that ends in a line end cannot be one shell word; take the line end off");
    }
    return "\"$(printf " + singleQuoted(format) + ")\"";
  }

  private static String singleQuoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /**
   * One double-quoted word of a Dockerfile instruction, in which neither variables nor escapes are
   * left.
   *
   * @throws IllegalArgumentException if the text has a line end or a NUL, which no such word can
   *     have
   */
  static String dockerfile(String text) {
    for (char forbidden : new char[] {'\n', '\r', '\0'}) {
      if (text.indexOf(forbidden) >= 0) {
        throw new IllegalArgumentException(
            "a line end or NUL cannot be in an ENV, LABEL or ARG value");
      }
    }
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + "\"";
  }
}
