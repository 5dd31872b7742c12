package io.baseimage.inventory;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURL;
import io.baseimage.image.Digest;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.OsRelease;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.RuntimeFile;
import io.baseimage.pipeline.SbomFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.License;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.model.Property;
import org.cyclonedx.model.license.Expression;
import org.cyclonedx.model.metadata.ToolInformation;

/**
 * SBOMs as CycloneDX 1.6 has them in JSON. They say when the image was made and not when they were,
 * and have no serial number, so that there is one document for one image.
 */
public final class CycloneDx implements SbomFormat {
  /** The media type of the documents. */
  public static final String MEDIA_TYPE = "application/vnd.cyclonedx+json";

  /** What the component that holds the runtime's files is called. */
  static final String RUNTIME = "baseimage-runtime";

  private static final String TOOL = "baseimage-build";

  /** The labels of an image that its SBOM repeats, so that nobody has to ask for both. */
  private static final List<String> LABELS =
      List.of(
          ImageRecipe.VARIANT_LABEL,
          ImageRecipe.INPUTS_LABEL,
          ImageRecipe.STAND_IN_LABEL,
          "org.opencontainers.image.base.name",
          "org.opencontainers.image.base.digest",
          "org.opencontainers.image.revision",
          "org.opencontainers.image.source");

  private final String toolVersion;

  /**
   * The format.
   *
   * @param toolVersion this toolkit's, which the documents name as their maker's
   */
  public CycloneDx(String toolVersion) {
    this.toolVersion = toolVersion;
  }

  @Override
  public String mediaType() {
    return MEDIA_TYPE;
  }

