package io.baseimage.contract;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.variant.Variant;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** A commit, or the digest of what was built outside version control. */
  private static final String REVISION = "^([0-9a-f]{40}(-dirty)?|sha256:[0-9a-f]{64})$";

  private static final String ADDRESS = "^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/\\S*)?$";
  private static final Pattern NOTHING = Pattern.compile("(?:sha256:)?0+(?:-dirty)?");

  /** Before this there were no images. */
  private static final Instant FIRST_IMAGES = Instant.parse("2013-01-01T00:00:00Z");

  private static final Duration CLOCKS_APART = Duration.ofHours(1);

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
    String revision = labels.getOrDefault(PREFIX + "revision", "");
    Verdict.matches(revision, REVISION, "the revision");
    notZeros(revision, "the revision");
    Verdict.matches(labels.getOrDefault(PREFIX + "source", ""), ADDRESS, "the source");
  }

  @Test
  @Proves("META-1")
  @DisplayName("the base of the labels is what the image's first layers are, and is not younger")
  void base(Lab lab) {
    Map<String, String> labels = lab.facts().labels();
    String name = labels.getOrDefault(BaseImage.NAME, "");
    String digest = labels.getOrDefault(BaseImage.DIGEST, "");
    try {
      ImageReference.parse(name);
      Digest.parse(digest);
    } catch (IllegalArgumentException e) {
      throw new AssertionError("the base's name or digest: " + e.getMessage(), e);
    }
    notZeros(digest, "the base's digest");
    Instant created = created(labels.getOrDefault(PREFIX + "created", ""));
    Optional<BaseImage> base = BaseImage.of(lab);
    base.ifPresent(
        found ->
            Verdict.holds(
                found.isBelow(BaseImage.layersUnderTest(lab)),
                () -> "the base's digest is that of an image with other layers: " + digest));
    base.flatMap(BaseImage::created)
        .ifPresent(
            earlier ->
                Verdict.holds(
                    !created.isBefore(earlier.minus(CLOCKS_APART)),
                    () -> "created at " + created + ", before its base of " + earlier));
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
  @DisplayName("a label says when support of the release ends or has ended")
  void endOfLife(Lab lab) {
    Variant variant =
        lab.facts()
            .variant()
            .orElseThrow(() -> new TestAbortedException("no variant says when support ends"));
    Verdict.equal(
        variant.endOfLife().map(LocalDate::toString).orElse(""),
        lab.facts().labels().getOrDefault(END_OF_LIFE, ""),
        "the label " + END_OF_LIFE);
  }

  private static void notZeros(String text, String what) {
    Verdict.holds(!NOTHING.matcher(text).matches(), () -> what + " is that of nothing: " + text);
  }

  private static Instant created(String text) {
    try {
      Instant created = OffsetDateTime.parse(text).toInstant();
      Verdict.holds(
          created.isBefore(Instant.now().plus(CLOCKS_APART)), "created in the future: " + text);
      Verdict.holds(!created.isBefore(FIRST_IMAGES), "created before there were images: " + text);
      return created;
    } catch (DateTimeException e) {
      throw new AssertionError("created is no RFC 3339 time: " + text, e);
    }
  }
}
