package io.baseimage.pipeline;

import java.util.regex.Pattern;

/** Text of others, made safe to be shown. */
final class PlainText {
  // Those that move text about on a screen, too: Unicode, chapter 23.
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private PlainText() {}

  /** The same with a question mark for each character that a terminal may act on. */
  static String of(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }
}
