package io.baseimage.pipeline;

import io.baseimage.context.BuildContext;
import io.baseimage.image.Digest;
import io.baseimage.template.DockerfileTemplate;
import io.baseimage.variant.Services;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns a variant and its base into the context that an engine builds. */
public final class ImageRecipe {
  /** The label that says which variant an image was built of. */
  public static final String VARIANT_LABEL = "io.baseimage.variant";

  /** The label that says which variant's file that was made of, be it changed or on a stand-in. */
  public static final String RECIPE_LABEL = "io.baseimage.recipe";

  /** The label that says what the base is where it is of another release. */
  public static final String STAND_IN_LABEL = StandIn.LABEL;

  /** The label that says which inputs an image was built from. */
  public static final String INPUTS_LABEL = "io.baseimage.inputs";

  /** The label that says when the distribution's free support ends. */
  public static final String END_OF_LIFE_LABEL = "io.baseimage.end-of-life";

  /** The label that names the base. */
  public static final String BASE_NAME_LABEL = "org.opencontainers.image.base.name";

  /** The label with the base's digest: its registry's, or else the engine's id of it. */
  public static final String BASE_DIGEST_LABEL = "org.opencontainers.image.base.digest";

  /** The label that says who knows the base by that digest: {@link ResolvedBase.Origin}. */
  public static final String BASE_ORIGIN_LABEL = "io.baseimage.base.origin";

  /** The label that says which time zone an image has. */
  public static final String TIMEZONE_LABEL = "io.baseimage.timezone";

  /** The label that says of which archive's packages an image is, if a run has named one. */
  public static final String MIRROR_LABEL = "io.baseimage.mirror";

  /** The label that says when an image was built. */
  public static final String CREATED_LABEL = "org.opencontainers.image.created";

  /** The label that says of which revision the recipes are that an image was built from. */
  public static final String REVISION_LABEL = "org.opencontainers.image.revision";

  /** The label that says where the recipes are kept that an image was built from. */
  public static final String SOURCE_LABEL = "org.opencontainers.image.source";

  /** The build argument that names the base. */
  public static final String BASE_ARGUMENT = "BASE";

  /**
   * The list of the runtime's files in an image, in the form of sha256sum(1), which can check it.
   */
  public static final String RUNTIME_LIST = "/usr/lib/baseimage/SHA256SUMS";

  // Not the epoch itself: tools take files of 1970 for broken ones.
  static final Instant FILES_MODIFIED = Instant.parse("2020-01-01T00:00:00Z");
  private static final String ROOT = "rootfs/";

  private final DockerfileTemplate template;
  private final Path initScripts;
  private final SourceFacts source;
  private final Function<Variant, Digest> programSources;

  /**
   * Recipes from these sources.
   *
   * @param initScripts the folder with a folder for each feature, laid out as in an image; those of
   *     one family of package managers are in a folder of that name
   * @param programSources what decides the compiled programs of a variant, as {@link
   *     ImagePrograms#sources} has it
   */
  public ImageRecipe(
      DockerfileTemplate template,
      Path initScripts,
      SourceFacts source,
      Function<Variant, Digest> programSources) {
    this.template = template;
    this.initScripts = initScripts;
    this.source = source;
    this.programSources = programSources;
  }

  /**
   * A context.
   *
   * @param inputs the digest of all that went into it, but for where the recipes come from
   * @param labels those of the image, but for the time of its making
   */
  public record Rendered(BuildContext context, String inputs, Map<String, String> labels) {
    /** Copies the labels. */
    public Rendered {
      labels = Map.copyOf(labels);
    }

    /** Gives the files that the toolkit itself puts into the image, by their paths in it. */
    public void runtime(BuildContext.FileTaker taker) {
      context.files(ROOT, taker);
    }
  }

  /**
   * Renders a variant on a base.
   *
   * @param programs the compiled programs, by their paths in the image
   */
  public Rendered render(Variant asked, ResolvedBase base, SortedMap<String, byte[]> programs) {
    Variant variant = base.buildable(asked);
    Map<String, String> labels = labels(variant, base);
    // Where the recipes come from is no input: the same files make the same of any commit.
    String inputs = context(variant, base, programs, labels, FILES_MODIFIED).digest().toString();
    labels.put(INPUTS_LABEL, inputs);
    // Outside version control the inputs' own digest is the only true name of their state.
    labels.put(REVISION_LABEL, source.revision().orElse(inputs));
    labels.put(SOURCE_LABEL, source.url());
    return new Rendered(context(variant, base, programs, labels, source.date()), inputs, labels);
  }

  /** Of which revision the recipes are; empty outside version control. */
  public Optional<String> revision() {
    return source.revision();
  }