  @Override
  public byte[] write(EngineImage image, Inventory inventory) {
    Bom bom = new Bom();
    bom.setSerialNumber(null);
    bom.setMetadata(metadata(image));
    List<Component> components = new ArrayList<>();
    system(inventory.system()).ifPresent(components::add);
    runtime(inventory).ifPresent(components::add);
    inventory
        .format()
        .ifPresent(
            format ->
                inventory
                    .packages()
                    .forEach(each -> components.add(of(each, format, inventory.system()))));
    bom.setComponents(components);
    try {
      String json = BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString();
      return (json.replace("\r\n", "\n") + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (GeneratorException e) {
      throw new IllegalStateException("an inventory that is no SBOM: " + image.id(), e);
    }
  }

  @Override
  public Inventory read(byte[] document) {
    return CycloneDxReader.read(document);
  }

  private Metadata metadata(EngineImage image) {
    Component tool = component(Component.Type.APPLICATION, TOOL, toolVersion);
    ToolInformation tools = new ToolInformation();
    tools.setComponents(List.of(tool));
    Map<String, String> labels = image.labels();
    Component container =
        component(
            Component.Type.CONTAINER,
            labels.getOrDefault(ImageRecipe.VARIANT_LABEL, "image"),
            image.id().toString());
    container.setBomRef(image.id().toString());
    List<Property> properties = new ArrayList<>();
    properties.add(property("io.baseimage.platform", image.platform().toString()));
    for (String label : LABELS) {
      String value = labels.getOrDefault(label, "");
      if (!value.isEmpty()) {
        properties.add(property(label, value));
      }
    }
    container.setProperties(properties);
    Metadata metadata = new Metadata();
    metadata.setTimestamp(Date.from(image.created()));
    metadata.setToolChoice(tools);
    metadata.setComponent(container);
    return metadata;
  }

  private static Optional<Component> system(OsRelease system) {
    if (system.id().isEmpty()) {
      return Optional.empty();
    }
    Component component =
        component(Component.Type.OPERATING_SYSTEM, system.id(), system.versionId());
    component.setBomRef("os");
    component.setDescription(system.prettyName());
    return Optional.of(component);
  }

  private Optional<Component> runtime(Inventory inventory) {
    return inventory
        .fingerprint()
        .map(
            fingerprint -> {
              Component runtime =
                  component(Component.Type.APPLICATION, RUNTIME, fingerprint.abbreviated());
              runtime.setBomRef("runtime");
              runtime.setDescription(
                  "The files that " + TOOL + " adds; the version is the digest of their list");
              runtime.setLicenses(licences(licences(inventory)));
              runtime.setHashes(List.of(hash(fingerprint)));
              runtime.setComponents(inventory.runtime().stream().map(CycloneDx::file).toList());
              return runtime;
            });
  }

  /** The toolkit's own, and that of runit where the toolkit had to compile it. */
  private static List<String> licences(Inventory inventory) {
    return inventory.runtime().stream().anyMatch(file -> file.path().endsWith("/runsv"))
        ? List.of("BSD-3-Clause", "MIT")
        : List.of("MIT");
  }

  private static Component file(RuntimeFile file) {
    Component component = component(Component.Type.FILE, file.path(), "");
    component.setHashes(List.of(hash(file.digest())));
    return component;
  }

  private static Component of(InstalledPackage installed, PackageFormat format, OsRelease system) {
    Component component = component(Component.Type.LIBRARY, installed.name(), installed.version());
    String purl = purl(installed, format, system);
    component.setPurl(purl);
    component.setBomRef(purl);
    if (!installed.licences().isEmpty()) {
      component.setLicenses(licences(installed.licences()));
    }
    return component;
  }

  /** As the types deb and rpm of the package URL specification have them. */
  static String purl(InstalledPackage installed, PackageFormat format, OsRelease system) {
    TreeMap<String, String> qualifiers = new TreeMap<>();
    qualifier(qualifiers, "arch", installed.architecture());
    if (!system.id().isEmpty()) {
      qualifier(
          qualifiers,
          "distro",
          system.versionId().isEmpty() ? system.id() : system.id() + "-" + system.versionId());
    }
    String version = installed.version();
    int colon = version.indexOf(':');
    if (format == PackageFormat.RPM) {
      if (colon > 0) {
        qualifier(qualifiers, "epoch", version.substring(0, colon));
        version = version.substring(colon + 1);
      }
      installed
          .source()
          .ifPresent(
              source ->
                  qualifier(
                      qualifiers, "upstream", source.name() + "-" + source.version() + ".src.rpm"));
    } else {
      installed
          .source()
          .ifPresent(
              source -> qualifier(qualifiers, "upstream", source.name() + "@" + source.version()));
    }
    String type = format == PackageFormat.DEB ? "deb" : "rpm";
    try {
      return new PackageURL(
              type,
              system.id().isEmpty() ? null : system.id(),
              installed.name(),
              version.isEmpty() ? null : version,
              qualifiers,
              null)
          .canonicalize();
    } catch (MalformedPackageURLException e) {
      throw new IllegalStateException("a package without a name: " + installed, e);
    }
  }

  private static void qualifier(Map<String, String> qualifiers, String key, String value) {
    if (!value.isEmpty()) {
      qualifiers.put(key, value);
    }
  }

  /** The format has one expression alone, or any number of names. */
  private static LicenseChoice licences(List<String> names) {
    LicenseChoice choice = new LicenseChoice();
    if (names.size() == 1 && !Spdx.isLicence(names.get(0)) && Spdx.isExpression(names.get(0))) {
      choice.setExpression(new Expression(names.get(0)));
      return choice;
    }
    for (String name : names) {
      License licence = new License();
      if (Spdx.isLicence(name)) {
        licence.setId(name);
      } else {
        licence.setName(name);
      }
      choice.addLicense(licence);
    }
    return choice;
  }

  private static Component component(Component.Type type, String name, String version) {
    Component component = new Component();
    component.setType(type);
    component.setName(name);
    if (!version.isEmpty()) {
      component.setVersion(version);
    }
    return component;
  }

  private static Property property(String name, String value) {
    Property property = new Property();
    property.setName(name);
    property.setValue(value);
    return property;
  }

  private static Hash hash(Digest digest) {
    return new Hash(Hash.Algorithm.SHA_256, digest.hex());
  }
}
