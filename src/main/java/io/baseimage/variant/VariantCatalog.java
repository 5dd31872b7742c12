package io.baseimage.variant;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * A folder of variants, one in each file {@code NAME.yaml}. Files are read when they are asked for,
 * each time anew.
 */
public final class VariantCatalog {
  private static final String SUFFIX = ".yaml";

  private final Path directory;
  private final SortedSet<String> names;

  private VariantCatalog(Path directory, SortedSet<String> names) {
    this.directory = directory;
    this.names = names;
  }

  /**
   * Lists a folder without reading its files.
   *
   * @throws VariantException when there is no such folder
   */
  public static VariantCatalog open(Path variantsDirectory) {
    SortedSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(variantsDirectory, "[!.]*" + SUFFIX)) {
      files.forEach(file -> names.add(RecipeFile.nameOf(file)));
    } catch (IOException e) {
      throw new VariantException(
          new Problem(variantsDirectory, 0, 0, "", "expected a folder of variants, found " + e));
    }
    return new VariantCatalog(variantsDirectory, Collections.unmodifiableSortedSet(names));
  }

  /** The folder. */
  public Path directory() {
    return directory;
  }

  /** The names of its variants, in the order of their characters. */
  public SortedSet<String> names() {
    return names;
  }

  /**
   * The names that match any of the patterns, in the order of their characters; all where there is
   * no pattern.
   *
   * @param patterns names, or patterns of file names such as {@code ubuntu-*}
   * @throws VariantException when a pattern matches none
   */
  public SortedSet<String> matching(List<String> patterns) {
    if (patterns.isEmpty()) {
      return names;
    }
    SortedSet<String> matching = new TreeSet<>();
    List<Problem> found = new ArrayList<>();
    for (String pattern : patterns) {
      Predicate<String> matches = matcher(pattern);
      List<String> some = names.stream().filter(matches).toList();
      if (some.isEmpty()) {
        found.add(new Problem(directory, 0, 0, "", unknown(pattern)));
      }
      matching.addAll(some);
    }
    if (!found.isEmpty()) {
      throw new VariantException(found);
    }
    return Collections.unmodifiableSortedSet(matching);
  }

  private static Predicate<String> matcher(String pattern) {
    try {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      return name -> matcher.matches(Path.of(name));
    } catch (PatternSyntaxException e) {
      return pattern::equals;
    }
  }

  /**
   * Reads one of its variants, with all that it extends.
   *
   * @throws VariantException when there is no such variant or something is wrong with it
   */
  public Variant get(String name) {
    return get(name, Overrides.NONE);
  }

  /**
   * Reads one of its variants, with all that it extends, and changes it.
   *
   * @throws VariantException when there is no such variant or something is wrong with it
   */
  public Variant get(String name, Overrides overrides) {
    if (!names.contains(name)) {
      throw new VariantException(new Problem(directory, 0, 0, "", unknown(name)));
    }
    return get(fileOf(name), overrides);
  }

  /**
   * Reads a variant from a file, which need not be in the catalog. What it extends is looked for
   * beside it first, then in the catalog; a file does not find itself, so that one named like a
   * variant of the catalog may extend that.
   *
   * @throws VariantException when there is no such file or something is wrong with it
   */
  public Variant get(Path file) {
    return get(file, Overrides.NONE);
  }

  /**
   * Reads a variant from a file, as {@link #get(Path)} does, and changes it.
   *
   * @throws VariantException when there is no such file or something is wrong with it
   */
  public Variant get(Path file, Overrides overrides) {
    List<Problem> found = new ArrayList<>();
    List<RecipeFile> chain = chain(file, found);
    if (found.isEmpty()) {
      Problems problems = new Problems(file);
      Optional<Variant> variant = complete(chain, overrides, problems);
      if (variant.isPresent()) {
        return variant.get();
      }
      found.addAll(problems.byPlace());
    }
    throw new VariantException(found);
  }

  /** The variant of a chain of files, the last of which extends nothing. */
  private static Optional<Variant> complete(
      List<RecipeFile> chain, Overrides overrides, Problems problems) {
    Recipe recipe = Recipe.UNSAID;
    Optional<Variant> parent = Optional.empty();
    for (int i = chain.size() - 1; i >= 0; i--) {
      RecipeFile file = chain.get(i);
      recipe = file.recipe().over(recipe);
      // What a parent lacks its children may say.
      Problems here = i == 0 ? problems : new Problems(file.file());
      Recipe changed = overrides.onBase(file, recipe, here);
      parent = overrides.noted(Completion.of(file, changed, parent, here));
    }
    Optional<Variant> variant = parent;
    String name = variant.map(overrides::rename).orElse("");
    if (variant.isEmpty() || name.equals(variant.get().name())) {
      return variant;
    }
    Syntax.VARIANT_NAME
        .complaint(name)
        .ifPresent(complaint -> problems.add(Node.Place.WHOLE_FILE, "", complaint));
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    recipe = overrides.ofLanguage().over(overrides.ofBase().over(recipe));
    return overrides.noted(Completion.of(chain.get(0).named(name), recipe, variant, problems));
  }

  /** The file, what it extends, what that extends, and so on, as far as they could be read. */
  private List<RecipeFile> chain(Path first, List<Problem> found) {
    Map<Path, RecipeFile> chain = new LinkedHashMap<>();
    Optional<Path> next = Optional.of(first);
    while (next.isPresent()) {
      Path file = next.get();
      Problems problems = new Problems(file);
      Optional<RecipeFile> read = RecipeFile.read(file, problems);
      next = Optional.empty();
      if (read.isPresent()) {
        chain.put(identity(file), read.get());
        next = parentOf(read.get(), chain, problems);
      }
      found.addAll(problems.byPlace());
    }
    return List.copyOf(chain.values());
  }

  private Optional<Path> parentOf(
      RecipeFile child, Map<Path, RecipeFile> chain, Problems problems) {
    String parent = child.parent();
    if (parent == null) {
      return Optional.empty();
    }
    Path self = identity(child.file());
    Path beside = child.file().resolveSibling(parent + SUFFIX);
    Path file = fileOf(parent);
    if (Files.exists(beside) && !identity(beside).equals(self)) {
      file = beside;
    } else if (!names.contains(parent)) {
      problems.add(child.placeOf("extends"), "extends", unknown(parent));
      return Optional.empty();
    }
    if (chain.containsKey(identity(file))) {
      problems.add(child.placeOf("extends"), "extends", cycle(chain, parent));
      return Optional.empty();
    }
    return Optional.of(file);
  }

  private static String cycle(Map<Path, RecipeFile> chain, String again) {
    String links = chain.values().stream().map(RecipeFile::name).collect(Collectors.joining(" → "));
    return "variants may not extend each other in a circle, found " + links + " → " + again;
  }

  private String unknown(String name) {
    return "no variant " + Found.quoted(name) + NearestNames.hint(name, names) + list();
  }

  private String list() {
    return names.isEmpty() ? " (none are here)" : " (known: " + String.join(", ", names) + ")";
  }

  private Path fileOf(String name) {
    return directory.resolve(name + SUFFIX);
  }

  /** The same for one file however it is named. */
  private static Path identity(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize();
    }
  }
}
