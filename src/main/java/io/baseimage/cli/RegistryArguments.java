package io.baseimage.cli;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.RunLog;
import io.baseimage.registry.JibRegistries;
import io.baseimage.registry.Login;
import io.baseimage.registry.RegistrySettings;
import io.baseimage.registry.Retries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who the user is to a registry; the same one for the whole run. */
final class RegistryArguments {
  @Option(
      names = "--username",
      paramLabel = "NAME",
      description =
          "User of the first registry that the command names, or of the one in BASEIMAGE_REGISTRY,"
              + " with --password-stdin (default: BASEIMAGE_REGISTRY_USERNAME, then what docker"
              + " login has left).")
  private @Nullable String username;

  @Option(
      names = "--password-stdin",
      description = "Read the password or token of --username from standard input.")
  private boolean passwordStdin;

  private @Nullable JibRegistries registries;

  Registries registries(Surroundings surroundings, ImageReference repository, RunLog log) {
    return registries(surroundings, repository, log, Retries.USUAL);
  }

  Registries registries(
      Surroundings surroundings, ImageReference repository, RunLog log, Retries retries) {
    JibRegistries known = registries;
    if (known == null) {
      // Once: credentials for one registry of a run are not for the next one.
      known =
          new JibRegistries(
              new RegistrySettings(
                  surroundings.environment(), surroundings.home(), repository, login(), retries),
              log);
      registries = known;
    }
    return known.with(retries);
  }

  private Optional<Login> login() {
    if (username == null && !passwordStdin) {
      return Optional.empty();
    }
    if (username == null || !passwordStdin) {
      throw new UsageException("--username and --password-stdin go together");
    }
    return Optional.of(Login.of(username, secret()));
  }

  private static String secret() {
    try {
      String password = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      String secret = password.replaceFirst("\\R$", "");
      if (secret.isEmpty()) {
        throw new UsageException("--password-stdin: standard input is empty");
      }
      return secret;
    } catch (IOException e) {
      throw new UsageException("--password-stdin: standard input cannot be read: " + e);
    }
  }

  /** GitHub's names of owners and repositories have capitals, those in its registry have not. */
  static ImageReference parse(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return ImageReference.parse(lower.startsWith("ghcr.io/") ? lower : name);
  }

  /** A repository as the user wrote it. */
  static ImageReference repository(String name) {
    try {
      ImageReference reference = parse(name);
      if (reference.tag() != null || reference.digest() != null) {
        throw new UsageException(
            "expected a repository such as joe/baseimage, without a tag, found '" + name + "'");
      }
      return reference;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
