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

  private final Optional<Login> published;
  private final String publishedServer;
  private final DockerConfig config;

  Credentials(RegistrySettings settings) {
    Map<String, String> environment = settings.environment();
    this.published = settings.login().or(() -> environmentLogin(environment));
    this.publishedServer = Address.of(settings.published()).server();
    String folder = environment.getOrDefault("DOCKER_CONFIG", "");
    this.config =
        new DockerConfig(
            (folder.isEmpty() ? settings.home().resolve(".docker") : Path.of(folder))
                .resolve("config.json"),
            new CredentialHelpers(environment));
  }

  /** The credentials for a registry, if there are any. */
  Optional<Login> of(Address address) {
    // A password for one registry is not shown to another.
    if (published.isPresent() && address.server().equals(publishedServer)) {
      return published;
    }
    return config.login(address);
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
