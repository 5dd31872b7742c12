package io.baseimage.upgrades;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.AtOnce;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lists of indexes (InRelease) that archives have now: another digest of one means that other
 * packages are there. They are small, and so nothing else has to be fetched to know that nothing
 * has changed.
 */
final class IndexStates {
  /** Of one index. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int LARGEST = 16 << 20;
  private static final int AT_A_TIME = 8;
  private static final Pattern VALID_UNTIL = Pattern.compile("(?m)^Valid-Until: *(.*?) *$");

  private final Clock clock;
  private final ProxySelector proxies;
  private final Duration patience;

  /**
   * As they can be reached.
   *
   * @param patience how long one may take to begin, and how long from there to be all there
   */
  IndexStates(Clock clock, ProxySelector proxies, Duration patience) {
    this.clock = clock;
    this.proxies = proxies;
    this.patience = patience;
  }

  /**
   * Their digests now, by address. One that cannot be had is left out, and so is one that is not
   * valid any more: apt itself is to say what is wrong.
   */
  Map<String, String> now(Collection<String> addresses) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .proxy(proxies)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    List<String> all = addresses.stream().distinct().sorted().toList();
    List<Optional<String>> digests =
        AtOnce.each(
            all, AT_A_TIME, "looking at package indexes", address -> digest(client, address));
    Map<String, String> states = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      String address = all.get(i);
      digests.get(i).ifPresent(digest -> states.put(address, digest));
    }
    return states;
  }

  private Optional<String> digest(HttpClient client, String address) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address))
              .timeout(patience)
              .header("Cache-Control", "max-age=0")
              .build();
      HttpResponse<InputStream> answer =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          return Optional.empty();
        }
        // The request's own limit ends with the headers.
        CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
            .execute(() -> giveUp(body));
        byte[] bytes = body.readNBytes(LARGEST);
        return isValid(new String(bytes, StandardCharsets.UTF_8))
            ? Optional.of(Digest.of(bytes).hex())
            : Optional.empty();
      }
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static void giveUp(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Whoever reads it is told so.
      return;
    }
  }

  private boolean isValid(String release) {
    Matcher until = VALID_UNTIL.matcher(release);
    if (!until.find()) {
      return true;
    }
    try {
      String date = until.group(1).replaceFirst("UTC$", "GMT");
      Instant end = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return clock.instant().isBefore(end);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
