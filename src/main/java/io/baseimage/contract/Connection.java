package io.baseimage.contract;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Info;
import io.baseimage.pipeline.EngineAddress;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.InterruptedRunException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.dockerclient.TransportConfig;
import org.testcontainers.utility.ResourceReaper;

/**
 * Testcontainers, bound to the engine that the caller names. Left alone it would look for an engine
 * of its own (in {@code DOCKER_HOST}, in a file in the home directory), start a reaper container
 * whose image it pulls, and keep what it found in that file. There is no public way to turn all of
 * that off, so its two singletons are given their content here, by reflection.
 */
final class Connection {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static @Nullable String bound;

  private Connection() {}

  /** The client of the engine at the address; a process is bound to the first one it asks for. */
  static synchronized DockerClient to(String address) {
    if (bound == null) {
      bind(address);
      bound = address;
    } else if (!bound.equals(address)) {
      throw new IllegalStateException(
          "the contract suite is bound to the engine at " + bound + ", not " + address);
    }
    return DockerClientFactory.instance().client();
  }

  private static void bind(String address) {
    GivenEngine engine = new GivenEngine(address);
    try {
      DockerClient client = engine.getDockerClient();
      Patience.within(PATIENCE, () -> client.pingCmd().exec());
      DockerClientFactory factory = DockerClientFactory.instance();
      set(DockerClientFactory.class, factory, "strategy", engine);
      set(DockerClientFactory.class, factory, "client", client);
      set(ResourceReaper.class, null, "instance", idleReaper());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Testcontainers is not the release that was built with", e);
    } catch (InterruptedException e) {
      throw new InterruptedRunException("connecting to the engine at " + address);
    } catch (TimeoutException e) {
      throw unreachable(address, "waited " + PATIENCE.toSeconds() + " s", e);
    } catch (RuntimeException e) {
      throw unreachable(address, String.valueOf(e.getMessage()), e);
    }
  }

  private static EngineException unreachable(String address, String seen, Exception cause) {
    return new EngineException(
        EngineException.Kind.UNREACHABLE,
        "Tried to run the contract suite on the engine at "
            + address
            + ", but it does not answer: "
            + seen,
        cause);
  }

  private static void set(Class<?> type, @Nullable Object target, String name, Object value)
      throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    field.set(target, value);
  }

  /** The reaper that works in this process, never told of a container. */
  private static Object idleReaper() throws ReflectiveOperationException {
    Constructor<?> constructor =
        Class.forName("org.testcontainers.utility.JVMHookResourceReaper").getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }

  /** The way to the engine that was named, and to no other. */
  private static final class GivenEngine extends DockerClientProviderStrategy {
    private final String address;

    GivenEngine(String address) {
      this.address = address;
    }

    @Override
    public TransportConfig getTransportConfig() {
      return TransportConfig.builder().dockerHost(new EngineAddress(address).uri()).build();
    }

    @Override
    public Info getInfo() {
      return getDockerClient().infoCmd().exec();
    }

    @Override
    public synchronized String getDockerHostIpAddress() {
      return "localhost";
    }

    @Override
    protected boolean isPersistable() {
      return false;
    }

    @Override
    public String getDescription() {
      return "the engine at " + address;
    }
  }
}
