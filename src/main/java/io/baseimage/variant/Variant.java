package io.baseimage.variant;

import io.baseimage.image.ImageReference;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One recipe of a base image, complete and validated: what {@code extends} named is merged in.
 *
 * @param name the variant's name, which is its file's without {@code .yaml}
 * @param title a short name for people, which becomes {@code org.opencontainers.image.title}
 * @param description one sentence, which becomes {@code org.opencontainers.image.description}
 * @param distribution the distribution
 * @param release the distribution's release as its users write it, for example {@code 24.04}
 * @param codename the release's archive name, for example {@code noble}; Amazon Linux has none, and
 *     {@code amzn2023} stands for it
 * @param endOfLife the day on which the distribution's free support of the release ends or has
 *     ended, a fact that the image's labels tell. It does not say where packages come from: an
 *     archive may go on answering for years, as that of Ubuntu 16.04 does
 * @param base where the variant starts from
 * @param packages packages on top of what the services need
 * @param locale the value of {@code LANG}, a UTF-8 locale spelled as {@code en_US.UTF-8}
 * @param timezone a name of the time zone database
 * @param services what runs in the image
 * @param environment variables of the image, besides those of the locale
 * @param labels labels of the image, besides those that the toolkit sets
 * @param run shell programs that run as root at the end of the package layer
 * @param tags how its versions are named
 * @param parent the variant that this one extends, if it only adds to it: then what makes the one
 *     also begins the other
 * @param givenMirror the archive that a run has named for it, in the place of what its files say
 * @param source the file that it was read from
 */
public record Variant(
    String name,
    String title,
    String description,
    Distribution distribution,
    String release,
    String codename,
    Optional<LocalDate> endOfLife,
    Base base,
    List<String> packages,
    String locale,
    String timezone,
    Services services,
    Map<String, String> environment,
    Map<String, String> labels,
    List<String> run,
    Tags tags,
    Optional<Variant> parent,
    Optional<String> givenMirror,
    Path source) {
  /** The name of the JSON schema that describes a variant's file, which is beside the files. */
  public static final String SCHEMA = "variant.schema.json";

  private static final String STAND_IN = "-stand-in";

  /**
   * Copies the collections: a variant does not change.
   *
   * @throws IllegalArgumentException for a value that no file of a variant may hold
   */
  public Variant {
    TextRule.require(Syntax.VARIANT_NAME, "name", name);
    TextRule.require(Syntax.LINE, "title", title);
    TextRule.require(Syntax.LINE, "description", description);
    TextRule.require(Syntax.RELEASE, "release", release);
    TextRule.require(Syntax.SUITE, "codename", codename);
    TextRule.require(Syntax.LOCALE, "locale", locale);
    TextRule.require(Syntax.TIMEZONE, "timezone", timezone);
    packages.forEach(item -> TextRule.require(Syntax.PACKAGE, "packages", item));
    environment.forEach(
        (key, value) -> {
          TextRule.require(Syntax.VARIABLE, "environment." + key, key);
          TextRule.require(Syntax.VALUE, "environment." + key, value);
        });
    labels.forEach(
        (key, value) -> {
          TextRule.require(Syntax.LABEL, "labels." + key, key);
          TextRule.require(Syntax.VALUE, "labels." + key, value);
        });
    givenMirror.ifPresent(address -> TextRule.require(Syntax.MIRROR, "mirror", address));
    run.forEach(program -> TextRule.require(Syntax.PROGRAM, "run", program));
    complain("tags.series", TagSyntax.complainAboutSeries(tags.series(), release));
    complain("tags.pattern", TagSyntax.complainAboutLength(tags, name, release));
    packages = List.copyOf(packages);
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    run = List.copyOf(run);
  }

  private static void complain(String what, Optional<String> complaint) {
    complaint.ifPresent(
        message -> {
          throw new IllegalArgumentException(what + ": " + message);
        });
  }

  /**
   * Does nothing for a name that a variant may have.
   *
   * @throws IllegalArgumentException for any other
   */
  public static void requireName(String name) {
    TextRule.require(Syntax.VARIANT_NAME, "name", name);
  }

  /** The name of its file, which stays what it is when a run changes the variant's own. */
  public String recipe() {
    return RecipeFile.nameOf(source);
  }

  /** The variants that it adds to, the first of all first, and itself. */
  public List<Variant> lineage() {
    List<Variant> lineage = new ArrayList<>(parent.map(Variant::lineage).orElse(List.of()));
    lineage.add(this);
    return lineage;
  }

  /** Whether an image of the other becomes one of this by installing more and setting anew. */
  boolean onlyAddsTo(Variant other) {
    return distribution == other.distribution
        && release.equals(other.release)
        && codename.equals(other.codename)
        && base.image().equals(other.base.image())
        && base.mirror().equals(other.base.mirror())
        // Chinese images have tools that no other has.
        && (locale.startsWith("zh_CN") || !other.locale.startsWith("zh_CN"))
        && services.onlyAddTo(other.services)
        && beginsWith(packages, other.packages)
        && beginsWith(run, other.run);
  }

  private static boolean beginsWith(List<String> list, List<String> other) {
    return list.size() >= other.size() && list.subList(0, other.size()).equals(other);
  }

  Variant on(Variant other) {
    return copy(name, title, description, base, tags, Optional.of(other), givenMirror, source);
  }

  /** Whether the other is the same in all but the file that it was read from. */
  public boolean isSameRecipe(Variant other) {
    return copy(name, title, description, base, tags, parent, givenMirror, other.source)
        .equals(other);
  }

  /** The image as registries name it that the distribution makes of the release. */
  public ImageReference officialImage() {
    return Base.official(distribution, release);
  }

  /**
   * The same recipe for a base of another release, under a name that says so.
   *
   * @param what the release that the base is of
   */
  public Variant standIn(String what) {
    return copy(
        name.substring(0, Math.min(name.length(), Syntax.MAX_NAME_LENGTH - STAND_IN.length()))
            + STAND_IN,
        title + ", on a stand-in: " + what,
        description + "; built on " + what + ", which stands in for " + officialImage(),
        base,
        tags.underAnotherName(),
        parent,
        givenMirror,
        source);
  }

  /** The same without another way to a base than its image. */
  Variant onThisImageOnly() {
    return copy(
        name,
        title,
        description,
        new Base(base.image(), Optional.empty(), base.mirror()),
        tags,
        parent,
        givenMirror,
        source);
  }

  /** The same, said to be built of an archive that a run has named. */
  Variant fromMirror(String mirror) {
    return copy(name, title, description, base, tags, parent, Optional.of(mirror), source);
  }

  private Variant copy(
      String newName,
      String newTitle,
      String newDescription,
      Base newBase,
      Tags newTags,
      Optional<Variant> newParent,
      Optional<String> newMirror,
      Path newSource) {
    return new Variant(
        newName,
        newTitle,
        newDescription,
        distribution,
        release,
        codename,
        endOfLife,
        newBase,
        packages,
        locale,
        timezone,
        services,
        environment,
        labels,
        run,
        newTags,
        newParent,
        newMirror,
        newSource);
  }
}
