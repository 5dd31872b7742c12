package io.baseimage.registry;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.pipeline.RunLog;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Registries by way of jib. */
public final class JibRegistries implements Registries {
  private final RegistrySettings settings;
  private final Credentials credentials;
  private final Set<String> insecure;
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
    this.settings = settings;
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
    this.patience = new Patience(settings.retries(), clockwork);
    this.clockwork = clockwork;
    this.log = log;
  }

  @Override
  public Registry open(ImageReference repository) {
    Address address = Address.of(repository);
    Session session =
        new Session(
            address,
            insecure.contains(address.server()),
            new Authenticator(() -> credentials.of(address), clockwork),
            settings.retries().silence(),
            clockwork);
    return new JibRegistry(address, new Attempts(session, patience, log));
  }
}
