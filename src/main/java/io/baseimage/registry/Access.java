package io.baseimage.registry;

import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request needs to be allowed; a token is for one of these.
 *
 * @param actions as token servers name them
 * @param from the repository that a blob is to be mounted from, or empty
 */
record Access(String actions, String from) {
  private static final Pattern FROM = Pattern.compile("(?:^|&)from=([^&]*)");

  static Access of(String method, URL url) {
    String query = url.getQuery() == null ? "" : url.getQuery();
    Matcher from = FROM.matcher(query);
    return switch (method) {
      case "GET", "HEAD" -> new Access("pull", "");
      case "DELETE" -> new Access("delete", "");
      default ->
          new Access(
              "pull,push",
              from.find() ? URLDecoder.decode(from.group(1), StandardCharsets.UTF_8) : "");
    };
  }

  /** The scope to ask for where a registry does not say it. */
  String scope(String path) {
    return "repository:"
        + path
        + ":"
        + actions
        + (from.isEmpty() ? "" : " repository:" + from + ":pull");
  }
}
