package io.baseimage.pipeline;

/**
 * Who the user is at a registry, for an engine that is to pull from there.
 *
 * @param server the registry, as the Docker client's configuration names it
 * @param username the user's name; of no use with an identity token
 * @param secret a password or token
 * @param identityToken whether the secret is one that the registry's token server takes in the
 *     place of a password
 */
public record RegistryLogin(String server, String username, String secret, boolean identityToken) {

  @Override
  public String toString() {
    return "RegistryLogin[" + server + "]";
  }
}
