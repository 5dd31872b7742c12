package io.baseimage.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.http.Response;
import com.google.cloud.tools.jib.http.ResponseException;
import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Requests of the distribution specification that jib's client does not make, or not so. */
final class Requests {
  private static final ObjectMapper JSON = new ObjectMapper();
  // The specification lets registries refuse larger ones, and they do.
  private static final int LARGEST_MANIFEST = 4 << 20;
  private static final String MANIFESTS =
      "application/vnd.oci.image.manifest.v1+json,"
          + "application/vnd.oci.image.index.v1+json,"
          + "application/vnd.docker.distribution.manifest.v2+json,"
          + "application/vnd.docker.distribution.manifest.list.v2+json";
  private static final Set<Integer> NO_MOUNT = Set.of(400, 401, 403, 404, 405, 501);
  private static final Set<Integer> NO_DELETE = Set.of(401, 403, 405, 501);

  private Requests() {}

  /** A manifest as it is; empty if there is none. */
  static Optional<Manifest> manifest(Wire wire, String name) throws IOException {
    try (Response response = wire.call("GET", wire.url("manifests/" + name), MANIFESTS)) {
      byte[] bytes = Wire.bytes(response, LARGEST_MANIFEST);
      Manifest manifest = new Manifest(mediaType(response, bytes), bytes);
      String said = header(response, "Docker-Content-Digest").orElse(manifest.digest().toString());
      String asked = name.startsWith("sha256:") ? name : said;
      for (String expected : List.of(said, asked)) {
        if (expected.startsWith("sha256:") && !expected.equals(manifest.digest().toString())) {
          throw new WrongContentException(
              "the registry sent " + manifest.digest() + " for " + expected);
        }
      }
      return Optional.of(manifest);
    } catch (Answer answer) {
      return absent(answer);
    }
  }

  /** The digest of what a tag points to, from the answer's header where it has one. */
  static Optional<Digest> digest(Wire wire, String name) throws IOException {
    Optional<String> said;
    try (Response response = wire.call("HEAD", wire.url("manifests/" + name), MANIFESTS)) {
      said = header(response, "Docker-Content-Digest");
    } catch (ResponseException e) {
      // Of all errors, only a HEAD's 404 comes as this.
      return Optional.empty();
    }
    if (said.isPresent() && said.get().matches("sha256:[0-9a-f]{64}")) {
      return said.map(Digest::parse);
    }
    return manifest(wire, name).map(Manifest::digest);
  }

  /** Begins an upload. */
  static Upload beginUpload(Wire wire, String query) throws IOException {
    try (Response response = wire.call("POST", wire.url("blobs/uploads/" + query), "*/*")) {
      Optional<String> location = header(response, "Location");
      if (response.getStatusCode() == 201) {
        return new Upload(null);
      }
      if (location.isEmpty()) {
        throw new Answer(response.getStatusCode(), "", "no address to upload to");
      }
      return new Upload(resolved(response, location.get()));
    }
  }

  /** Whether an answer means that a blob has to be uploaded and not mounted. */
  static boolean refusesToMount(Answer answer) {
    return NO_MOUNT.contains(answer.status());
  }

  /** Deletes a manifest; false if that is not allowed. */
  static boolean delete(Wire wire, Digest manifest) throws IOException {
    try {
      wire.call("DELETE", wire.url("manifests/" + manifest), "*/*").close();
      return true;
    } catch (Answer answer) {
      if (answer.status() == 404) {
        return true;
      }
      if (NO_DELETE.contains(answer.status()) || answer.code().equals("UNSUPPORTED")) {
        return false;
      }
      throw answer;
    }
  }

  static Optional<String> header(Response response, String name) {
    return response.getHeader(name).stream().findFirst();
  }

  /** An address that an answer names, absolute or not. */
  static URL resolved(Response response, String address) throws IOException {
    try {
      return response.getRequestUrl().toURL(address);
    } catch (IllegalArgumentException e) {
      throw new Answer(response.getStatusCode(), "", "an address that is none");
    }
  }

  private static <T> Optional<T> absent(Answer answer) throws Answer {
    if (answer.status() == 404) {
      return Optional.empty();
    }
    throw answer;
  }

  /** Without parameters; from the manifest where the registry does not know it. */
  private static String mediaType(Response response, byte[] bytes) throws IOException {
    String header = header(response, "Content-Type").orElse("").replaceFirst("\\s*;.*", "");
    if (header.contains("manifest") || header.contains("index")) {
      return header;
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      return json == null ? header : json.path("mediaType").asText(header);
    } catch (JsonProcessingException e) {
      throw new Answer(response.getStatusCode(), "", "a manifest that is not JSON");
    }
  }
}
