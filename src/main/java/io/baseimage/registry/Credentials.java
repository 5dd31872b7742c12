package io.baseimage.registry;

import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds out who the user is at a registry. */
final class Credentials {
  private static final String USERNAME = "BASEIMAGE_REGISTRY_USERNAME";
  private static final String PASSWORD = "BASEIMAGE_REGISTRY_PASSWORD";
  private static final String REGISTRY = "BASEIMAGE_REGISTRY";

  private final Optional<Login> given;
  private final String first;
  private final String named;
  private final DockerConfig config;

  Credentials(RegistrySettings settings) {
    Map<String, String> environment = settings.environment();
    this.given = settings.login().or(() -> environmentLogin(environment));
    this.first = Address.of(settings.first()).server();
    this.named = environment.getOrDefault(REGISTRY, "").strip();
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    this.config =
        new DockerConfig(
            (folder.isEmpty() ? settings.home().resolve(".docker") : Path.of(folder))
                .resolve("config.json"),
            new CredentialHelpers(environment));
  }

  /** The credentials for a registry, if there are any. */
  Optional<Login> of(Address address) {
    return given.isPresent() && isGivenFor(address) ? given : config.login(address);
  }

  /** A password for one registry is not shown to another. */
  private boolean isGivenFor(Address address) {
    return named.isEmpty() ? address.server().equals(first) : address.isMeantBy(named);
  }

  private static Optional<Login> environmentLogin(Map<String, String> environment) {
    String username = environment.getOrDefault(USERNAME, "");
    String password = environment.getOrDefault(PASSWORD, "");
    if (username.isEmpty() != password.isEmpty()) {
      throw new RegistryException(
          Kind.SETTINGS,
          "Tried to take a registry's credentials from the environment, but only "
              + (username.isEmpty() ? PASSWORD : USERNAME)
              + " is set. Set both "
              + USERNAME
              + " and "
              + PASSWORD
              + ", or neither.");
    }
    return username.isEmpty() ? Optional.empty() : Optional.of(Login.of(username, password));
  }
}
