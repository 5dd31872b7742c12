package io.baseimage.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Credentials as 'docker login' leaves them. */
final class DockerConfig {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final CredentialHelpers helpers;

  DockerConfig(Path file, CredentialHelpers helpers) {
    this.file = file;
    this.helpers = helpers;
  }

  /**
   * The credentials for a registry: of its own helper, else of the store, else of the file itself.
   *
   * @throws RegistryException if the file cannot be understood or a helper fails
   */
  Optional<Login> login(Address address) {
    JsonNode config = read();
    Optional<String> helper =
        entry(config.path("credHelpers"), address)
            .or(() -> Optional.of(config.path("credsStore")))
            .map(JsonNode::asText)
            .filter(name -> !name.isEmpty());
    return helper
        .flatMap(name -> helpers.login(name, address.credentialsKey()))
        .or(() -> entry(config.path("auths"), address).flatMap(this::written));
  }

  private JsonNode read() {
    try {
      JsonNode config = JSON.readTree(Files.readAllBytes(file));
      return config == null ? JSON.missingNode() : config;
    } catch (NoSuchFileException e) {
      return JSON.missingNode();
    } catch (JsonProcessingException e) {
      // Its message has a piece of the file in it.
      throw unreadable("is not JSON at line " + e.getLocation().getLineNr());
    } catch (IOException e) {
      throw unreadable("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  /** Podman has entries for a part of a registry, too: the nearest one counts. */
  private static Optional<JsonNode> entry(JsonNode entries, Address address) {
    return entries.properties().stream()
        .filter(entry -> address.nearness(entry.getKey()) >= 0)
        .max(
            Comparator.comparingInt(
                    (Map.Entry<String, JsonNode> entry) -> address.nearness(entry.getKey()))
                .thenComparing(entry -> entry.getKey().equals(address.credentialsKey())))
        .map(Map.Entry::getValue);
  }

  private Optional<Login> written(JsonNode entry) {
    String token = entry.path("identitytoken").asText("");
    if (!token.isEmpty()) {
      return Optional.of(new Login("", token, true));
    }
    String user = entry.path("username").asText("");
    String password = entry.path("password").asText("");
    String auth = entry.path("auth").asText("");
    if (!auth.isEmpty()) {
      String decoded = decoded(auth);
      int colon = decoded.indexOf(':');
      if (colon < 0) {
        throw unreadable("has an entry 'auth' that is not a name and a password");
      }
      user = decoded.substring(0, colon);
      // Docker itself cuts off these, which old releases of it wrote.
      password = decoded.substring(colon + 1).replaceFirst("\u0000+$", "");
    }
    return user.isEmpty() || password.isEmpty()
        ? Optional.empty()
        : Optional.of(Login.of(user, password));
  }

  private String decoded(String auth) {
    try {
      return new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw unreadable("has an entry 'auth' that is not base64");
    }
  }

  private RegistryException unreadable(String seen) {
    return new RegistryException(
        Kind.LOGIN,
        "Tried to find a registry's credentials, but "
            + file
            + " "
            + seen
            + ". Correct it, or log in again with 'docker login'.");
  }
}
