package io.baseimage.image;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name of an image as people write it: {@code [registry/]repository[:tag][@digest]}.
 *
 * @param repository the registry (if any was written) and path, for example {@code joe/baseimage}
 * @param tag the tag, or null if none was written
 * @param digest the digest, or null if none was written
 */
public record ImageReference(String repository, @Nullable String tag, @Nullable Digest digest) {
  private static final Pattern PATH_PART =
      Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(?::[0-9]+)?");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  /** Throws {@link IllegalArgumentException} for a name that no registry would take. */
  public ImageReference {
    requireRepository(repository);
    if (tag != null && !TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException(
          "not an image tag: '"
              + tag
              + "' (expected letters, digits, '_', '.' and '-', at most 128 of them)");
    }
  }

  /** Reads a reference; throws {@link IllegalArgumentException} if it is none. */
  public static ImageReference parse(String text) {
    String rest = text;
    Digest digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Digest.parse(rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    String tag = null;
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    return new ImageReference(rest, tag, digest);
  }

  /** The registry that was written, with its port, or {@code docker.io} where none was. */
  public String registry() {
    int slash = repository.indexOf('/');
    return slash > 0 && isRegistry(repository.substring(0, slash))
        ? repository.substring(0, slash)
        : "docker.io";
  }

  /** The tag that was written, or {@code latest} where neither a tag nor a digest was. */
  public Optional<String> effectiveTag() {
    if (tag == null && digest == null) {
      return Optional.of("latest");
    }
    return Optional.ofNullable(tag);
  }

  /** The same repository with another tag and no digest. */
  public ImageReference withTag(String newTag) {
    return new ImageReference(repository, newTag, null);
  }

  private static void requireRepository(String repository) {
    String path = repository;
    int slash = repository.indexOf('/');
    if (slash > 0 && isRegistry(repository.substring(0, slash))) {
      path = repository.substring(slash + 1);
    }
    if (repository.length() > 255) {
      throw new IllegalArgumentException(
          "not an image name: longer than 255 characters: '" + repository + "'");
    }
    for (String part : path.split("/", -1)) {
      if (!PATH_PART.matcher(part).matches()) {
        throw new IllegalArgumentException(
            "not an image name: '"
                + repository
                + "' (expected lower-case letters and digits, separated by '.', '_', '-' or '/',"
                + " for example joe/baseimage)");
      }
    }
  }

  /** Docker's rule: the first part is a registry if it could not be a path of Docker Hub. */
  private static boolean isRegistry(String first) {
    return (first.contains(".") || first.contains(":") || first.equals("localhost"))
        && REGISTRY.matcher(first).matches();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(repository);
    if (tag != null) {
      text.append(':').append(tag);
    }
    if (digest != null) {
      text.append('@').append(digest);
    }
    return text.toString();
  }
}
