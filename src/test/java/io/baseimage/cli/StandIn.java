package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Images that stand in for bases that cannot be had in a test: Amazon Linux's are in its vendor's
 * registry only, and old releases of Ubuntu in an archive of their own. The same steps run on
 * packages of the same names; what the real packages do is not proven.
 */
final class StandIn {
  private static final Pattern AMAZON_LINUX = Pattern.compile("amazonlinux-([0-9.]+)(-.*)?");
  private static final Pattern OLD_UBUNTU = Pattern.compile("ubuntu-15\\.(04|10)");
  private static final Pattern BASE = Pattern.compile("(?m)^ARG BASE=\"(.*)\"$");

  private StandIn() {}

  /** Whether nothing but a stand-in lets a variant be built in a test. */
  static boolean isNeededFor(String variant) {
    return AMAZON_LINUX.matcher(variant).matches() || OLD_UBUNTU.matcher(variant).matches();
  }

  /** The options by which a variant is built on one; its base's name says what that is. */
  static synchronized List<String> options(String variant, Path folder) throws Exception {
    if (OLD_UBUNTU.matcher(variant).matches()) {
      // The nearest release that has an archive here, which stands in for that of old releases.
      String base = bootstrapped("ubuntu-16.04", folder);
      String mirror =
          Launched.docker(
              "run", "--rm", base, "awk", "/^deb / { print $2; exit }", "/etc/apt/sources.list");
      return List.of("--base-image", base, "--mirror", mirror);
    }
    Matcher name = AMAZON_LINUX.matcher(variant);
    assertThat(name.matches()).isTrue();
    Process script =
        new ProcessBuilder(
                "sh",
                "src/test/sh/stand-in/amazonlinux",
                bootstrapped("debian-13", folder),
                name.group(1))
            .redirectErrorStream(true)
            .start();
    String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor()).as(output).isZero();
    return List.of(
        "--base-image", output.strip().lines().reduce((first, second) -> second).orElseThrow());
  }

  /** The base of a variant, made if need be. */
  static synchronized String bootstrapped(String variant, Path folder) throws Exception {
    String output = "base-of-" + variant;
    Launched render =
        Launched.run(
            folder,
            Duration.ofMinutes(10),
            "render",
            "--variant",
            variant,
            "--base",
            "bootstrap",
            "--output",
            output);
    assertThat(render.status()).as(render.err()).isZero();
    Matcher base = BASE.matcher(Files.readString(folder.resolve(output).resolve("Dockerfile")));
    assertThat(base.find()).isTrue();
    return base.group(1);
  }
}
