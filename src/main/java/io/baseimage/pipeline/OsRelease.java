package io.baseimage.pipeline;

import java.util.HashMap;
import java.util.Map;

/**
 * What a system says that it is, by os-release(5).
 *
 * @param id the distribution, for example {@code ubuntu}; empty if it does not say it
 * @param versionId the release, for example {@code 24.04}; empty if it does not say it
 * @param prettyName for people
 */
public record OsRelease(String id, String versionId, String prettyName) {
  /** Where the file is. */
  public static final String PATH = "/etc/os-release";

  /** A system that says nothing. */
  public static final OsRelease UNKNOWN = new OsRelease("", "", "");

  /** Replaces control characters. */
  public OsRelease {
    id = PlainText.of(id);
    versionId = PlainText.of(versionId);
    prettyName = PlainText.of(prettyName);
  }

  /** Reads the file's text. */
  public static OsRelease parse(String text) {
    Map<String, String> facts = new HashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        facts.put(
            line.substring(0, equals),
            line.substring(equals + 1).strip().replaceAll("^([\"'])(.*)\\1$", "$2"));
      }
    }
    String id = facts.getOrDefault("ID", "");
    String release = facts.getOrDefault("VERSION_ID", "");
    return new OsRelease(id, release, facts.getOrDefault("PRETTY_NAME", id + " " + release));
  }
}
