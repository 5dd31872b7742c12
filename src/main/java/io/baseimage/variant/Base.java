package io.baseimage.variant;

import io.baseimage.image.ImageReference;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a variant starts from.
 *
 * @param image the distribution's own image, as registries name it
 * @param bootstrap how to make the same from packages where no registry has it; empty where no tool
 *     makes it, or where this very image was asked for
 * @param mirror the address of the archive that the image's package sources name, if not the
 *     distribution's own
 */
public record Base(ImageReference image, Optional<Bootstrap> bootstrap, Optional<String> mirror) {
  private static final String TIME = "/[0-9]{8}T[0-9]{6}Z";
  private static final Pattern DEBIAN = Pattern.compile("(.*/debian)(" + TIME + ")?");

  /**
   * Where a mirror has security updates: Debian, unlike Ubuntu, keeps them in an archive beside the
   * first, be it one of a time.
   */
  public static String security(String mirror) {
    Matcher debian = DEBIAN.matcher(mirror.replaceFirst("/$", ""));
    return debian.matches()
        ? debian.group(1) + "-security" + Objects.requireNonNullElse(debian.group(2), "")
        : mirror;
  }

  /**
   * Whether a mirror is an archive as it was at a time, as services of snapshots name it: {@code
   * …/20261101T000000Z}. Its lists are past their date sooner or later.
   */
  public static boolean isSnapshot(String mirror) {
    return mirror.matches(".*" + TIME + "(?:/.*)?");
  }

  static ImageReference official(Distribution distribution, String release) {
    return ImageReference.parse(distribution.id() + ":" + release);
  }
}
