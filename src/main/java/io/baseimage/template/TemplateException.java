package io.baseimage.template;

/** A template does not render. The message has the template's file, line and column. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TemplateException(String message, Throwable cause) {
    super(message, cause);
  }
}
