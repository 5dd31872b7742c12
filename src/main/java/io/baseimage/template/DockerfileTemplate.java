package io.baseimage.template;

import freemarker.core.ParseException;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateExceptionHandler;
import io.baseimage.variant.Base;
import io.baseimage.variant.Services;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    model.put("variant", Map.of("family", variant.distribution().packageManager().id()));
    model.put("layers", layers(variant));
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

  /** What each of the variant's lineage has left to do, the first of all first. */
  private static List<Map<String, Object>> layers(Variant variant) {
    List<Map<String, Object>> layers = new ArrayList<>();
    Variant below = null;
    for (Variant each : variant.lineage()) {
      layers.add(below == null ? layer(each) : layer(each, below));
      below = each;
    }
    return layers;
  }

  private static Map<String, Object> layer(Variant variant) {
    Services services = variant.services();
    Map<String, Object> layer = new LinkedHashMap<>();
    layer.put("isFirst", true);
    layer.put("distribution", variant.distribution().id());
    layer.put("release", variant.release());
    layer.put("codename", variant.codename());
    String mirror = variant.base().mirror().orElse("");
    layer.put("mirror", mirror);
    layer.put("securityMirror", Base.security(mirror));
    layer.put("isSnapshot", Base.isSnapshot(mirror));
    layer.put("packages", variant.packages());
    layer.put("locale", variant.locale());
    layer.put("timezone", variant.timezone());
    layer.put("variables", variables(variant));
    layer.put("run", variant.run());
    layer.put(
        "services",
        Map.of(
            "syslog", services.syslog().id(),
            "cron", services.cron(),
            "logrotate", services.logrotate(),
            "sshd", services.sshd()));
    return layer;
  }

  private static Map<String, Object> layer(Variant variant, Variant below) {
    Map<String, Object> layer = layer(variant);
    layer.put("isFirst", false);
    layer.put("packages", rest(variant.packages(), below.packages()));
    layer.put("locale", variant.locale().equals(below.locale()) ? "" : variant.locale());
    layer.put("timezone", variant.timezone().equals(below.timezone()) ? "" : variant.timezone());
    Map<String, String> variables = variables(variant);
    variables.entrySet().removeAll(variables(below).entrySet());
    layer.put("variables", variables);
    layer.put("run", rest(variant.run(), below.run()));
    layer.put(
        "services",
        Map.of(
            "syslog",
            Services.Syslog.NONE.id(),
            "cron",
            false,
            "logrotate",
            false,
            "sshd",
            variant.services().sshd() && !below.services().sshd()));
    return layer;
  }

  private static List<String> rest(List<String> list, List<String> below) {
    return list.subList(below.size(), list.size());
  }

  private static Map<String, String> variables(Variant variant) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("LANG", variant.locale());
    variables.putAll(variant.environment());
    return variables;
  }
}
