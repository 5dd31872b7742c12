package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Images that stand in for bases that can be had from their vendor's registry only: the same steps
 * on packages of the same names. What the vendor's own packages do they do not prove.
 */
final class StandIn {
  private static final Pattern AMAZON_LINUX = Pattern.compile("amazonlinux-([0-9.]+)(-.*)?");
  private static final Pattern BASE = Pattern.compile("(?m)^ARG BASE=\"(.*)\"$");

  private StandIn() {}

  /** Whether nothing but a stand-in lets a variant be built in a test. */
  static boolean isNeededFor(String variant) {
    return AMAZON_LINUX.matcher(variant).matches();
  }

  /** Makes the image that a variant is built on in a test; its name says what it is. */
  static synchronized String of(String variant, Path folder) throws Exception {
    Matcher name = AMAZON_LINUX.matcher(variant);
    assertThat(name.matches()).isTrue();
    Launched render =
        Launched.run(
            folder,
            Duration.ofMinutes(10),
            "render",
            "--variant",
            "debian-13",
            "--base",
            "bootstrap",
            "--output",
            "below-" + variant);
    assertThat(render.status()).as(render.err()).isZero();
    Matcher base =
        BASE.matcher(Files.readString(folder.resolve("below-" + variant).resolve("Dockerfile")));
    assertThat(base.find()).isTrue();
    Process script =
        new ProcessBuilder("sh", "src/test/sh/stand-in/amazonlinux", base.group(1), name.group(1))
            .redirectErrorStream(true)
            .start();
    String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor()).as(output).isZero();
    return output.strip().lines().reduce((first, second) -> second).orElseThrow();
  }
}
