package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.baseimage.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * An archive of Debian packages that a test changes, with a pocket for security. It is served where
 * containers of the engine can reach it, and nobody else: at the address of their bridge.
 */
final class LocalPackages implements AutoCloseable {
  static final String SUITE = "local";
  static final String SECURITY = "local-security";

  private final Path folder;
  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private int packages;
  private boolean listsDigests = true;

  /** How it answers now. */
  volatile Mood mood = Mood.WELL;

  /** What may be the matter with a mirror. */
  enum Mood {
    WELL,
    /** Every answer is an error. */
    DOWN,
    /** Every answer is a page that asks to log in. */
    PORTAL,
    /** The lists of indexes are there, and the indexes are not. */
    HALF,
    /** The indexes are others than their list says. */
    CHANGED
  }

  /** An empty one. */
  LocalPackages(Path folder) throws Exception {
    this.folder = Files.createDirectories(folder);
    InetAddress bridge = bridge();
    this.server = HttpServer.create(new InetSocketAddress(bridge, 0), 0);
    server.createContext("/", this::answer);
    server.start();
    clear();
  }

  /** Where containers reach this machine: an engine that has made its bridge does not tell. */
  private static InetAddress bridge() throws Exception {
    String name =
        Launched.docker(
            "network",
            "inspect",
            "bridge",
            "--format={{index .Options \"com.docker.network.bridge.name\"}}");
    NetworkInterface itself = NetworkInterface.getByName(name);
    assertThat(itself).as("the engine's bridge " + name).isNotNull();
    return itself.inetAddresses().filter(Inet4Address.class::isInstance).findFirst().orElseThrow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    // As it is now, whatever the time that is asked for.
    Path file = folder.resolve(path.replaceFirst("^/(?:\\d{8}T\\d{6}Z/)?", "")).normalize();
    byte[] body = "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8);
    int status = mood == Mood.DOWN ? 503 : 200;
    boolean isIndex = path.endsWith("/Packages");
    if (mood != Mood.DOWN && mood != Mood.PORTAL) {
      if (!file.startsWith(folder)
          || !Files.isRegularFile(file)
          || (mood == Mood.HALF && isIndex)) {
        status = 404;
      } else {
        body = Files.readAllBytes(file);
        if (mood == Mood.CHANGED && isIndex) {
          body[0]++;
        }
      }
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** The lines of package sources that name it; it is not signed. */
  String sources() {
    return Stream.of(SUITE, SECURITY)
        .map(suite -> "deb [trusted=yes] " + address() + " " + suite + " main\n")
        .reduce("", String::concat);
  }

  String address() {
    return "http:/" + server.getAddress();
  }

  /** The paths that it was asked for since the last call. */
  List<String> requests() {
    List<String> seen = List.copyOf(requests);
    requests.clear();
    return seen;
  }

  /** Has no package. */
  void clear() throws IOException {
    listsDigests = true;
    for (String suite : List.of(SUITE, SECURITY)) {
      Path index = index(suite);
      Files.createDirectories(index.getParent());
      Files.writeString(index, "");
      release(suite, "");
    }
    mood = Mood.WELL;
  }

  /** Its lists of indexes name none. */
  void withoutDigests() throws IOException {
    listsDigests = false;
    for (String suite : List.of(SUITE, SECURITY)) {
      release(suite, "");
    }
  }

  /** Adds a package that has one file with its version in it. */
  void add(String suite, String name, String version) throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree-" + packages++));
    Files.writeString(
        Files.createDirectories(tree.resolve("DEBIAN")).resolve("control"),
        "Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <root@localhost>\nDescription: x\n"
            .formatted(name, version));
    Files.writeString(
        Files.createDirectories(tree.resolve("usr/share/" + name)).resolve("version"), version);
    Path deb = folder.resolve("pool/" + name + "_" + version + "_all.deb");
    Files.createDirectories(deb.getParent());
    run("dpkg-deb", "--root-owner-group", "-b", tree.toString(), deb.toString());
    add(suite, deb);
  }

  /** Adds a file that is a package. */
  void add(String suite, Path deb) throws Exception {
    Path inPool = folder.resolve("pool").resolve(deb.getFileName());
    if (!deb.equals(inPool)) {
      Files.createDirectories(inPool.getParent());
      Files.write(inPool, Files.readAllBytes(deb));
    }
    byte[] bytes = Files.readAllBytes(inPool);
    String entry =
        run("dpkg-deb", "-f", deb.toString()).strip()
            + "\nFilename: pool/%s\nSize: %d\nSHA256: %s\n\n"
                .formatted(deb.getFileName(), bytes.length, Digest.of(bytes).hex());
    Files.writeString(index(suite), Files.readString(index(suite)) + entry);
    release(suite, "");
  }

  /** Its lists hold until then. */
  void validUntil(Instant end) throws IOException {
    for (String suite : List.of(SUITE, SECURITY)) {
      release(suite, "Valid-Until: " + date(end) + "\n");
    }
  }

  private Path index(String suite) {
    return folder.resolve("dists/" + suite + "/main/binary-amd64/Packages");
  }

  private void release(String suite, String more) throws IOException {
    byte[] index = Files.readAllBytes(index(suite));
    Files.writeString(
        folder.resolve("dists/" + suite + "/Release"),
        """
        Origin: Test
        Label: Test
        Suite: %1$s
        Codename: %1$s
        Date: %2$s
        %3$sArchitectures: amd64
        Components: main
        %4$s"""
            .formatted(
                suite,
                date(Instant.now().minus(Duration.ofDays(30)).truncatedTo(ChronoUnit.DAYS)),
                more,
                listsDigests
                    ? "SHA256:\n %s %d main/binary-amd64/Packages\n"
                        .formatted(Digest.of(index).hex(), index.length)
                    : ""));
  }

  private static String date(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME
        .format(time.atZone(ZoneOffset.UTC))
        .replace("GMT", "UTC");
  }

  private static String run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
