package io.baseimage.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.InstalledPackage.SourcePackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.RuntimeFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads SBOMs, of whichever release of CycloneDX and of whichever tool: packages are the components
 * that have a package URL of dpkg's or rpm's kind.
 */
final class CycloneDxReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SHA_256 = "SHA-256";

  private final List<InstalledPackage> packages = new ArrayList<>();
  private final List<RuntimeFile> runtime = new ArrayList<>();
  private Optional<PackageFormat> format = Optional.empty();
  private OsRelease system = OsRelease.UNKNOWN;

  private CycloneDxReader() {}

  /** Throws {@link IllegalArgumentException} for what is no CycloneDX in JSON. */
  static Inventory read(byte[] document) {
    JsonNode root;
    try {
      root = JSON.readTree(document);
    } catch (IOException e) {
      throw new IllegalArgumentException("not an SBOM: it is not JSON", e);
    }
    if (root == null || !root.path("bomFormat").asText().equals("CycloneDX")) {
      throw new IllegalArgumentException("not an SBOM of CycloneDX");
    }
    CycloneDxReader reader = new CycloneDxReader();
    root.path("components").forEach(reader::take);
    return new Inventory(
        reader.system,
        reader.format,
        reader.packages.stream().sorted().toList(),
        reader.runtime.stream().sorted(Comparator.comparing(RuntimeFile::path)).toList());
  }

  private void take(JsonNode component) {
    String name = component.path("name").asText();
    switch (component.path("type").asText()) {
      case "operating-system" ->
          system =
              new OsRelease(
                  name,
                  component.path("version").asText(),
                  component.path("description").asText(name));
      case "application" -> {
        if (name.equals(CycloneDx.RUNTIME)) {
          component.path("components").forEach(this::takeFile);
        }
      }
      default -> takePackage(component, name);
    }
  }

  private void takeFile(JsonNode component) {
    for (JsonNode hash : component.path("hashes")) {
      String content = hash.path("content").asText();
      if (hash.path("alg").asText().equals(SHA_256) && content.matches("[0-9a-f]{64}")) {
        runtime.add(new RuntimeFile(component.path("name").asText(), new Digest(content)));
      }
    }
  }

  private void takePackage(JsonNode component, String name) {
    PackageURL purl;
    try {
      purl = new PackageURL(component.path("purl").asText());
    } catch (MalformedPackageURLException e) {
      // Not a package, or not one that anybody could find.
      return;
    }
    Optional<PackageFormat> its =
        switch (purl.getType()) {
          case "deb" -> Optional.of(PackageFormat.DEB);
          case "rpm" -> Optional.of(PackageFormat.RPM);
          default -> Optional.empty();
        };
    if (its.isEmpty()) {
      return;
    }
    format = its;
    Map<String, String> qualifiers = Optional.ofNullable(purl.getQualifiers()).orElse(Map.of());
    packages.add(
        new InstalledPackage(
            name,
            component.path("version").asText(),
            qualifiers.getOrDefault("arch", ""),
            Optional.ofNullable(qualifiers.get("upstream"))
                .flatMap(upstream -> source(upstream, component.path("version").asText())),
            licences(component.path("licenses"))));
  }

  private static Optional<SourcePackage> source(String upstream, String version) {
    if (upstream.endsWith(".rpm")) {
      return RpmInventory.source(upstream);
    }
    int at = upstream.indexOf('@');
    return Optional.of(
        at < 0
            ? new SourcePackage(upstream, version)
            : new SourcePackage(upstream.substring(0, at), upstream.substring(at + 1)));
  }

  private static List<String> licences(JsonNode all) {
    List<String> names = new ArrayList<>();
    for (JsonNode each : all) {
      JsonNode licence = each.path("license");
      String name =
          licence.path("id").asText(licence.path("name").asText(each.path("expression").asText()));
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }
}
