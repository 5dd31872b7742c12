package io.baseimage.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.client.http.ByteArrayContent;
import com.google.cloud.tools.jib.http.Authorization;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers a registry's challenges, and keeps the answers while they are good. */
final class Authenticator {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_ANSWER = 1 << 20;
  // What a token without a word on its life is good for, by the token server's specification.
  private static final long USUAL_LIFE = 60;
  // Of token servers that do not leave out what they do not grant.
  private static final Set<Integer> NO_SUCH_SCOPE = Set.of(400, 403, 404);

  private final Supplier<Optional<Login>> logins;
  private final Clockwork clockwork;
  private final Map<Access, Grant> grants = new HashMap<>();
  private boolean looked;
  private Optional<Login> login = Optional.empty();

  /** An authorization, the scope that was asked for, and its end on the clock without hands. */
  private record Grant(Authorization authorization, String scope, long end) {}

  Authenticator(Supplier<Optional<Login>> logins, Clockwork clockwork) {
    this.logins = logins;
    this.clockwork = clockwork;
  }

  /** What to send with a request; null while the registry has not asked for anything. */
  synchronized @Nullable Authorization current(Access access) {
    Grant grant = grants.get(access);
    if (grant == null || grant.end - clockwork.nanoTime() <= 0) {
      return null;
    }
    return grant.authorization;
  }

  /**
   * What to send in place of what a registry rejected.
   *
   * @throws Answer when there is nothing else that could be sent
   */
  synchronized Authorization renewed(
      Wire wire, Access access, @Nullable Authorization rejected, Answer answer)
      throws IOException {
    Authorization known = current(access);
    if (known != null && !known.equals(rejected)) {
      return known;
    }
    grants.remove(access);
    Challenge challenge = Challenge.parse(answer.challenge()).orElseThrow(() -> answer);
    if (challenge.bearer()) {
      return token(wire, access, challenge);
    }
    Optional<Login> found = login();
    if (found.isEmpty() || rejected != null) {
      throw answer;
    }
    if (found.get().identityToken()) {
      throw new Answer(
          answer.status(),
          answer.code(),
          "it asks for a name and a password, and what is stored for it is an identity token");
    }
    wire.requireSecrecy();
    Authorization basic = basic(found.get());
    grants.put(access, new Grant(basic, "", Long.MAX_VALUE / 2 + clockwork.nanoTime()));
    return basic;
  }

  /**
   * What to send in place of a token that a registry has just given and rejected: some do not take
   * one for more than is needed, though they have asked for more themselves. Empty if there is
   * nothing else that could be sent.
   */
  synchronized Optional<Authorization> narrowed(
      Wire wire, Access access, Authorization rejected, Answer answer) throws IOException {
    String own = access.scope(wire.address().path());
    Grant grant = grants.get(access);
    Optional<Challenge> challenge =
        Challenge.parse(answer.challenge())
            .filter(Challenge::bearer)
            .filter(its -> !its.get("error", "").equals("invalid_token"));
    if (challenge.isEmpty()
        || grant == null
        || !grant.authorization.equals(rejected)
        || grant.scope.equals(own)) {
      return Optional.empty();
    }
    return Optional.of(token(wire, access, challenge.get(), own));
  }

  /** Whether there are any credentials. */
  synchronized boolean hasLogin() {
    return login().isPresent();
  }

  private Optional<Login> login() {
    if (!looked) {
      login = logins.get();
      looked = true;
    }
    return login;
  }

  private static Authorization basic(Login login) {
    return Authorization.fromBasicCredentials(login.username(), login.secret());
  }

  /** For what the registry asks and for what the request needs: some name any scope at first. */
  private Authorization token(Wire wire, Access access, Challenge challenge) throws IOException {
    String own = access.scope(wire.address().path());
    String both = Scopes.union(own, challenge.get("scope", ""));
    try {
      return token(wire, access, challenge, both);
    } catch (Answer answer) {
      if (both.equals(own) || !NO_SUCH_SCOPE.contains(answer.status())) {
        throw answer;
      }
      return token(wire, access, challenge, own);
    }
  }

  private Authorization token(Wire wire, Access access, Challenge challenge, String scope)
      throws IOException {
    Optional<Login> found = login();
    String service = challenge.get("service", "");
    StringBuilder query = new StringBuilder();
    if (!service.isEmpty()) {
      query.append("service=").append(encoded(service)).append('&');
    }
    // Several scopes are several parameters: some servers do not take them apart.
    if (found.isPresent() && found.get().identityToken()) {
      query.append("scope=").append(encoded(scope)).append('&');
    } else {
      for (String one : Scopes.list(scope)) {
        query.append("scope=").append(encoded(one)).append('&');
      }
    }
    query.setLength(query.length() - 1);
    URL realm = realm(wire, challenge.get("realm", ""), found.isPresent());
    long asked = clockwork.nanoTime();
    JsonNode answer =
        found.isPresent() && found.get().identityToken()
            ? exchange(wire, realm, query.toString(), found.get())
            : get(wire, realm, query.toString(), found);
    String token = answer.path("token").asText(answer.path("access_token").asText(""));
    if (token.isEmpty()) {
      throw new Answer(0, "", "the token server's answer has no token in it");
    }
    Authorization bearer = Authorization.fromBearerToken(token);
    long life = Math.max(1, answer.path("expires_in").asLong(USUAL_LIFE));
    // Not to the last moment: the request has to get there.
    grants.put(
        access, new Grant(bearer, scope, asked + Duration.ofSeconds(life).toNanos() * 9 / 10));
    return bearer;
  }

  private static URL realm(Wire wire, String text, boolean secret) throws IOException {
    try {
      URL realm = new URL(text);
      boolean secure = realm.getProtocol().equals("https") || Address.loopback(realm.getHost());
      if (secure || (!secret && wire.plainAllowed(realm))) {
        return realm;
      }
      throw new Answer(0, "", "its token server is not asked, as it is not reached by HTTPS");
    } catch (MalformedURLException e) {
      throw new Answer(0, "", "it does not say where its token server is");
    }
  }

  private static JsonNode get(Wire wire, URL realm, String query, Optional<Login> login)
      throws IOException {
    URL url = new URL(realm + (realm.getQuery() == null ? "?" : "&") + query);
    return read(
        wire.once(
            "GET", url, Request.builder().build(), login.map(Authenticator::basic).orElse(null)));
  }

  private static JsonNode exchange(Wire wire, URL realm, String query, Login login)
      throws IOException {
    String form =
        "grant_type=refresh_token&client_id=baseimage-build&"
            + query
            + "&refresh_token="
            + encoded(login.secret());
    ByteArrayContent body =
        new ByteArrayContent(
            "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
    return read(wire.once("POST", realm, Request.builder().setBody(body).build(), null));
  }

  private static JsonNode read(Response response) throws IOException {
    try (response) {
      JsonNode answer = JSON.readTree(Wire.bytes(response, LARGEST_ANSWER));
      return answer == null ? JSON.missingNode() : answer;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      // Its message has a piece of the answer in it.
      throw new Answer(0, "", "the token server's answer is not JSON");
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
