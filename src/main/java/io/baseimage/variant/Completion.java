package io.baseimage.variant;

import io.baseimage.image.ImageReference;
import io.baseimage.variant.Bootstrap.Tool;
import io.baseimage.variant.Recipe.Archive;
import io.baseimage.variant.Services.Syslog;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a variant of a recipe: what it leaves unsaid is derived from what it says. */
final class Completion {
  private static final String DEFAULT_LOCALE = "en_US.UTF-8";
  private static final String DEFAULT_TIMEZONE = "UTC";
  private static final Set<String> DEBOOTSTRAP_FLAVOURS = Set.of("buildd", "minbase");

  private Completion() {}

  /**
   * The variant, or nothing if a problem with the recipe as a whole was reported.
   *
   * @param file says what the variant is called
   * @param recipe what the file and all that it extends say
   * @param parent what the file extends, if that is a variant by itself
   */
  static Optional<Variant> of(
      RecipeFile file, Recipe recipe, Optional<Variant> parent, Problems problems) {
    Distribution distribution = recipe.distribution();
    String release = recipe.release();
    String codename = codename(recipe);
    requireField(file, "distribution", "debian, ubuntu or amazonlinux", distribution, problems);
    requireField(
        file, "release", "the distribution's release such as \"24.04\"", release, problems);
    requireField(
        file, "codename", "the release's name in the archive such as noble", codename, problems);
    Recipe.Running running = recipe.running();
    boolean cron = or(running.cron(), true);
    boolean logrotate = or(running.logrotate(), cron);
    if (logrotate && !cron) {
      problems.add(
          file.placeOf("services.logrotate"),
          "services.logrotate",
          "is true, but cron, which runs it, is false");
    }
    if (distribution == Distribution.AMAZONLINUX) {
      complainAboutAmazonLinux(file, recipe, problems);
    }
    if (recipe.archive().tool() == Tool.DEBOOTSTRAP
        && recipe.archive().flavour() != null
        && !DEBOOTSTRAP_FLAVOURS.contains(recipe.archive().flavour())) {
      problems.add(
          file.placeOf("base.bootstrap.flavour"),
          "base.bootstrap.flavour",
          "expected minbase or buildd, which debootstrap knows, found "
              + Found.quoted(recipe.archive().flavour()));
    }
    Tags tags = tags(file.recipe().tags(), recipe.tags());
    if (release != null) {
      complain(
          file, "tags.series", TagSyntax.complainAboutSeries(tags.series(), release), problems);
      complain(
          file,
          "tags.pattern",
          TagSyntax.complainAboutLength(tags, file.name(), release),
          problems);
    }
    if (distribution == null || release == null || codename == null || !problems.isEmpty()) {
      return Optional.empty();
    }
    Services services =
        new Services(
            or(running.syslog(), defaultSyslog(distribution)),
            cron,
            logrotate,
            or(running.sshd(), false));
    String title = or(file.recipe().title(), title(file.name(), distribution, release));
    Variant variant =
        new Variant(
            file.name(),
            title,
            or(file.recipe().description(), description(distribution, release, codename, services)),
            distribution,
            release,
            codename,
            Optional.ofNullable(recipe.endOfLife()).map(LocalDate::parse),
            new Base(
                recipe.image() == null
                    ? Base.official(distribution, release)
                    : ImageReference.parse(recipe.image()),
                distribution == Distribution.AMAZONLINUX
                    ? Optional.empty()
                    : Optional.of(bootstrap(recipe.archive(), distribution, codename)),
                Optional.ofNullable(recipe.archive().mirror())),
            or(recipe.packages(), List.of()),
            Syntax.spelledOut(or(recipe.locale(), DEFAULT_LOCALE)),
            Syntax.canonicalZone(or(recipe.timezone(), DEFAULT_TIMEZONE)),
            services,
            or(recipe.environment(), Map.of()),
            or(recipe.labels(), Map.of()),
            or(recipe.run(), List.of()),
            tags,
            Optional.empty(),
            Optional.empty(),
            file.file());
    return Optional.of(parent.filter(variant::onlyAddsTo).map(variant::on).orElse(variant));
  }

