package io.baseimage.image;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an image runs on, in the words of OCI (which are Go's).
 *
 * @param os the operating system, {@code linux}
 * @param architecture for example {@code amd64} or {@code arm64}
 */
public record Platform(String os, String architecture) {
  /** The architectures that Debian and its relatives are made for, as OCI calls them. */
  public static final List<String> ARCHITECTURES =
      List.of("amd64", "arm64", "arm", "386", "ppc64le", "riscv64", "s390x");

  private static final Pattern WORD = Pattern.compile("[a-z0-9_]+");

  /** Throws {@link IllegalArgumentException} for words that no platform has. */
  public Platform {
    if (!WORD.matcher(os).matches() || !WORD.matcher(architecture).matches()) {
      throw new IllegalArgumentException(
          "not a platform: '" + os + "/" + architecture + "' (expected for example linux/amd64)");
    }
  }

  /** Reads {@code os/architecture}; throws {@link IllegalArgumentException} on anything else. */
  public static Platform parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length == 1) {
      return new Platform("linux", normalized(parts[0]));
    }
    // arm64's only variant is v8, which OCI allows to be named or not.
    if (parts.length == 3 && parts[1].equals("arm64") && parts[2].equals("v8")) {
      return new Platform(parts[0], parts[1]);
    }
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "not a platform: '" + text + "' (expected for example linux/amd64)");
    }
    return new Platform(parts[0], normalized(parts[1]));
  }

  private static String normalized(String architecture) {
    return switch (architecture.toLowerCase(Locale.ROOT)) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> architecture;
    };
  }

  // A record's own equals takes Java ten milliseconds at its first use, in each run of the toolkit.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Platform platform
        && os.equals(platform.os)
        && architecture.equals(platform.architecture);
  }

  @Override
  public int hashCode() {
    return 31 * os.hashCode() + architecture.hashCode();
  }

  @Override
  public String toString() {
    return os + "/" + architecture;
  }
}
