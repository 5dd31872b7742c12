package io.baseimage.registry;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RegistryLogin;
import io.baseimage.pipeline.RunLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Registries by way of jib. A run has one of these, or several that were made of one: whom
 * credentials are for, and how long failures are waited for, is decided once for all of it.
 */
public final class JibRegistries implements Registries {
  private final Duration silence;
  private final Credentials credentials;
  private final Set<String> insecure;
  private final Proxies proxies;
  private final RunPatience run;
  private final Patience patience;
  private final Clockwork clockwork;
  private final RunLog log;

  /**
   * Registries as the user's settings have them.
   *
   * @throws io.baseimage.pipeline.RegistryException of kind {@link
   *     io.baseimage.pipeline.RegistryException.Kind#SETTINGS} if only one of user name and
   *     password is set
   */
  public JibRegistries(RegistrySettings settings, RunLog log) {
    this(settings, log, Clockwork.SYSTEM);
  }

  JibRegistries(RegistrySettings settings, RunLog log, Clockwork clockwork) {
    this.credentials = new Credentials(settings);
    this.insecure =
        Set.copyOf(
            Arrays.asList(
                settings
                    .environment()
                    .getOrDefault("BASEIMAGE_INSECURE_REGISTRIES", "")
                    .strip()
                    .toLowerCase(Locale.ROOT)
                    .split("\\s*,\\s*", -1)));
    this.proxies = new Proxies(settings.environment());
    this.run = new RunPatience(clockwork);
    this.patience = new Patience(settings.retries(), run, clockwork);
    this.silence = settings.retries().silence();
    this.clockwork = clockwork;
    this.log = log;
  }

  private JibRegistries(JibRegistries other, Retries retries) {
    this.credentials = other.credentials;
    this.insecure = other.insecure;
    this.proxies = other.proxies;
    this.run = other.run;
    this.patience = new Patience(retries, run, other.clockwork);
    this.silence = retries.silence();
    this.clockwork = other.clockwork;
    this.log = other.log;
  }

  /**
   * Begins to load what the first request takes, beside what the caller does until then; nothing is
   * asked of anybody.
   */
  public static void prepare() {
    Thread loading = new Thread(JibRegistries::load, "registries");
    loading.setDaemon(true);
    loading.start();
  }

  private static void load() {
    Address address = Address.of(new ImageReference("localhost/nobody", null, null));
    Session session =
        new Session(
            address,
            false,
            new Proxies(Map.of()),
            new Authenticator(Optional::empty, Clockwork.SYSTEM),
            Retries.USUAL.silence(),
            Clockwork.SYSTEM);
    try (Wire wire = new Wire(session)) {
      wire.client();
    }
  }

  /** The same registries in the same run, put up with for another time. */
  public JibRegistries with(Retries retries) {
    return new JibRegistries(this, retries);
  }

  @Override
  public Optional<RegistryLogin> login(ImageReference repository) {
    Address address = Address.of(repository);
    return credentials
        .of(address)
        .map(
            login ->
                new RegistryLogin(
                    address.credentialsKey(),
                    login.username(),
                    login.secret(),
                    login.identityToken()));
  }

  @Override
  public Registry open(ImageReference repository) {
    Address address = Address.of(repository);
    Session session =
        new Session(
            address,
            insecure.contains(address.server()),
            proxies,
            new Authenticator(() -> credentials.of(address), clockwork),
            silence,
            clockwork);
    return new JibRegistry(address, new Attempts(session, patience, log));
  }
}
