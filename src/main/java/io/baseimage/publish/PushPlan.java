package io.baseimage.publish;

import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import io.baseimage.pipeline.Registries;
import io.baseimage.pipeline.Registry;
import io.baseimage.version.TagRule;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What would be published of images that are not built yet; nothing is written to a registry. */
public final class PushPlan {
  private final Registries registries;
  private final Path cache;
  private final Clock clock;
  private final Map<ImageReference, Tags> read = new HashMap<>();

  /** Plans for these registries. */
  public PushPlan(Registries registries, Path cache, Clock clock) {
    this.registries = registries;
    this.cache = cache;
    this.clock = clock;
  }

  /** Those of a repository, and those that somebody may be setting still. */
  private record Tags(List<String> all, Set<String> pending) {}

  /**
   * What would be done, in words, for one variant.
   *
   * @param platforms those that are to be published together
   * @return a line for each thing
   * @throws io.baseimage.pipeline.RegistryException if the repository as it is forbids it
   */
  public List<String> of(
      ImageReference repository, TagRule rule, List<String> aliases, List<Platform> platforms) {
    Registry registry = registries.open(repository);
    Tags tags = read.computeIfAbsent(repository, name -> read(registry));
    Set<String> given =
        new TreeSet<>(new Objections(registry).require(rule, aliases, platforms, tags.all()));
    given.removeAll(tags.all());
    List<String> lines = new ArrayList<>();
    given.forEach(
        tag -> lines.add("leave out " + repository.withTag(tag) + ", which an alias names still"));
    for (String tag : tags.pending()) {
      if (rule.versionOf(tag).isPresent()) {
        lines.add("leave out " + repository.withTag(tag) + ", which somebody may be setting still");
        given.add(tag);
      }
    }
    if (!aliases.isEmpty()) {
      GivenVersions.requireNewest(registry, rule, tags.all(), given, clock);
    }
    List<String> taken = new ArrayList<>(tags.all());
    taken.addAll(given);
    lines.add("publish " + repository.withTag(rule.tag(rule.next(taken, clock))));
    aliases.forEach(alias -> lines.add("  then move " + repository.withTag(alias)));
    return lines;
  }

  private Tags read(Registry registry) {
    List<String> all = registry.tags();
    return new Tags(all, new RepositoryTags(registry, cache).pending(all));
  }
}
