package io.baseimage.variant;

import io.baseimage.image.ImageReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the values of a variant must look like. */
final class Syntax {
  /** So that {@code NAME-20YY.MM-NNN-withdrawn} is no longer than a tag may be, 128 characters. */
  static final int MAX_NAME_LENGTH = 106;

  /** The builder refuses lines of 64 KiB, and quoting can make a value twice as long. */
  private static final int MAX_VALUE_BYTES = 30 * 1024;

  private static final Pattern ENCODED_LOCALE =
      Pattern.compile("(C|[a-z]{2,3}_[A-Z]{2})\\.(?:UTF-8|utf8)");
  private static final Pattern ALMOST_LOCALE =
      Pattern.compile("([A-Za-z]{2,3})[-_]([A-Za-z]{2})(?:[.@].*)?");
  private static final Set<String> WEB = Set.of("http", "https");
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9:/._~%+\\[\\]-]+");

  /** Names of the time zone database that Java keeps for other things. */
  private static final Set<String> FIXED_ZONES = Set.of("EST", "HST", "MST");

  private static final Set<String> FROM_LOCALE = Set.of("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE");

  /** A variable takes the place of a build argument of its name. */
  private static final String BUILD_ARGUMENTS = "BASEIMAGE_";

  private static final String TOOLKIT_LABELS = "io.baseimage.";
  private static final Map<String, String> RESERVED_LABELS =
      Map.of(
          "org.opencontainers.image.title", "it comes from the field 'title'",
          "org.opencontainers.image.description", "it comes from the field 'description'",
          "org.opencontainers.image.created", "the build sets it",
          "org.opencontainers.image.revision", "the build sets it",
          "org.opencontainers.image.source", "the build sets it",
          "org.opencontainers.image.base.name", "the build sets it",
          "org.opencontainers.image.base.digest", "the build sets it",
          "org.opencontainers.image.version",
              "an image gets its version when it is published, as an annotation of its manifest");

  static final TextRule VARIANT_NAME =
      TextRule.matching(
              Pattern.compile("[a-z0-9][A-Za-z0-9._-]*"),
              "a variant's name, which begins with a-z or 0-9 and goes on with letters, digits,"
                  + " '.', '_' and '-'")
          .and(
              rule(
                  name -> name.length() <= MAX_NAME_LENGTH,
                  "a variant's name of at most " + MAX_NAME_LENGTH + " characters"))
          .and(
              rule(
                  name -> !name.equals("latest") && !TagSyntax.looksLikeVersion(name),
                  "a variant's name that no tag of another variant can have"));

  static final TextRule LINE =
      rule(
          text -> !text.isBlank() && text.codePoints().noneMatch(Character::isISOControl),
          "one line of text");
  static final TextRule RELEASE =
      matching("[A-Za-z0-9][A-Za-z0-9.]{0,31}", "a release such as \"24.04\"");
  static final TextRule SUITE =
      matching("[a-z][a-z0-9.-]*", "a name in the archive such as noble, in lower case");
  static final TextRule POCKET = matching("-[a-z][a-z-]*", "a suffix such as -security");
  static final TextRule KEYRING =
      matching("[A-Za-z0-9][A-Za-z0-9._+-]*", "a keyring's name without a folder")
          .and(rule(name -> !name.endsWith(".gpg"), "a keyring's name without '.gpg'"));
  static final TextRule PACKAGE =
      matching(
              "[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?",
              "a package as NAME or NAME=VERSION (lower case, digits, '+', '.' and '-')")
          // apt-get takes "curl-" for an order to remove curl.
          .and(rule(name -> !name.endsWith("-"), "a package's name that does not end in '-'"));
  static final TextRule PROGRAM =
      rule(
          text ->
              !text.isBlank()
                  && text.codePoints()
                      .noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t'),
          "a shell program");
  static final TextRule VALUE =
      rule(
              text -> text.codePoints().noneMatch(c -> Character.isISOControl(c) && c != '\t'),
              "a value without line ends and control characters (a Dockerfile cannot hold them)")
          .and(
              rule(
                  text -> text.getBytes(StandardCharsets.UTF_8).length <= MAX_VALUE_BYTES,
                  "a value of at most 30 KiB"));
  static final TextRule VARIABLE =
      matching(
              "[A-Za-z_][A-Za-z0-9_]*",
              "a variable's name, made of letters, digits and '_' and not beginning with a digit")
          .and(
              name ->
                  FROM_LOCALE.contains(name)
                      ? Optional.of("is not set here: it comes from the field 'locale'")
                      : name.equals("TZ")
                          ? Optional.of("is not set here: use the field 'timezone'")
                          : name.startsWith(BUILD_ARGUMENTS)
                              ? Optional.of(
                                  "is not set here: names with "
                                      + BUILD_ARGUMENTS
                                      + " are the build's own")
                              : Optional.empty());
  static final TextRule LABEL =
      matching(
              "[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?",
              "a label's name such as org.example.team (letters, digits, '.', '-', '_' and '/')")
          .and(Syntax::complainAboutReserved);
  static final TextRule DATE = rule(Syntax::isDate, "a day such as 2029-05-31");
  static final TextRule LOCALE = Syntax::complainAboutLocale;
  static final TextRule TIMEZONE = Syntax::complainAboutTimezone;
  static final TextRule IMAGE = Syntax::complainAboutImage;
  static final TextRule MIRROR = Syntax::complainAboutMirror;

  private Syntax() {}

  /** The one spelling of a locale that satisfies {@link #LOCALE}: {@code en_US.UTF-8}. */
  static String spelledOut(String locale) {
    Matcher matcher = ENCODED_LOCALE.matcher(locale);
    return matcher.matches() ? matcher.group(1) + ".UTF-8" : locale;
  }

  /** The one name of the time zone that has several and is the default. */
  static String canonicalZone(String timezone) {
    return timezone.equals("Etc/UTC") ? "UTC" : timezone;
  }

  private static TextRule matching(String regex, String expected) {
    return TextRule.matching(Pattern.compile(regex), expected);
  }

  private static TextRule rule(Predicate<String> isRight, String expected) {
    return text -> isRight.test(text) ? Optional.empty() : TextRule.complaint(expected, text, "");
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static Optional<String> complainAboutReserved(String label) {
    if (label.startsWith(TOOLKIT_LABELS)) {
      return Optional.of("is not set here: labels of " + TOOLKIT_LABELS + "* are the toolkit's");
    }
    return Optional.ofNullable(RESERVED_LABELS.get(label))
        .map(reason -> "is not set here: " + reason);
  }

  private static Optional<String> complainAboutLocale(String locale) {
    Matcher encoded = ENCODED_LOCALE.matcher(locale);
    if (encoded.matches()) {
      return KnownLocales.contains(encoded.group(1))
          ? Optional.empty()
          : TextRule.complaint(
              "a locale of glibc 2.36, the newest that is known here",
              locale,
              KnownLocales.hint(encoded.group(1)));
    }
    Matcher almost = ALMOST_LOCALE.matcher(locale);
    String hint = "";
    if (almost.matches()) {
      hint =
          "; did you mean '"
              + almost.group(1).toLowerCase(Locale.ROOT)
              + "_"
              + almost.group(2).toUpperCase(Locale.ROOT)
              + ".UTF-8'?";
    }
    return TextRule.complaint(
        "a UTF-8 locale such as en_US.UTF-8, zh_CN.UTF-8 or C.UTF-8", locale, hint);
  }

  private static Optional<String> complainAboutTimezone(String timezone) {
    // First, because reading the database takes a while and this is what most variants say.
    if (timezone.equals("UTC")) {
      return Optional.empty();
    }
    Set<String> known =
        ZoneId.getAvailableZoneIds().stream()
            .filter(id -> !id.startsWith("SystemV/"))
            .collect(Collectors.toCollection(TreeSet::new));
    known.addAll(FIXED_ZONES);
    if (known.contains(timezone)) {
      return Optional.empty();
    }
    List<String> sameCity =
        known.stream()
            .filter(id -> lastPart(id).equalsIgnoreCase(lastPart(timezone)))
            .sorted()
            .limit(1)
            .toList();
    String hint =
        NearestNames.hint(
            sameCity.isEmpty() ? timezone : sameCity.get(0), sameCity.isEmpty() ? known : sameCity);
    return TextRule.complaint(
        "a name of the time zone database such as UTC or Asia/Shanghai", timezone, hint);
  }

  private static String lastPart(String timezone) {
    return timezone.substring(timezone.lastIndexOf('/') + 1).replace(' ', '_');
  }

  private static Optional<String> complainAboutImage(String image) {
    if (image.equals("scratch")) {
      return Optional.of("expected an image to start from; 'scratch' is empty");
    }
    try {
      ImageReference.parse(image);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> complainAboutMirror(String mirror) {
    String expected = "an address such as https://archive.example.org/ubuntu";
    try {
      URI address = new URI(mirror);
      if (address.getUserInfo() != null) {
        return Optional.of("expected an address without a user or password in it");
      }
      boolean isWeb =
          WEB.contains(String.valueOf(address.getScheme())) && address.getHost() != null;
      boolean isFolder = mirror.startsWith("file:///");
      return (isWeb || isFolder) && ADDRESS.matcher(mirror).matches()
          ? Optional.empty()
          : TextRule.complaint(expected, mirror, "");
    } catch (URISyntaxException e) {
      return TextRule.complaint(expected, mirror, "");
    }
  }
}
