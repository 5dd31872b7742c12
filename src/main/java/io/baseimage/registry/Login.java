package io.baseimage.registry;

/**
 * What a user is known by.
 *
 * @param username the user's name; not needed with an identity token
 * @param secret a password or token
 * @param identityToken whether the secret is what a registry's token server gave in return for a
 *     password, and takes in place of it
 */
public record Login(String username, String secret, boolean identityToken) {
  // By this name credential helpers say that a secret is an identity token.
  private static final String TOKEN_USER = "<token>";

  /** A name and a password. */
  public static Login of(String username, String secret) {
    return new Login(username, secret, username.equals(TOKEN_USER));
  }

  @Override
  public String toString() {
    return "Login[secret]";
  }
}
