package io.baseimage.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.http.Response;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tags of a repository, page by page. */
final class TagList {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 1000;
  private static final int LARGEST_PAGE = 16 << 20;
  // RFC 8288: an address in angle brackets, and what it is to this page.
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>[^,<]*;\\s*rel=\"?next\"?");
  // The specification has the first; the second is Harbor's.
  private static final Set<String> NO_REPOSITORY = Set.of("NAME_UNKNOWN", "NOT_FOUND");

  private TagList() {}

  static List<String> read(Wire wire) throws IOException {
    List<String> tags = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Optional<URL> page = Optional.of(wire.url("tags/list?n=" + PAGE));
    while (page.isPresent()) {
      if (!seen.add(page.get().toString())) {
        throw new Answer(200, "", "pages of tags that lead in a circle");
      }
      try (Response response = wire.call("GET", page.get(), "application/json")) {
        add(Wire.bytes(response, LARGEST_PAGE), tags);
        page = next(response);
      } catch (Answer answer) {
        if (answer.status() != 404 || !tags.isEmpty()) {
          throw answer;
        }
        // A word for the error is a registry's own; without one it could be any server's.
        if (NO_REPOSITORY.contains(answer.code())
            || (answer.code().isEmpty() && wire.isRegistry())) {
          return List.of();
        }
        throw answer;
      }
    }
    return List.copyOf(tags);
  }

  /** The address of the page after this one; nothing if this is the last. */
  static Optional<URL> next(Response response) throws IOException {
    Matcher next = NEXT.matcher(String.join(", ", response.getHeader("Link")));
    return next.find() ? Optional.of(Requests.resolved(response, next.group(1))) : Optional.empty();
  }

  private static void add(byte[] page, List<String> tags) throws IOException {
    try {
      JsonNode json = JSON.readTree(page);
      if (json == null || !json.has("tags")) {
        throw new Answer(200, "", "a list of tags without tags");
      }
      json.path("tags").forEach(tag -> tags.add(tag.asText()));
    } catch (JsonProcessingException e) {
      throw new Answer(200, "", "a list of tags that is not JSON");
    }
  }
}
