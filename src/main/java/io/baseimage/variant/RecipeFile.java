package io.baseimage.variant;

import io.baseimage.variant.Node.Mapping;
import io.baseimage.variant.Node.Place;
import io.baseimage.variant.Recipe.Archive;
import io.baseimage.variant.Recipe.Running;
import io.baseimage.variant.Recipe.Tagging;
import io.baseimage.variant.Services.Syslog;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A variant's file as it was read.
 *
 * @param name the variant's name
 * @param parent the variant that it extends, or null
 * @param root the whole document
 */
record RecipeFile(Path file, String name, @Nullable String parent, Recipe recipe, Mapping root) {
  static final Set<String> FIELDS =
      ordered(
          "extends",
          "title",
          "description",
          "distribution",
          "release",
          "codename",
          "endOfLife",
          "base",
          "packages",
          "locale",
          "timezone",
          "services",
          "environment",
          "labels",
          "run",
          "tags");
  static final Set<String> BASE_FIELDS = ordered("image", "bootstrap");
  static final Set<String> BOOTSTRAP_FIELDS =
      ordered("tool", "suite", "flavour", "components", "pockets", "keyring", "script", "mirror");
  static final Set<String> SERVICES_FIELDS = ordered("syslog", "cron", "logrotate", "sshd");

  static final Set<String> TAGS_FIELDS =
      ordered("pattern", "series", "repositorySuffix", "aliases");

  static final Map<String, Distribution> DISTRIBUTIONS =
      byName(Distribution.values(), Distribution::id);
  static final Map<String, Bootstrap.Tool> TOOLS =
      byName(Bootstrap.Tool.values(), Bootstrap.Tool::program);
  static final Map<String, Syslog> SYSLOGS = byName(Syslog.values(), Syslog::id);
  static final Map<String, Tags.Series> SERIES = byName(Tags.Series.values(), Tags.Series::id);
  static final Map<String, String> FLAVOURS =
      byName(
          new String[] {
            "apt", "buildd", "essential", "important", "minbase", "required", "standard"
          },
          Function.identity());

  /** Reads a file; nothing if it has no fields at all. What is wrong goes into the problems. */
  static Optional<RecipeFile> read(Path file, Problems problems) {
    String name = nameOf(file);
    Syntax.VARIANT_NAME
        .complaint(name)
        .ifPresent(complaint -> problems.add(Place.WHOLE_FILE, "", complaint + " (a file's name)"));
    return YamlReader.read(file, problems).map(root -> of(file, name, root, problems));
  }

  /** The file's name without {@code .yaml} or {@code .yml}. */
  static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
  }

  /** The same place for a recipe of another name, which has no title of its own. */
  RecipeFile named(String other) {
    return new RecipeFile(file, other, parent, Recipe.UNSAID, root);
  }

  /** Where a property's value begins, or the innermost map that could hold it. */
  Place placeOf(String path) {
    Node node = root;
    for (String field : path.split("\\.", -1)) {
      if (!(node instanceof Mapping mapping) || mapping.entries().get(field) == null) {
        break;
      }
      node = mapping.entries().get(field).value();
    }
    return node.place();
  }

  private static RecipeFile of(Path file, String name, Mapping root, Problems problems) {
    Section top = Section.of(root, "", FIELDS, problems);
    Section base = top.section("base", BASE_FIELDS);
    Section bootstrap = base == null ? null : base.section("bootstrap", BOOTSTRAP_FIELDS);
    Section services = top.section("services", SERVICES_FIELDS);
    Section tags = top.section("tags", TAGS_FIELDS);
    Recipe recipe =
        new Recipe(
            top.line("title"),
            top.line("description"),
            top.choice("distribution", DISTRIBUTIONS),
            top.asWritten("release", Syntax.RELEASE),
            top.text("codename", Syntax.SUITE),
            top.asWritten("endOfLife", Syntax.DATE),
            base == null ? null : base.text("image", Syntax.IMAGE),
            bootstrap == null ? Archive.UNSAID : archive(bootstrap),
            top.texts("packages", Syntax.PACKAGE),
            top.text("locale", Syntax.LOCALE),
            top.text("timezone", Syntax.TIMEZONE),
            services == null ? Running.UNSAID : running(services),
            top.map("environment", Syntax.VARIABLE, Syntax.VALUE),
            top.map("labels", Syntax.LABEL, Syntax.VALUE),
            top.texts("run", Syntax.PROGRAM),
            tags == null ? Tagging.UNSAID : tagging(tags));
    return new RecipeFile(file, name, top.asWritten("extends", Syntax.VARIANT_NAME), recipe, root);
  }

  private static Archive archive(Section section) {
    return new Archive(
        section.choice("tool", TOOLS),
        section.text("suite", Syntax.SUITE),
        section.choice("flavour", FLAVOURS),
        section.texts("components", Syntax.SUITE),
        section.texts("pockets", Syntax.POCKET),
        section.text("keyring", Syntax.KEYRING),
        section.text("script", Syntax.SUITE),
        section.text("mirror", Syntax.MIRROR));
  }

  private static Running running(Section section) {
    return new Running(
        section.choice("syslog", SYSLOGS),
        section.flag("cron"),
        section.flag("logrotate"),
        section.flag("sshd"));
  }

  private static Tagging tagging(Section section) {
    return new Tagging(
        section.text("pattern", TagSyntax.PATTERN),
        section.choice("series", SERIES),
        section.text("repositorySuffix", TagSyntax.SUFFIX),
        section.texts("aliases", TagSyntax.ALIAS));
  }

  private static Set<String> ordered(String... names) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(names)));
  }

  private static <T> Map<String, T> byName(T[] values, Function<T, String> name) {
    Map<String, T> map = new LinkedHashMap<>();
    for (T value : values) {
      map.put(name.apply(value), value);
    }
    return Collections.unmodifiableMap(map);
  }
}
