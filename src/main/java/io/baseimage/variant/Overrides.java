package io.baseimage.variant;

import io.baseimage.image.ImageReference;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a run changes in every variant, without a file.
 *
 * @param image the base's image, in the place of {@code base.image}
 * @param mirror the archive's address, in the place of {@code base.bootstrap.mirror}
 * @param locale the value of {@code LANG}
 * @param timezone a name of the time zone database
 */
public record Overrides(
    Optional<String> image,
    Optional<String> mirror,
    Optional<String> locale,
    Optional<String> timezone) {
  /** Changes nothing. */
  public static final Overrides NONE =
      new Overrides(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Validates.
   *
   * @throws IllegalArgumentException for a value that no variant may have; its message begins with
   *     the name of the option that sets it
   */
  public Overrides {
    image.ifPresent(rule(Syntax.IMAGE, "--base-image"));
    mirror.ifPresent(rule(Syntax.MIRROR, "--mirror"));
    locale.ifPresent(rule(Syntax.LOCALE, "--locale"));
    timezone.ifPresent(rule(Syntax.TIMEZONE, "--timezone"));
  }

  private static Consumer<String> rule(TextRule rule, String option) {
    return value -> TextRule.require(rule, option, value);
  }

  /** What is changed of where a variant starts from. */
  Recipe ofBase() {
    return recipe(
        image.map(name -> ImageReference.parse(name).toString()).orElse(null),
        mirror.orElse(null),
        null,
        null);
  }

  /**
   * A file's recipe with what is changed of where it starts from. Where packages are no apt's there
   * is nothing that a mirror could be put in the place of.
   */
  Recipe onBase(RecipeFile file, Recipe recipe, Problems problems) {
    Distribution distribution = recipe.distribution();
    if (mirror.isPresent()
        && distribution != null
        && distribution.packageManager() != PackageManager.APT) {
      problems.add(
          file.root().place(),
          "--mirror",
          "is for Debian and Ubuntu, not for " + distribution.title());
      return recipe;
    }
    return ofBase().over(recipe);
  }

  /**
   * What a variant is besides: whoever names an image does not want one to be made in its place,
   * and an archive is noted that is not the one of its files.
   */
  Optional<Variant> noted(Optional<Variant> variant) {
    Optional<Variant> based = image.isPresent() ? variant.map(Variant::onThisImageOnly) : variant;
    return mirror.isPresent() ? based.map(each -> each.fromMirror(mirror.get())) : based;
  }

  /** The same with another mirror. */
  public Overrides withMirror(Optional<String> other) {
    return new Overrides(image, other, locale, timezone);
  }

  /** Whether a variant can have all of this: a mirror is for apt's packages. */
  public boolean isFor(Variant variant) {
    return mirror.isEmpty() || variant.distribution().packageManager() == PackageManager.APT;
  }

  /** As much of it as a variant can have. */
  public Overrides asFarAsFor(Variant variant) {
    return isFor(variant) ? this : withMirror(Optional.empty());
  }

  /** What is changed of language and time. */
  Recipe ofLanguage() {
    return recipe(null, null, locale.orElse(null), timezone.orElse(null));
  }

  /**
   * What a variant is called once its language and time are changed: another image is not to take
   * its name. A locale adds its language and territory, a time zone its name; the one of zh_CN is
   * that of China, as in the variants of that name.
   */
  String rename(Variant variant) {
    String newLocale = locale.map(Syntax::spelledOut).orElse(variant.locale());
    String newZone = timezone.map(Syntax::canonicalZone).orElse(variant.timezone());
    if (newLocale.equals(variant.locale()) && newZone.equals(variant.timezone())) {
      return variant.name();
    }
    String name = variant.name();
    String usual = variant.timezone();
    if (!newLocale.equals(variant.locale())) {
      String territory = newLocale.replaceFirst("\\..*", "");
      name += "-" + territory;
      usual = territory.equals("zh_CN") ? "Asia/Shanghai" : usual;
    }
    return newZone.equals(usual)
        ? name
        : name + "-" + newZone.replace("/", "_").replace("+", "plus");
  }

  private static Recipe recipe(
      @Nullable String image,
      @Nullable String mirror,
      @Nullable String locale,
      @Nullable String timezone) {
    return new Recipe(
        null,
        null,
        null,
        null,
        null,
        null,
        image,
        new Recipe.Archive(null, null, null, null, null, null, null, mirror),
        null,
        locale,
        timezone,
        Recipe.Running.UNSAID,
        null,
        null,
        null,
        Recipe.Tagging.UNSAID);
  }
}
