package io.baseimage.inventory;

import io.baseimage.pipeline.ImageDescription;
import io.baseimage.pipeline.ImageDifference;
import io.baseimage.pipeline.ImageDifference.Change;
import io.baseimage.pipeline.InstalledPackage;
import io.baseimage.pipeline.Inventory;
import io.baseimage.pipeline.PackageChange;
import io.baseimage.pipeline.PackageChange.Kind;
import io.baseimage.pipeline.PackageFormat;
import io.baseimage.pipeline.RuntimeFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs between images. */
public final class Differences {
  private Differences() {}

  /** Everything that is known to differ. */
  public static ImageDifference between(ImageDescription from, ImageDescription to) {
    Optional<List<PackageChange>> packages = Optional.empty();
    Optional<List<Change>> runtime = Optional.empty();
    if (from.inventory().isPresent() && to.inventory().isPresent()) {
      Inventory before = from.inventory().get();
      Inventory after = to.inventory().get();
      packages = Optional.of(packages(before, after));
      runtime = Optional.of(changes(files(before), files(after)));
    }
    return new ImageDifference(
        from,
        to,
        packages,
        runtime,
        changes(from.configuration().settings(), to.configuration().settings()));
  }

  /** The packages that are others, by kind and name. */
  public static List<PackageChange> packages(Inventory before, Inventory after) {
    Comparator<String> order =
        after.format().or(before::format).equals(Optional.of(PackageFormat.RPM))
            ? new RpmVersions()
            : new DebianVersions();
    Map<String, List<InstalledPackage>> old = byName(before);
    Map<String, List<InstalledPackage>> now = byName(after);
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    List<PackageChange> changes = new ArrayList<>();
    for (String name : names) {
      List<InstalledPackage> gone = new ArrayList<>(old.getOrDefault(name, List.of()));
      List<InstalledPackage> come = new ArrayList<>(now.getOrDefault(name, List.of()));
      pair(gone, come, order, changes);
    }
    changes.sort(
        Comparator.comparing(PackageChange::kind)
            .thenComparing(PackageChange::name)
            .thenComparing(PackageChange::architecture));
    return changes;
  }

  /** Of one name: for each architecture, if there are several of it. */
  private static void pair(
      List<InstalledPackage> gone,
      List<InstalledPackage> come,
      Comparator<String> order,
      List<PackageChange> changes) {
    gone.removeIf(
        each ->
            come.removeIf(
                other ->
                    other.version().equals(each.version())
                        && other.architecture().equals(each.architecture())));
    boolean single = gone.size() == 1 && come.size() == 1;
    for (InstalledPackage each : List.copyOf(gone)) {
      List<InstalledPackage> its =
          come.stream()
              .filter(other -> single || other.architecture().equals(each.architecture()))
              .toList();
      long rivals =
          gone.stream().filter(other -> other.architecture().equals(each.architecture())).count();
      if (its.size() == 1 && rivals == 1) {
        changes.add(change(each, its.get(0), order));
        gone.remove(each);
        come.remove(its.get(0));
      }
    }
    gone.forEach(
        each ->
            changes.add(
                new PackageChange(
                    Kind.REMOVED,
                    each.name(),
                    each.architecture(),
                    Optional.of(each.version()),
                    Optional.empty())));
    come.forEach(
        each ->
            changes.add(
                new PackageChange(
                    Kind.ADDED,
                    each.name(),
                    each.architecture(),
                    Optional.empty(),
                    Optional.of(each.version()))));
  }

  private static PackageChange change(
      InstalledPackage before, InstalledPackage after, Comparator<String> order) {
    int step = order.compare(before.version(), after.version());
    boolean moved = !before.architecture().equals(after.architecture());
    String mark = moved ? " (" + before.architecture() + ")" : "";
    return new PackageChange(
        step < 0 ? Kind.UPGRADED : step > 0 ? Kind.DOWNGRADED : Kind.CHANGED,
        after.name(),
        after.architecture(),
        Optional.of(before.version() + mark),
        Optional.of(after.version() + (moved ? " (" + after.architecture() + ")" : "")));
  }

  private static Map<String, List<InstalledPackage>> byName(Inventory inventory) {
    Map<String, List<InstalledPackage>> names = new LinkedHashMap<>();
    inventory
        .packages()
        .forEach(each -> names.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each));
    return names;
  }

  private static SortedMap<String, String> files(Inventory inventory) {
    SortedMap<String, String> files = new TreeMap<>();
    for (RuntimeFile file : inventory.runtime()) {
      files.put(file.path(), file.digest().toString());
    }
    return files;
  }

  private static List<Change> changes(
      SortedMap<String, String> before, SortedMap<String, String> after) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      Optional<String> old = Optional.ofNullable(before.get(name));
      Optional<String> now = Optional.ofNullable(after.get(name));
      if (!old.equals(now)) {
        changes.add(new Change(name, old, now));
      }
    }
    return changes;
  }
}
