package io.baseimage.inventory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** SPDX's identifiers of licences, and the expressions that are made of them. */
final class Spdx {
  private static final Set<String> LICENCES = names("spdx-licences");
  private static final Set<String> EXCEPTIONS = names("spdx-exceptions");

  private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9.+:() -]+");
  private static final Pattern WORD = Pattern.compile("[()]|[^() ]+");
  private static final Pattern REFERENCE =
      Pattern.compile("(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+");

  private Spdx() {}

  /** What may come next. */
  private enum Next {
    LICENCE,
    EXCEPTION,
    OPERATOR,
    OPERATOR_OR_WITH
  }

  /** Whether a name is one of the identifiers, as they are written. */
  static boolean isLicence(String name) {
    return LICENCES.contains(name);
  }

  /**
   * Whether a text is an expression (SPDX 2.3, annex D) whose names all mean something, be it a
   * single one. Operators in small letters, which earlier words of distributions have too, do not
   * make one.
   */
  static boolean isExpression(String text) {
    if (!TEXT.matcher(text).matches()) {
      return false;
    }
    int open = 0;
    Next next = Next.LICENCE;
    for (Matcher words = WORD.matcher(text); words.find(); ) {
      String word = words.group();
      boolean fits =
          switch (next) {
            case LICENCE -> word.equals("(") || isSimple(word);
            case EXCEPTION -> EXCEPTIONS.contains(word);
            case OPERATOR -> word.matches("AND|OR") || (word.equals(")") && open > 0);
            case OPERATOR_OR_WITH -> word.matches("AND|OR|WITH") || (word.equals(")") && open > 0);
          };
      if (!fits) {
        return false;
      }
      open += word.equals("(") ? 1 : word.equals(")") ? -1 : 0;
      next = after(next, word);
    }
    return open == 0 && (next == Next.OPERATOR || next == Next.OPERATOR_OR_WITH);
  }

  private static Next after(Next last, String word) {
    return switch (word) {
      case "(", "AND", "OR" -> Next.LICENCE;
      case "WITH" -> Next.EXCEPTION;
      case ")" -> Next.OPERATOR;
      default -> last == Next.LICENCE ? Next.OPERATOR_OR_WITH : Next.OPERATOR;
    };
  }

  private static boolean isSimple(String word) {
    return isLicence(word)
        || (word.endsWith("+") && isLicence(word.substring(0, word.length() - 1)))
        || REFERENCE.matcher(word).matches();
  }

  private static Set<String> names(String resource) {
    try (InputStream in = Spdx.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the toolkit has no list " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
