package io.baseimage.contract;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.variant.Variant;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/** META: labels. */
@ExtendWith(CheckExtension.class)
final class MetaChecks {
  private static final String PREFIX = "org.opencontainers.image.";
  private static final Pattern VERSION = Pattern.compile("\\b20\\d\\d\\.\\d\\d-\\d{3}\\b");
  private static final String END_OF_LIFE = "io.baseimage.end-of-life";

  @Test
  @Proves("META-1")
  @DisplayName("the OCI labels are set and true")
  void labels(Lab lab) {
    Map<String, String> labels = lab.facts().labels();
    for (String name :
        List.of(
            "title", "description", "created", "revision", "source", "base.name", "base.digest")) {
      String value = labels.getOrDefault(PREFIX + name, "");
      Verdict.holds(!value.isBlank(), "the label " + PREFIX + name + " is not set");
    }
    lab.facts()
        .variant()
        .ifPresent(
            variant -> {
              Verdict.equal(variant.title(), labels.get(PREFIX + "title"), "the title");
              Verdict.equal(
                  variant.description(), labels.get(PREFIX + "description"), "the description");
              variant
                  .labels()
                  .forEach(
                      (name, value) -> Verdict.equal(value, labels.get(name), "the label " + name));
            });
    created(labels.getOrDefault(PREFIX + "created", ""));
    String digest = labels.getOrDefault(PREFIX + "base.digest", "");
    try {
      Digest.parse(digest);
      ImageReference.parse(labels.getOrDefault(PREFIX + "base.name", ""));
    } catch (IllegalArgumentException e) {
      throw new AssertionError("the base's name or digest: " + e.getMessage(), e);
    }
  }

  @Test
  @Proves("META-2")
  @DisplayName("no label holds the version: an image is the same with and without its number")
  void noVersion(Lab lab) {
    lab.facts()
        .labels()
        .forEach(
            (name, value) ->
                Verdict.holds(
                    !VERSION.matcher(value).find(),
                    () -> "the label " + name + " holds a version: " + Verdict.quoted(value)));
  }

  @Test
  @Proves("PKG-3")
  @DisplayName("the image of a release whose support has ended says so in a label")
  void endOfLife(Lab lab) {
    Variant variant =
        lab.facts()
            .variant()
            .orElseThrow(
                () -> new TestAbortedException("no variant says whether support has ended"));
    Verdict.equal(
        variant.endOfLife(),
        "true".equals(lab.facts().labels().get(END_OF_LIFE)),
        "whether the label " + END_OF_LIFE + " says that support has ended");
  }

  private static void created(String text) {
    try {
      Instant created = OffsetDateTime.parse(text).toInstant();
      Verdict.holds(
          created.isBefore(Instant.now().plusSeconds(3600)), "created in the future: " + text);
    } catch (DateTimeException e) {
      throw new AssertionError("created is no RFC 3339 time: " + text, e);
    }
  }
}
