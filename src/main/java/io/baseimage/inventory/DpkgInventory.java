package io.baseimage.inventory;

import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.InstalledPackage.SourcePackage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads dpkg's status file (deb-control(5) stanzas) and the packages' copyright files. */
final class DpkgInventory {
  /** Where the status file is. */
  static final String STATUS = "/var/lib/dpkg/status";

  /** Where the copyright files are, by package. */
  static final String DOCUMENTATION = "/usr/share/doc";

  private static final Pattern COPYRIGHT = Pattern.compile(DOCUMENTATION + "/([^/]+)/copyright");
  private static final Pattern SOURCE = Pattern.compile("(\\S+)(?:\\s+\\((.+)\\))?");

  private DpkgInventory() {}

  /** Whether a file says something of a package's licences. */
  static boolean isCopyright(String path) {
    return COPYRIGHT.matcher(path).matches();
  }

  /** The installed packages of a status file, by name; removed ones that left files are not. */
  static List<InstalledPackage> parse(String status) {
    List<InstalledPackage> packages = new ArrayList<>();
    Map<String, String> stanza = new HashMap<>();
    for (String line : (status + "\n\n").split("\n", -1)) {
      if (line.isEmpty()) {
        if (stanza.getOrDefault("Status", "").endsWith(" installed")) {
          packages.add(installed(stanza));
        }
        stanza.clear();
        continue;
      }
      int colon = line.indexOf(':');
      // Continuation lines begin with a blank and belong to fields that are not asked for.
      if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
        stanza.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return packages.stream().sorted().toList();
  }

  private static InstalledPackage installed(Map<String, String> stanza) {
    // Of a package whose programs alone are in the image, in one of another name.
    String name = stanza.getOrDefault("Programs-Of", stanza.getOrDefault("Package", ""));
    String version = stanza.getOrDefault("Version", "");
    // Said only where it differs from the package's own.
    Matcher source = SOURCE.matcher(stanza.getOrDefault("Source", name));
    return new InstalledPackage(
        name,
        version,
        stanza.getOrDefault("Architecture", ""),
        source.matches()
            ? Optional.of(
                new SourcePackage(
                    source.group(1), Optional.ofNullable(source.group(2)).orElse(version)))
            : Optional.empty(),
        List.of());
  }

  /**
   * The packages with their licences. A package whose documentation is another's has that of a
   * package of the same source, as Debian's policy (12.5) allows no other.
   *
   * @param copyrights the copyright files by path
   */
  static List<InstalledPackage> withLicences(
      List<InstalledPackage> packages, Map<String, byte[]> copyrights) {
    Map<String, List<String>> byPackage = new HashMap<>();
    copyrights.forEach(
        (path, bytes) -> {
          Matcher matcher = COPYRIGHT.matcher(path);
          if (matcher.matches()) {
            byPackage.put(
                matcher.group(1),
                DebianCopyright.licences(new String(bytes, StandardCharsets.UTF_8)));
          }
        });
    Map<SourcePackage, List<String>> bySource = new HashMap<>();
    for (InstalledPackage each : packages) {
      List<String> own = byPackage.get(each.name());
      if (own != null && each.source().isPresent()) {
        bySource.putIfAbsent(each.source().get(), own);
      }
    }
    return packages.stream()
        .map(
            each ->
                new InstalledPackage(
                    each.name(),
                    each.version(),
                    each.architecture(),
                    each.source(),
                    Optional.ofNullable(byPackage.get(each.name()))
                        .or(() -> each.source().map(bySource::get))
                        .orElse(List.of())))
        .toList();
  }
}