  /** The same recipes, said to come from elsewhere. */
  ImageRecipe from(SourceFacts other) {
    return new ImageRecipe(template, initScripts, other, programSources);
  }

  /**
   * What a variant's images are made of now, for which nothing has to be compiled.
   *
   * @param variant what is built, be it the variant or a stand-in for it
   */
  public Fingerprints fingerprints(Variant variant) {
    String recipe = template.render(variant, "", "", ofVariant(variant));
    BuildContext.Builder runtime =
        BuildContext.builder(FILES_MODIFIED)
            .file("programs", bytes(programSources.apply(variant).toString()), false);
    addFeatures(runtime, variant);
    return new Fingerprints(
        Digest.of(bytes(settings(variant))), Digest.of(bytes(recipe)), runtime.build().digest());
  }

  /** Whatever of a variant may change an image, in a line for each. */
  private static String settings(Variant variant) {
    List<Object> settings = new ArrayList<>();
    for (Variant each : variant.lineage()) {
      settings.addAll(
          List.of(
              each.distribution(),
              each.release(),
              each.codename(),
              each.base(),
              each.packages(),
              each.locale(),
              each.timezone(),
              each.services(),
              each.environment(),
              each.run()));
    }
    settings.add(ofVariant(variant));
    return settings.stream().map(Object::toString).collect(Collectors.joining("\n"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private BuildContext context(
      Variant variant,
      ResolvedBase base,
      SortedMap<String, byte[]> programs,
      Map<String, String> labels,
      Instant created) {
    String dockerfile =
        template.render(variant, base.reference().toString(), created.toString(), labels);
    BuildContext.Builder context =
        BuildContext.builder(FILES_MODIFIED).file("Dockerfile", bytes(dockerfile), false);
    addFeatures(context, variant);
    programs.forEach(
        (path, bytes) -> context.file(ROOT + path, bytes, !path.startsWith(RuntimePrograms.TEXTS)));
    return context.sums(ROOT, RUNTIME_LIST.substring(1)).build();
  }

  private void addFeatures(BuildContext.Builder context, Variant variant) {
    for (String feature : features(variant.services())) {
      List<Path> folders =
          List.of(initScripts, initScripts.resolve(variant.distribution().packageManager().id()));
      for (Path folder : folders) {
        add(context, folder.resolve(feature));
      }
    }
  }

  /** Adds the files of a feature, which need not have any of its own in each place. */
  private static void add(BuildContext.Builder context, Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      context.tree(ROOT, folder);
    } catch (IOException e) {
      throw new OutputException("read the files of an image", folder, e);
    }
  }

  private static List<String> features(Services services) {
    List<String> features = new ArrayList<>(List.of("core"));
    if (services.syslog() != Services.Syslog.NONE) {
      features.add("syslog");
      features.add(services.syslog().id());
    }
    if (services.cron()) {
      features.add("cron");
    }
    if (services.logrotate()) {
      features.add("logrotate");
    }
    features.add(services.sshd() ? "sshd" : "no-sshd");
    return features;
  }

  /** All but those that say where the recipes come from, and what of all together. */
  private Map<String, String> labels(Variant variant, ResolvedBase base) {
    Map<String, String> labels = new TreeMap<>();
    // What the base says of itself by these is not true of this image; a label cannot be taken off.
    base.image()
        .ifPresent(
            image ->
                image.labels().keySet().stream()
                    .filter(name -> name.startsWith("org.opencontainers.image."))
                    // The image says that of itself, and its labels do not tell whether the base
                    // did.
                    .filter(name -> !name.equals("org.opencontainers.image.created"))
                    .forEach(name -> labels.put(name, "")));
    labels.putAll(ofVariant(variant));
    labels.put(BASE_NAME_LABEL, base.reference().toString());
    base.digest().ifPresent(digest -> labels.put(BASE_DIGEST_LABEL, digest));
    base.origin().ifPresent(origin -> labels.put(BASE_ORIGIN_LABEL, origin.id()));
    labels.putAll(fingerprints(variant).labels());
    base.standIn().ifPresent(what -> labels.put(StandIn.LABEL, what));
    variant.givenMirror().ifPresent(address -> labels.put(MIRROR_LABEL, address));
    return labels;
  }

  /** The labels that the variant alone decides. */
  private static Map<String, String> ofVariant(Variant variant) {
    Map<String, String> labels = new TreeMap<>(variant.labels());
    labels.put("org.opencontainers.image.title", variant.title());
    labels.put("org.opencontainers.image.description", variant.description());
    labels.put(VARIANT_LABEL, variant.name());
    labels.put(RECIPE_LABEL, variant.recipe());
    labels.put(TIMEZONE_LABEL, variant.timezone());
    variant.endOfLife().ifPresent(day -> labels.put(END_OF_LIFE_LABEL, day.toString()));
    return labels;
  }
}