  /** Amazon Linux has no names for its releases but their numbers. */
  private static @Nullable String codename(Recipe recipe) {
    String release = recipe.release();
    if (recipe.codename() == null
        && recipe.distribution() == Distribution.AMAZONLINUX
        && release != null) {
      return "amzn" + release.toLowerCase(Locale.ROOT);
    }
    return recipe.codename();
  }

  /** What is of one image only is what its own file says, also when a run changes the rest. */
  private static Tags tags(Recipe.Tagging own, Recipe.Tagging all) {
    return new Tags(
        Optional.ofNullable(own.pattern() == null ? all.pattern() : own.pattern()),
        or(all.series(), Tags.Series.CALENDAR),
        or(all.repositorySuffix(), ""),
        Optional.ofNullable(own.aliases()));
  }

  private static void complain(
      RecipeFile file, String field, Optional<String> complaint, Problems problems) {
    complaint.ifPresent(message -> problems.add(file.placeOf(field), field, message));
  }

  private static Syslog defaultSyslog(Distribution distribution) {
    return distribution == Distribution.AMAZONLINUX ? Syslog.RSYSLOG : Syslog.SYSLOG_NG;
  }

  private static void complainAboutAmazonLinux(RecipeFile file, Recipe recipe, Problems problems) {
    if (recipe.running().syslog() == Syslog.SYSLOG_NG) {
      problems.add(
          file.placeOf("services.syslog"),
          "services.syslog",
          "expected rsyslog or none: no release of Amazon Linux has syslog-ng");
    }
    if (!recipe.archive().equals(Archive.UNSAID)) {
      problems.add(
          file.placeOf("base.bootstrap"),
          "base.bootstrap",
          "is not for amazonlinux: no tool makes its base of packages; a registry or the engine has"
              + " to have base.image");
    }
  }

  private static Bootstrap bootstrap(Archive said, Distribution distribution, String codename) {
    Tool tool = or(said.tool(), Tool.MMDEBSTRAP);
    boolean isUbuntu = distribution == Distribution.UBUNTU;
    // mmdebstrap's minbase has no apt in Ubuntu, where its priority is not "required".
    return new Bootstrap(
        tool,
        or(said.suite(), codename),
        or(said.flavour(), "minbase"),
        or(said.components(), isUbuntu ? List.of("main", "universe") : List.of("main")),
        or(said.pockets(), List.of("-updates", "-security")),
        or(said.keyring(), distribution.id() + "-archive-keyring"),
        Optional.ofNullable(said.script()),
        Optional.ofNullable(said.mirror()));
  }

  /** {@code Ubuntu 24.04}, and in brackets what a longer name says beyond that. */
  private static String title(String name, Distribution distribution, String release) {
    String plain = distribution.title() + " " + release;
    String prefix = distribution.id() + "-" + release;
    if (name.equals(prefix)) {
      return plain;
    }
    return plain
        + " ("
        + (name.startsWith(prefix + "-") ? name.substring(prefix.length() + 1) : name)
        + ")";
  }

  private static String description(
      Distribution distribution, String release, String codename, Services services) {
    List<String> parts = new ArrayList<>(List.of("my_init", "runit"));
    if (services.syslog() != Syslog.NONE) {
      parts.add(services.syslog().id());
    }
    if (services.cron()) {
      parts.add("cron");
    }
    if (services.logrotate()) {
      parts.add("logrotate");
    }
    if (services.sshd()) {
      parts.add("sshd");
    }
    String last = parts.remove(parts.size() - 1);
    String known = distribution == Distribution.AMAZONLINUX ? "" : " (" + codename + ")";
    return String.format(
        "%s %s%s with %s and %s",
        distribution.title(), release, known, String.join(", ", parts), last);
  }

  private static void requireField(
      RecipeFile file, String field, String expected, @Nullable Object value, Problems problems) {
    if (value == null) {
      problems.add(
          file.root().place(),
          field,
          "is missing; expected " + expected + ", here or in a variant that this one extends");
    }
  }

  private static <T> T or(@Nullable T said, T derived) {
    return Objects.requireNonNullElse(said, derived);
  }
}
