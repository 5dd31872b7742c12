package io.baseimage.registry;

import io.baseimage.image.ImageReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the user says about registries.
 *
 * @param environment the environment's variables, of which these are read: {@code
 *     BASEIMAGE_REGISTRY_USERNAME} and {@code BASEIMAGE_REGISTRY_PASSWORD} (for the registry of
 *     {@code published} only), {@code BASEIMAGE_INSECURE_REGISTRIES} (hosts with their ports,
 *     separated by commas, that may be spoken to by plain HTTP; no password is sent over that),
 *     {@code DOCKER_CONFIG} and {@code PATH}
 * @param home the user's home folder
 * @param published the repository that the run is to publish to
 * @param login credentials for its registry that go before all others
 * @param retries how long to put up with a bad day
 */
public record RegistrySettings(
    Map<String, String> environment,
    Path home,
    ImageReference published,
    Optional<Login> login,
    Retries retries) {

  /** Takes a copy of the environment. */
  public RegistrySettings {
    environment = Map.copyOf(environment);
  }

  /** No values: the environment has passwords in it. */
  @Override
  public String toString() {
    return "RegistrySettings[" + published + "]";
  }
}
