package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Platform;
import io.baseimage.registry.RegistryServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that speaks HTTPS, with a certificate that only those trust who were told to. */
@Tag("docker")
final class EncryptedRegistryIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String TRUST_PASSWORD = "changeit";
  private static final String TLS_GREETING = "\u0016\u0003";

  @TempDir static Path shared;
  private static RegistryServer server;

  @TempDir private Path folder;
  private RecordingRelay relay;

  @BeforeAll
  static void start() throws Exception {
    Path certificate = shared.resolve("registry.pem");
    Path key = shared.resolve("registry.key");
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=registry.test",
        "-addext",
        "subjectAltName=DNS:registry.test,IP:127.0.0.1",
        "-keyout",
        key.toString(),
        "-out",
        certificate.toString());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate);
        OutputStream out = Files.newOutputStream(shared.resolve("trusted.p12"))) {
      trusted.setCertificateEntry(
          "registry", CertificateFactory.getInstance("X.509").generateCertificate(in));
      trusted.store(out, TRUST_PASSWORD.toCharArray());
    }
    // To Java these are the only hosts; none of them is one of this machine's usual names.
    Files.writeString(shared.resolve("hosts"), "127.0.0.1 registry.test\n127.0.0.1 other.test\n");
    Path data = Files.createDirectory(shared.resolve("registry"));
    server = RegistryServer.encrypted(data, certificate, key);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void listen() throws Exception {
    relay = new RecordingRelay(server.port());
  }

  @AfterEach
  void stopListening() throws Exception {
    relay.close();
  }

  @Test
  void publishGoesByHttpsOnlyWhenTheCertificateIsTrusted() throws Exception {
    String name = "registry.test:" + relay.port() + "/joe/baseimage";
    try (LoadedImages images = new LoadedImages(folder)) {
      String image = images.load("debian-12", new Platform("linux", "amd64"));
      Launched publisher = launched(true, "publish", image, "--to=" + name, "--no-test");

      assertThat(publisher.status()).as(publisher.err()).isZero();
      assertThat(publisher.out()).contains(name + ":debian-12-20");
    }
    assertThat(relay.said()).isNotEmpty().allMatch(each -> each.startsWith(TLS_GREETING));
    run(
        "skopeo",
        "copy",
        "--src-creds=" + RegistryServer.USER + ":" + RegistryServer.PASSWORD,
        "--src-cert-dir=" + certificates(),
        "docker://" + server.host() + "/joe/baseimage:debian-12",
        "dir:" + folder.resolve("copy"));
  }

  @Test
  void tagsSpeaksHttpsToThisMachineWhenTheRegistryDoes() throws Exception {
    Launched tags = launched(true, "tags", "127.0.0.1:" + relay.port() + "/joe/none");

    assertThat(tags.status()).as(tags.err()).isEqualTo(70);
    assertThat(tags.err()).contains("there is no such repository, or no version in it");
    assertNoSecretWasSaid();
  }

  @Test
  void tagsFailsAndSendsNothingWhenTheCertificateIsNotTrusted() throws Exception {
    for (String host : List.of("registry.test:", "127.0.0.1:")) {
      Launched tags = launched(false, "tags", host + relay.port() + "/joe/baseimage");

      assertThat(tags.status()).as(tags.err()).isEqualTo(ExitCode.REGISTRY.code());
      assertThat(tags.err())
          .contains("Tried to list the tags of " + host + relay.port() + "/joe/baseimage")
          .contains("its certificate is not to be trusted")
          .contains("trustStore")
          .doesNotContain("once more");
      assertNoSecretWasSaid();
      if (host.startsWith("registry")) {
        assertThat(relay.said()).isNotEmpty().allMatch(each -> each.startsWith(TLS_GREETING));
      }
    }
  }

  @Test
  void tagsFailsWhenTheCertificateIsSomebodyElses() throws Exception {
    Launched tags = launched(true, "tags", "other.test:" + relay.port() + "/joe/baseimage");

    assertThat(tags.status()).as(tags.err()).isEqualTo(ExitCode.REGISTRY.code());
    assertThat(tags.err()).contains("its certificate is not to be trusted").contains("other.test");
    assertNoSecretWasSaid();
  }

  private void assertNoSecretWasSaid() {
    assertThat(relay.said()).noneMatch(each -> each.contains("uthorization"));
  }

  private Launched launched(boolean trusting, String... arguments) throws Exception {
    List<String> options =
        new ArrayList<>(List.of("-Djdk.net.hosts.file=" + shared.resolve("hosts")));
    if (trusting) {
      options.add("-Djavax.net.ssl.trustStore=" + shared.resolve("trusted.p12"));
      options.add("-Djavax.net.ssl.trustStorePassword=" + TRUST_PASSWORD);
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_TOOL_OPTIONS", String.join(" ", options));
    environment.put("BASEIMAGE_REGISTRY_USERNAME", RegistryServer.USER);
    environment.put("BASEIMAGE_REGISTRY_PASSWORD", RegistryServer.PASSWORD);
    Launched launched = Launched.start(folder, environment, arguments);
    launched.await(LONG);
    return launched;
  }

  /** A folder as skopeo wants it, with the certificate to be trusted. */
  private Path certificates() throws Exception {
    Path certificates = Files.createDirectory(folder.resolve("certificates"));
    Files.copy(shared.resolve("registry.pem"), certificates.resolve("ca.crt"));
    return certificates;
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
