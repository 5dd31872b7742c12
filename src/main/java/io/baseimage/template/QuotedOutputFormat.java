package io.baseimage.template;

import freemarker.core.CommonMarkupOutputFormat;
import freemarker.core.CommonTemplateMarkupOutputModel;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModelException;
import freemarker.template.TemplateScalarModel;
import java.io.Writer;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A Freemarker output format in which plain text has no way out: only what {@code sh()} or {@code
 * df()} has quoted is written.
 */
final class QuotedOutputFormat extends CommonMarkupOutputFormat<QuotedOutputFormat.Quoted> {
  static final QuotedOutputFormat INSTANCE = new QuotedOutputFormat();

  private QuotedOutputFormat() {}

  /** Text that is safe where it is going. */
  static final class Quoted extends CommonTemplateMarkupOutputModel<Quoted> {
    private Quoted(String plainText, String markup) {
      super(plainText, markup);
    }

    @Override
    public QuotedOutputFormat getOutputFormat() {
      return INSTANCE;
    }
  }

  /** The function {@code sh(text)}: one word of a POSIX shell, in a RUN instruction. */
  static TemplateMethodModelEx shellFunction() {
    return function("sh", Quoting::shell);
  }

  /** The function {@code df(text)}: one word of an ENV, LABEL or ARG instruction. */
  static TemplateMethodModelEx dockerfileFunction() {
    return function("df", Quoting::dockerfile);
  }

  private static TemplateMethodModelEx function(String name, UnaryOperator<String> quoting) {
    return arguments -> {
      List<?> list = arguments;
      if (list.size() != 1 || !(list.get(0) instanceof TemplateScalarModel scalar)) {
        throw new TemplateModelException(name + "() takes one text");
      }
      try {
        return new Quoted("", quoting.apply(scalar.getAsString()));
      } catch (IllegalArgumentException e) {
        throw new TemplateModelException(name + "(): " + e.getMessage());
      }
    };
  }

  @Override
  public String getName() {
    return "quoted";
  }

  @Override
  public String getMimeType() {
    return "text/x-dockerfile";
  }

  @Override
  public void output(String text, Writer out) throws TemplateModelException {
    throw unquoted(text);
  }

  @Override
  public String escapePlainText(String text) {
    throw new IllegalStateException("unquoted text: " + text);
  }

  @Override
  public boolean isLegacyBuiltInBypassed(String builtIn) {
    return false;
  }

  @Override
  public boolean isAutoEscapedByDefault() {
    return true;
  }

  @Override
  protected Quoted newTemplateMarkupOutputModel(String plainText, String markup) {
    return new Quoted(plainText, markup);
  }

  private static TemplateModelException unquoted(String text) {
    return new TemplateModelException(
        "The value '"
            + text
            + "' is written without quoting: use ${sh(…)} in a RUN instruction and ${df(…)} in"
            + " another one");
  }
}
