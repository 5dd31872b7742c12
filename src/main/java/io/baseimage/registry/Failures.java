package io.baseimage.registry;

import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.http.NoHttpResponseException;

/** From what went wrong to what the pipeline and people understand. */
final class Failures {
  private final Address address;
  private final Authenticator authenticator;
  private final Optional<Proxies.Proxy> proxy;

  Failures(Session session) {
    this.address = session.address();
    this.authenticator = session.authenticator();
    this.proxy = session.proxies().of("https", address.host(), address.port());
  }

  /** Whether the same could succeed a moment later. */
  static boolean passing(Throwable thrown, Optional<Answer> answer) {
    if (answer.isPresent()) {
      int status = answer.get().status();
      return status == 408 || status == 425 || status == 429 || status >= 500;
    }
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof ProxyException refusal) {
        return refusal.passing();
      }
    }
    return thrown instanceof IOException
        && !wrongContent(thrown)
        && !certificate(thrown)
        && !has(thrown, PlainTextException.class);
  }

  /** Whether a connection ended before there was an answer. */
  static boolean connectionLost(Throwable thrown) {
    return has(thrown, SocketException.class) || has(thrown, NoHttpResponseException.class);
  }

  /**
   * Whether work has a chance to succeed if it is done anew from its beginning: an upload that the
   * registry has forgotten, or an answer of which a part is missing.
   */
  static boolean incomplete(Answer answer) {
    int status = answer.status();
    return (status >= 200 && status < 300)
        || status == 409
        || status == 416
        || answer.code().equals("BLOB_UPLOAD_UNKNOWN")
        || answer.code().equals("BLOB_UPLOAD_INVALID");
  }

  /** Whether a certificate was not to be trusted. */
  static boolean certificate(Throwable thrown) {
    return has(thrown, CertificateException.class)
        || has(thrown, java.security.cert.CertPathBuilderException.class)
        || has(thrown, javax.net.ssl.SSLPeerUnverifiedException.class);
  }

  /** What was seen, in a few words for a line in the log. */
  static String seen(Throwable thrown, Optional<Answer> answer) {
    return answer.map(Answer::getMessage).orElseGet(() -> reason(thrown));
  }

  /** The exception for work that is not tried again. */
  RegistryException of(String doing, Throwable thrown, Optional<Answer> answer) {
    if (answer.isPresent()) {
      return refusal(doing, answer.get());
    }
    if (wrongContent(thrown)) {
      return exception(Kind.WRONG_CONTENT, doing, ", but " + reason(thrown) + ".");
    }
    if (has(thrown, PlainTextException.class) || !(thrown instanceof IOException)) {
      return exception(Kind.REFUSED, doing, ", but " + reason(thrown) + ".");
    }
    if (certificate(thrown)) {
      return exception(
          Kind.UNREACHABLE,
          doing,
          ", but its certificate is not to be trusted: "
              + reason(thrown)
              + ". Add its authority to Java's trust store, for example with JAVA_TOOL_OPTIONS="
              + "-Djavax.net.ssl.trustStore=FILE.");
    }
    return exception(
        Kind.UNREACHABLE,
        doing,
        ", but " + connection() + " failed: " + reason(thrown) + ". Check " + toCheck() + ".");
  }

  /**
   * The exception for work that was tried until the run's patience ended.
   *
   * @param end what ended it, as a sentence
   */
  RegistryException afterTries(
      String doing, Throwable thrown, Optional<Answer> answer, int tries, String end) {
    if (has(thrown, NotYetException.class)) {
      return exception(
          Kind.UNSEEN,
          doing,
          ", "
              + tries
              + " times, but "
              + reason(thrown)
              + ". "
              + end
              + ". Perhaps it is there later: look at it before you run it again.");
    }
    Kind kind =
        answer.isEmpty()
            ? Kind.UNREACHABLE
            : answer.get().status() == 429 ? Kind.RATE_LIMITED : Kind.UNAVAILABLE;
    String wait =
        answer
            .flatMap(Answer::retryAfter)
            .map(time -> "; it asks to wait " + time.toSeconds() + " s")
            .orElse("");
    return exception(
        kind,
        doing,
        ", "
            + (tries == 1 ? "once" : tries + " times")
            + ", but "
            + (answer.isPresent() ? "the registry answered: " : connection() + " failed: ")
            + seen(thrown, answer)
            + wait
            + ". "
            + end
            + ". "
            + (answer.isPresent()
                ? "Run it again later: what the registry has already is not sent again."
                : "Check " + toCheck() + ", then run it again."));
  }

  private String connection() {
    return "the connection" + proxy.map(its -> " through the proxy " + its).orElse("");
  }

  private String toCheck() {
    return (proxy.isPresent() ? "the proxy's variable, " : "")
        + "the registry's name and the network";
  }

  private RegistryException refusal(String doing, Answer answer) {
    String seen = ", but the registry answered: " + answer.getMessage() + ". ";
    boolean denied = answer.status() == 403 || answer.code().equals("DENIED");
    if (answer.status() == 401 && !denied) {
      boolean known = authenticator.hasLogin();
      if (known && answer.insufficient()) {
        return exception(
            Kind.UNAUTHORIZED,
            doing,
            seen
                + "The credentials that were found for it do not allow that: check what this user,"
                + " or its token, may do with "
                + address
                + ".");
      }
      return exception(
          Kind.UNAUTHORIZED,
          doing,
          seen
              + (known
                  ? "It does not take the credentials that were found for it: check them, or log in"
                      + " again with 'docker login'."
                  : "There are no credentials for it: log in with 'docker login', or set"
                      + " BASEIMAGE_REGISTRY_USERNAME and BASEIMAGE_REGISTRY_PASSWORD, which go to"
                      + " the first registry of a run alone, or to the one that"
                      + " BASEIMAGE_REGISTRY names."));
    }
    if (denied) {
      return exception(
          Kind.DENIED,
          doing,
          seen + "Check that this user may write to " + address + ", and that it exists.");
    }
    if (answer.status() == 404) {
      return exception(Kind.NOT_FOUND, doing, seen + "Check the name.");
    }
    return exception(
        Kind.REFUSED,
        doing,
        answer.status() == 0 ? ", but " + answer.getMessage() + "." : seen.strip());
  }

  private RegistryException exception(Kind kind, String doing, String rest) {
    return new RegistryException(kind, "Tried to " + doing + rest);
  }

  private static boolean wrongContent(Throwable thrown) {
    return has(thrown, WrongContentException.class) || has(thrown, TooLargeException.class);
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }

  /** The innermost words, which name hosts and ports and no whole address. */
  private static String reason(Throwable thrown) {
    Throwable last = thrown;
    while (last.getCause() != null && last.getCause() != last && !(last instanceof SSLException)) {
      last = last.getCause();
    }
    String text = last.getMessage();
    if (last instanceof UnknownHostException) {
      return "there is no host of that name";
    }
    if (last instanceof ConnectException && text != null) {
      return text.replace("Connection refused (Connection refused)", "Connection refused");
    }
    return text == null || text.isBlank() ? last.getClass().getSimpleName() : text.strip();
  }
}
