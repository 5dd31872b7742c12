package io.baseimage.template;

import freemarker.core.ParseException;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateExceptionHandler;
import io.baseimage.variant.Services;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Renders Dockerfiles. A template cannot write a value as it stands: it has to say by {@code sh()}
 * or {@code df()} whether the shell or the Dockerfile reads it, and is refused otherwise.
 */
public final class DockerfileTemplate {
  /** How every rendered Dockerfile begins. */
  public static final String FIRST_LINE = "# Rendered by baseimage-build";

  private static final String NAME = "Dockerfile.ftl";

  private final Template template;

  /**
   * Templates of a folder.
   *
   * @throws TemplateException if there is no such folder
   */
  public DockerfileTemplate(Path folder) {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    try {
      configuration.setDirectoryForTemplateLoading(folder.toFile());
    } catch (IOException e) {
      throw new TemplateException("Tried to open the templates in " + folder, e);
    }
    configuration.setDefaultEncoding("UTF-8");
    configuration.setOutputFormat(QuotedOutputFormat.INSTANCE);
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    configuration.setWrapUncheckedExceptions(true);
    configuration.setFallbackOnNullLoopVariable(false);
    configuration.setLocalizedLookup(false);
    try {
      template = configuration.getTemplate(NAME);
    } catch (ParseException e) {
      throw new TemplateException(message(e), e);
    } catch (IOException e) {
      throw new TemplateException("Tried to read the template " + NAME, e);
    }
  }

  /**
   * The Dockerfile of a variant.
   *
   * @param base the name in {@code FROM}
   * @param created the time that a plain {@code docker build} writes into the image, RFC 3339
   * @param labels the image's labels
   * @throws TemplateException if a template has an error, with its file, line and column
   */
  public String render(Variant variant, String base, String created, Map<String, String> labels) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("variant", model(variant));
    model.put("base", base);
    model.put("created", created);
    model.put("labels", labels);
    model.put("sh", QuotedOutputFormat.shellFunction());
    model.put("df", QuotedOutputFormat.dockerfileFunction());
    StringWriter text = new StringWriter();
    try {
      template.process(model, text);
    } catch (freemarker.template.TemplateException e) {
      throw new TemplateException(
          Optional.ofNullable(e.getMessageWithoutStackTop()).orElse("no message").strip()
              + "\n"
              + Optional.ofNullable(e.getFTLInstructionStack())
                  .orElse("")
                  .lines()
                  .findFirst()
                  .orElse(""),
          e);
    } catch (IOException e) {
      throw new TemplateException("Tried to read the template " + NAME, e);
    }
    return FIRST_LINE + " from the variant " + variant.name() + "; edit that instead.\n" + text;
  }

  private static String message(Exception failure) {
    return Optional.ofNullable(failure.getMessage()).orElse("no message").strip();
  }

  private static Map<String, Object> model(Variant variant) {
    Services services = variant.services();
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("name", variant.name());
    model.put("title", variant.title());
    model.put("description", variant.description());
    model.put("family", variant.distribution().packageManager().id());
    model.put("distribution", variant.distribution().id());
    model.put("release", variant.release());
    model.put("codename", variant.codename());
    model.put("mirror", variant.base().bootstrap().mirror().orElse(""));
    model.put("packages", variant.packages());
    model.put("locale", variant.locale());
    model.put("timezone", variant.timezone());
    model.put("environment", variant.environment());
    model.put("run", variant.run());
    model.put(
        "services",
        Map.of(
            "syslog", services.syslog().id(),
            "cron", services.cron(),
            "logrotate", services.logrotate(),
            "sshd", services.sshd()));
    return model;
  }
}
