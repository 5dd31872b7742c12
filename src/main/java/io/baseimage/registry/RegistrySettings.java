package io.baseimage.registry;

import io.baseimage.image.ImageReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the user says about registries.
 *
 * @param environment the environment's variables, of which these are read: {@code
 *     BASEIMAGE_REGISTRY_USERNAME} and {@code BASEIMAGE_REGISTRY_PASSWORD}, {@code
 *     BASEIMAGE_REGISTRY} (the only registry that they are for, and {@code login}, too), {@code
 *     BASEIMAGE_INSECURE_REGISTRIES} (hosts with their ports, separated by commas, that may be
 *     spoken to by plain HTTP; no password is sent over that), {@code DOCKER_CONFIG}, {@code PATH},
 *     {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY}
 * @param home the user's home folder
 * @param first the repository that the run speaks of first: where {@code BASEIMAGE_REGISTRY} names
 *     no registry, its registry is the only one that the credentials given are for
 * @param login credentials that go before those of the environment
 * @param retries how long to put up with a bad day
 */
public record RegistrySettings(
    Map<String, String> environment,
    Path home,
    ImageReference first,
    Optional<Login> login,
    Retries retries) {

  /** Takes a copy of the environment. */
  public RegistrySettings {
    environment = Map.copyOf(environment);
  }

  /** No values: the environment has passwords in it. */
  @Override
  public String toString() {
    return "RegistrySettings[" + first + "]";
  }
}
