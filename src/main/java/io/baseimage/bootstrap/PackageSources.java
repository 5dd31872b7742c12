package io.baseimage.bootstrap;

import io.baseimage.pipeline.BootstrapException;
import io.baseimage.variant.Base;
import io.baseimage.variant.Bootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where apt gets packages: a release and the pockets of its updates.
 *
 * @param lines in the syntax of sources.list
 */
record PackageSources(List<String> lines) {
  private static final Pattern LINE = Pattern.compile("(?m)^deb\\s+(?:\\[[^]]*]\\s+)?(\\S+)\\s");

  PackageSources {
    lines = List.copyOf(lines);
  }

  /** A recipe's, all from one mirror. */
  static PackageSources of(Bootstrap recipe, String mirror) {
    String components = String.join(" ", recipe.components());
    List<String> lines = new ArrayList<>();
    lines.add("deb " + mirror + " " + recipe.suite() + " " + components);
    for (String pocket : recipe.pockets()) {
      String address = pocket.equals("-security") ? Base.security(mirror) : mirror;
      lines.add("deb " + address + " " + recipe.suite() + pocket + " " + components);
    }
    return new PackageSources(lines);
  }

  /** The address of the first line of a sources.list. */
  static String address(String text) {
    Matcher matcher = LINE.matcher(text);
    if (!matcher.find()) {
      throw new BootstrapException(
          "Tried to read the mirror that debootstrap used, but its sources.list has none: " + text);
    }
    return matcher.group(1);
  }

  /** As a sources.list. */
  String text() {
    return String.join("\n", lines) + "\n";
  }
}
