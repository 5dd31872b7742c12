package io.baseimage.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.RegistryException;
import io.baseimage.pipeline.RegistryException.Kind;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Docker's credential helpers: programs that keep passwords. What they say is shown to nobody. */
final class CredentialHelpers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LARGEST_ANSWER = 1 << 20;
  // Time enough for a person to type a password that a helper asks for.
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(60);

  private final Map<String, String> environment;
  private final Duration patience;

  CredentialHelpers(Map<String, String> environment) {
    this(environment, USUAL_PATIENCE);
  }

  CredentialHelpers(Map<String, String> environment, Duration patience) {
    this.environment = environment;
    this.patience = patience;
  }

  /**
   * What a helper has for a registry.
   *
   * @param name as in Docker's configuration, without {@code docker-credential-}
   * @throws RegistryException if it cannot be run, fails or takes too long
   */
  Optional<Login> login(String name, String key) {
    Path program = find("docker-credential-" + name);
    Process process = start(program);
    FutureTask<byte[]> answer =
        new FutureTask<>(
            () -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write((key + "\n").getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                // It may know its answer without the question; its status tells.
                return process.getInputStream().readNBytes(LARGEST_ANSWER);
              }
              return process.getInputStream().readNBytes(LARGEST_ANSWER);
            });
    Thread reader = new Thread(answer, "credential-helper");
    reader.setDaemon(true);
    reader.start();
    try {
      long end = System.nanoTime() + patience.toNanos();
      byte[] said = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      return parse(program, key, process.exitValue(), said);
    } catch (TimeoutException e) {
      throw failure(program, key, "it did not answer within " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw failure(program, key, "its answer could not be read");
    } catch (InterruptedException e) {
      throw new InterruptedRunException("waiting for " + program.getFileName());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Optional<Login> parse(Path program, String key, int status, byte[] said) {
    if (status != 0) {
      if (new String(said, StandardCharsets.UTF_8).contains("credentials not found")) {
        return Optional.empty();
      }
      throw failure(program, key, "it ended with status " + status);
    }
    try {
      JsonNode json = JSON.readTree(said);
      String user = json == null ? "" : json.path("Username").asText("");
      String secret = json == null ? "" : json.path("Secret").asText("");
      return secret.isEmpty() ? Optional.empty() : Optional.of(Login.of(user, secret));
    } catch (JsonProcessingException e) {
      throw failure(program, key, "its answer is not JSON");
    } catch (IOException e) {
      throw failure(program, key, "its answer could not be read");
    }
  }

  private Process start(Path program) {
    ProcessBuilder builder =
        new ProcessBuilder(List.of(program.toString(), "get"))
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw failure(program, "REGISTRY", "it cannot be started");
    }
  }

  private Path find(String program) {
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder).resolve(program);
      if (!folder.isEmpty() && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new RegistryException(
        Kind.LOGIN,
        "Tried to ask "
            + program
            + " for a registry's credentials, as Docker's configuration says, but it is not on the"
            + " PATH. Install it, or log in again with 'docker login'.");
  }

  private static RegistryException failure(Path program, String key, String seen) {
    String name = String.valueOf(program.getFileName());
    return new RegistryException(
        Kind.LOGIN,
        "Tried to ask "
            + name
            + " for the credentials of "
            + key
            + ", but "
            + seen
            + ". See what it says by itself: echo "
            + key
            + " | "
            + name
            + " get");
  }
}
