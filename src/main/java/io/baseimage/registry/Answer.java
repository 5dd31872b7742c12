package io.baseimage.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.http.HttpHeaders;
import com.google.cloud.tools.jib.http.ResponseException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is an error. It keeps what can be shown: no address, as upload addresses may have
 * secrets in them, and no header.
 */
final class Answer extends IOException {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 300;

  private final int status;
  private final String code;
  private final String text;
  private final @Nullable Duration retryAfter;
  private final String challenge;

  private Answer(
      int status, String code, String text, @Nullable Duration retryAfter, String challenge) {
    this.status = status;
    this.code = code;
    this.text = text;
    this.retryAfter = retryAfter;
    this.challenge = challenge;
  }

  /** An answer of our own making, where what was answered cannot be used. */
  Answer(int status, String code, String text) {
    this(status, code, text, null, "");
  }

  static Answer of(ResponseException response, Clockwork clockwork) {
    JsonNode error = error(response.getContent());
    HttpHeaders headers = response.getHeaders();
    return new Answer(
        response.getStatusCode(),
        printable(error.path("code").asText("")),
        printable(error.path("message").asText("")),
        retryAfter(headers, clockwork),
        String.join(", ", headers.getHeaderStringValues("WWW-Authenticate")));
  }

  /** What an exception that jib may have wrapped has in it of an answer. */
  static Optional<Answer> in(Throwable thrown, Clockwork clockwork) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof Answer answer) {
        return Optional.of(answer);
      }
      if (at instanceof ResponseException response) {
        return Optional.of(of(response, clockwork));
      }
    }
    return Optional.empty();
  }

  int status() {
    return status;
  }

  /** The registry's word for the error, as {@code DENIED}; empty if it had none. */
  String code() {
    return code;
  }

  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** How the registry wants to be told who we are; empty if it does not say. */
  String challenge() {
    return challenge;
  }

  /** Whether the registry knows who asks, who may not do that. */
  boolean insufficient() {
    return Challenge.parse(challenge)
        .filter(its -> its.get("error", "").equals("insufficient_scope"))
        .isPresent();
  }

  /** For people: the status, and the registry's own words. */
  @Override
  public String getMessage() {
    return (status > 0 ? String.valueOf(status) : "")
        + (status > 0 && !code.isEmpty() ? " " : "")
        + code
        + (text.isEmpty() ? "" : (code.isEmpty() && status == 0 ? "" : ": ") + text);
  }

  private static JsonNode error(@Nullable String content) {
    try {
      return JSON.readTree(content == null ? "" : content).path("errors").path(0);
    } catch (JsonProcessingException e) {
      // Not a registry's words but those of something before it, in HTML as a rule.
      return JSON.missingNode();
    }
  }

  private static String printable(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }

  /** RFC 9110, 10.2.3: seconds or a date, which the answer's own date is the best measure for. */
  private static @Nullable Duration retryAfter(HttpHeaders headers, Clockwork clockwork) {
    String value = headers.getRetryAfter();
    if (value == null) {
      return null;
    }
    if (value.strip().matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value.strip()));
    }
    Optional<Instant> then = date(value);
    Instant now = date(headers.getDate()).orElseGet(clockwork::now);
    return then.map(end -> Duration.between(now, end))
        .filter(wait -> !wait.isNegative())
        .orElse(null);
  }

  private static Optional<Instant> date(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
