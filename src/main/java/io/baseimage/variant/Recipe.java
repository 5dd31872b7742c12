package io.baseimage.variant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one file says, or several that extend each other; null where nothing is said. */
record Recipe(
    @Nullable String title,
    @Nullable String description,
    @Nullable Distribution distribution,
    @Nullable String release,
    @Nullable String codename,
    @Nullable String endOfLife,
    @Nullable String image,
    Archive archive,
    @Nullable List<String> packages,
    @Nullable String locale,
    @Nullable String timezone,
    Running running,
    @Nullable Map<String, String> environment,
    @Nullable Map<String, String> labels,
    @Nullable List<String> run,
    Tagging tags) {
  static final Recipe UNSAID =
      new Recipe(
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          Archive.UNSAID,
          null,
          null,
          null,
          Running.UNSAID,
          null,
          null,
          null,
          Tagging.UNSAID);

  /** {@code base.bootstrap}. */
  record Archive(
      Bootstrap.@Nullable Tool tool,
      @Nullable String suite,
      @Nullable String flavour,
      @Nullable List<String> components,
      @Nullable List<String> pockets,
      @Nullable String keyring,
      @Nullable String script,
      @Nullable String mirror) {
    static final Archive UNSAID = new Archive(null, null, null, null, null, null, null, null);

    Archive over(Archive parent) {
      return new Archive(
          either(tool, parent.tool),
          either(suite, parent.suite),
          either(flavour, parent.flavour),
          distinct(parent.components, components),
          distinct(parent.pockets, pockets),
          either(keyring, parent.keyring),
          either(script, parent.script),
          either(mirror, parent.mirror));
    }
  }

  /** {@code services}. */
  record Running(
      Services.@Nullable Syslog syslog,
      @Nullable Boolean cron,
      @Nullable Boolean logrotate,
      @Nullable Boolean sshd) {
    static final Running UNSAID = new Running(null, null, null, null);

    Running over(Running parent) {
      return new Running(
          either(syslog, parent.syslog),
          either(cron, parent.cron),
          either(logrotate, parent.logrotate),
          either(sshd, parent.sshd));
    }
  }

  /** {@code tags}. */
  record Tagging(
      @Nullable String pattern,
      Tags.@Nullable Series series,
      @Nullable String repositorySuffix,
      @Nullable List<String> aliases) {
    static final Tagging UNSAID = new Tagging(null, null, null, null);

    Tagging over(Tagging parent) {
      boolean isForAll = parent.pattern != null && TagSyntax.namesVariant(parent.pattern);
      return new Tagging(
          pattern == null && isForAll ? parent.pattern : pattern,
          either(series, parent.series),
          either(repositorySuffix, parent.repositorySuffix),
          aliases);
    }
  }

  /**
   * This recipe on top of the one it extends: single values replace, lists append, maps merge. A
   * title, a description, aliases and a pattern of tags that does not name the variant are of one
   * image and are not inherited.
   */
  Recipe over(Recipe parent) {
    return new Recipe(
        title,
        description,
        either(distribution, parent.distribution),
        either(release, parent.release),
        either(codename, parent.codename),
        either(endOfLife, parent.endOfLife),
        either(image, parent.image),
        archive.over(parent.archive),
        distinct(parent.packages, packages),
        either(locale, parent.locale),
        either(timezone, parent.timezone),
        running.over(parent.running),
        merged(parent.environment, environment),
        merged(parent.labels, labels),
        appended(parent.run, run),
        tags.over(parent.tags));
  }

  private static <T> @Nullable T either(@Nullable T child, @Nullable T parent) {
    return child == null ? parent : child;
  }

  private static @Nullable List<String> appended(
      @Nullable List<String> parent, @Nullable List<String> child) {
    if (parent == null || child == null) {
      return either(child, parent);
    }
    List<String> all = new ArrayList<>(parent);
    all.addAll(child);
    return all;
  }

  private static @Nullable List<String> distinct(
      @Nullable List<String> parent, @Nullable List<String> child) {
    List<String> all = appended(parent, child);
    return all == null ? null : List.copyOf(new LinkedHashSet<>(all));
  }

  private static @Nullable Map<String, String> merged(
      @Nullable Map<String, String> parent, @Nullable Map<String, String> child) {
    if (parent == null || child == null) {
      return either(child, parent);
    }
    Map<String, String> all = new LinkedHashMap<>(parent);
    all.putAll(child);
    return all;
  }
}
