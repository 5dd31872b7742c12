package io.baseimage.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.image.Digest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What publications of debian-12, with the alias latest, and debian-13 have left in a repository,
 * as others see it: by HTTP without any of our code, and by skopeo.
 */
public final class PublishedTags {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> VARIANTS = List.of("debian-12", "debian-13");
  private static final String[] ACCEPT = {
    "Accept", Repositories.OCI, "Accept", "application/vnd.oci.image.index.v1+json"
  };

  private final RegistryServer server;
  private final String path;
  private final Optional<Login> login;
  private Optional<String> authorization = Optional.empty();

  /** Of a repository that anybody may read. */
  public PublishedTags(RegistryServer server, String path) {
    this(server, path, Optional.empty());
  }

  PublishedTags(RegistryServer server, String path, Optional<Login> login) {
    this.server = server;
    this.path = path;
    this.login = login;
  }

  String path() {
    return path;
  }

  /**
   * Each tag that is not a publisher's and no list of what is attached, with its digest; what it
   * names is there and right.
   */
  public Map<String, String> read() throws IOException {
    Map<String, String> tags = new TreeMap<>();
    Set<String> proven = new HashSet<>();
    for (JsonNode tag : JSON.readTree(get("tags/list")).path("tags")) {
      if (!tag.asText().startsWith("publisher-")) {
        byte[] manifest = get("manifests/" + tag.asText(), ACCEPT);
        String digest = Digest.of(manifest).toString();
        if (!tag.asText().startsWith("sha256-")) {
          tags.put(tag.asText(), digest);
        }
        if (proven.add(digest)) {
          requireWhole(JSON.readTree(manifest));
        }
      }
    }
    return tags;
  }

  private void requireWhole(JsonNode manifest) throws IOException {
    for (JsonNode each : manifest.path("manifests")) {
      byte[] inner = get("manifests/" + each.path("digest").asText(), ACCEPT);
      assertThat(Digest.of(inner)).hasToString(each.path("digest").asText());
      requireWhole(JSON.readTree(inner));
    }
    List<JsonNode> blobs = new ArrayList<>();
    manifest.path("layers").forEach(blobs::add);
    if (manifest.has("config")) {
      blobs.add(manifest.path("config"));
    }
    assertThat(blobs.isEmpty()).isEqualTo(manifest.has("manifests"));
    for (JsonNode blob : blobs) {
      byte[] content = get("blobs/" + blob.path("digest").asText());
      assertThat(Digest.of(content)).hasToString(blob.path("digest").asText());
      assertThat(content.length).isEqualTo(blob.path("size").asInt());
    }
  }

  private static int gaps(List<String> versions) {
    String newest = versions.get(versions.size() - 1);
    return Integer.parseInt(newest.substring(newest.length() - 3)) + 1 - versions.size();
  }

  /**
   * Versions stay, and go on without gaps but for one number, of a publisher that could not say
   * what became of it; aliases are where they were, or at the newest versions, and then these are
   * all there.
   *
   * @param leftOut how many numbers may be left out
   */
  static void requireSane(Map<String, String> before, Map<String, String> after, int leftOut) {
    Map<String, String> versions = new TreeMap<>(before);
    versions.keySet().removeIf(tag -> !tag.matches(".*-\\d{3}"));
    assertThat(after).containsAllEntriesOf(versions);
    boolean moved = false;
    boolean all = true;
    for (String variant : VARIANTS) {
      List<String> its = versions(variant, after);
      assertThat(gaps(its))
          .isBetween(gaps(versions(variant, before)), gaps(versions(variant, before)) + leftOut);
      all &= !before.containsKey(its.get(its.size() - 1));
      for (String alias : aliases(variant)) {
        assertThat(after.get(alias)).isIn(before.get(alias), after.get(its.get(its.size() - 1)));
        moved |= !Objects.equals(after.get(alias), before.get(alias));
      }
    }
    assertThat(all || !moved).as("aliases that moved before the last version was there").isTrue();
  }

  static void requireAliasesAtTheNewest(Map<String, String> tags) {
    for (String variant : VARIANTS) {
      List<String> its = versions(variant, tags);
      for (String alias : aliases(variant)) {
        assertThat(tags.get(alias)).as(alias).isEqualTo(tags.get(its.get(its.size() - 1)));
      }
    }
  }

  /** Lets skopeo read everything that these tags name. */
  public void copyBySkopeo(List<String> tags, Path folder) throws Exception {
    for (String tag : tags) {
      String name = "docker://" + server.host() + "/" + path + ":" + tag;
      Process skopeo =
          new ProcessBuilder(
                  "skopeo",
                  "copy",
                  "--all",
                  "--src-tls-verify=false",
                  login
                      .map(user -> "--src-creds=" + user.username() + ":" + user.secret())
                      .orElse("--src-no-creds"),
                  name,
                  "dir:" + folder)
              .redirectErrorStream(true)
              .start();
      String said =
          new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(skopeo.waitFor()).as(said).isZero();
    }
  }

  private static List<String> aliases(String variant) {
    return variant.equals("debian-12") ? List.of(variant, "latest") : List.of(variant);
  }

  private static List<String> versions(String variant, Map<String, String> tags) {
    return tags.keySet().stream().filter(tag -> tag.matches(variant + ".*-\\d{3}")).toList();
  }

  /** What a challenge asks for. */
  private String authorization(HttpResponse<byte[]> challenged, Login user) throws IOException {
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString(Repositories.bytes(user.username() + ":" + user.secret()));
    Matcher realm =
        Pattern.compile("Bearer realm=\"http://127\\.0\\.0\\.1:(\\d+)/token\".*")
            .matcher(challenged.headers().firstValue("WWW-Authenticate").orElse(""));
    if (!realm.matches()) {
      return basic;
    }
    HttpResponse<byte[]> answer =
        RegistryServer.raw(
            Integer.parseInt(realm.group(1)),
            "GET",
            "/token?service=x&scope=repository:" + path + ":pull",
            "Authorization",
            basic);
    return "Bearer " + JSON.readTree(answer.body()).path("token").asText();
  }

  private byte[] get(String rest, String... headers) throws IOException {
    List<String> all = new ArrayList<>(List.of(headers));
    authorization.ifPresent(with -> all.addAll(List.of("Authorization", with)));
    HttpResponse<byte[]> response =
        server.raw("GET", "/v2/" + path + "/" + rest, all.toArray(String[]::new));
    if (response.statusCode() == 401 && login.isPresent()) {
      authorization = Optional.of(authorization(response, login.get()));
      all.subList(headers.length, all.size()).clear();
      all.addAll(List.of("Authorization", authorization.get()));
      response = server.raw("GET", "/v2/" + path + "/" + rest, all.toArray(String[]::new));
    }
    assertThat(response.statusCode()).as(rest).isEqualTo(200);
    return response.body();
  }
}
