package io.baseimage.report;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.publish.CurrentVersion;
import io.baseimage.publish.Published;
import io.baseimage.version.ImageVersion;
import io.baseimage.version.TagRule;
import java.util.List;
import java.util.Optional;

/** Versions as reports tell of them. */
final class Versions {
  static final ImageReference NAME = ImageReference.parse("joe/baseimage");
  static final Digest OLD = Digest.of(new byte[] {1});
  static final Digest NEW = Digest.of(new byte[] {2});

  private Versions() {}

  static Optional<CurrentVersion> before(String variant, String version) {
    return Optional.of(
        new CurrentVersion(NAME.withTag(variant), Optional.of(version), OLD, List.of()));
  }

  static Optional<CurrentVersion> withoutNumber(String variant) {
    return Optional.of(new CurrentVersion(NAME.withTag(variant), Optional.empty(), OLD, List.of()));
  }

  static Optional<Published> now(String variant, String version) {
    TagRule rule = TagRule.usual(variant);
    ImageVersion number = rule.versionOf(variant + "-" + version).orElseThrow();
    return Optional.of(new Published(NAME.withTag(rule.tag(number)), number, NEW, List.of()));
  }
}
