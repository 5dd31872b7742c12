package io.baseimage.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.http.Response;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.Referrer;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The manifests that refer to another one, page by page. */
final class ReferrerList {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final int LARGEST_PAGE = 4 << 20;
  // The specification has 404; the others are of registries that look at the address first.
  private static final Set<Integer> NO_LISTS = Set.of(400, 404, 405, 501);

  private ReferrerList() {}

  /** Empty if the registry keeps no such lists. */
  static Optional<List<Referrer>> read(Wire wire, Digest subject) throws IOException {
    List<Referrer> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Optional<URL> page = Optional.of(wire.url("referrers/" + subject));
    while (page.isPresent()) {
      if (!seen.add(page.get().toString())) {
        throw new Answer(200, "", "pages of referrers that lead in a circle");
      }
      try (Response response = wire.call("GET", page.get(), INDEX)) {
        Optional<JsonNode> index = index(Wire.bytes(response, LARGEST_PAGE));
        if (index.isEmpty()) {
          return Optional.empty();
        }
        all.addAll(Referrer.in(index.get()));
        page = TagList.next(response);
      } catch (Answer answer) {
        if (all.isEmpty() && NO_LISTS.contains(answer.status())) {
          return Optional.empty();
        }
        throw answer;
      }
    }
    return Optional.of(List.copyOf(all));
  }

  /** Nothing if it is something else, for example the page of something before the registry. */
  private static Optional<JsonNode> index(byte[] bytes) {
    try {
      return Optional.ofNullable(JSON.readTree(bytes))
          .filter(json -> json.path("manifests").isArray());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory", e);
    }
  }
}
