package io.baseimage.variant;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How to make a root file system from signed packages.
 *
 * @param tool the program that does it
 * @param suite the archive's suite, for example {@code noble}
 * @param flavour the tool's own {@code --variant}, for example {@code minbase}
 * @param components the archive's components, for example {@code main}
 * @param pockets suffixes of the suites that hold its updates, for example {@code -security}. They
 *     are for debootstrap, which knows one suite only, and for a mirror; mmdebstrap adds the
 *     distribution's own by itself where no mirror is named (Debian keeps its security suite in
 *     another archive)
 * @param keyring the name of the keyring that the archive's signatures are checked with: a file
 *     {@code NAME.gpg} in {@code variants/keyrings} or in the system's keyring folder
 * @param script debootstrap's script, if it is not named as the suite
 * @param mirror the archive's address, if not the one that the tool knows for the suite; the
 *     image's package sources name it, too
 */
public record Bootstrap(
    Tool tool,
    String suite,
    String flavour,
    List<String> components,
    List<String> pockets,
    String keyring,
    Optional<String> script,
    Optional<String> mirror) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException for a name or address that no archive can have
   */
  public Bootstrap {
    TextRule.require(Syntax.SUITE, "suite", suite);
    TextRule.require(Syntax.SUITE, "flavour", flavour);
    components.forEach(component -> TextRule.require(Syntax.SUITE, "components", component));
    pockets.forEach(pocket -> TextRule.require(Syntax.POCKET, "pockets", pocket));
    TextRule.require(Syntax.KEYRING, "keyring", keyring);
    script.ifPresent(name -> TextRule.require(Syntax.SUITE, "script", name));
    mirror.ifPresent(address -> TextRule.require(Syntax.MIRROR, "mirror", address));
    components = List.copyOf(components);
    pockets = List.copyOf(pockets);
  }

  /** The programs that can do it. */
  public enum Tool {
    MMDEBSTRAP,
    DEBOOTSTRAP;

    /** The program's name. */
    public String program() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
