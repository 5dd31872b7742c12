package io.baseimage.variant;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a text must look like. */
@FunctionalInterface
interface TextRule {

  /** What was expected and found, or nothing if the text is as it should be. */
  Optional<String> complaint(String text);

  /** First this rule, then the other if this one is content. */
  default TextRule and(TextRule other) {
    return text -> complaint(text).or(() -> other.complaint(text));
  }

  /** A text that matches as a whole. */
  static TextRule matching(Pattern pattern, String expected) {
    return text ->
        pattern.matcher(text).matches() ? Optional.empty() : complaint(expected, text, "");
  }

  /** A complaint as all of them are worded. */
  static Optional<String> complaint(String expected, String found, String hint) {
    return Optional.of("expected " + expected + ", found " + Found.quoted(found) + hint);
  }

  /** Throws {@link IllegalArgumentException} with the complaint, if there is one. */
  static void require(TextRule rule, String what, String text) {
    rule.complaint(text)
        .ifPresent(
            complaint -> {
              throw new IllegalArgumentException(what + ": " + complaint);
            });
  }
}
