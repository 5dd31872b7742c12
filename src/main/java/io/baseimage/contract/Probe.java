package io.baseimage.contract;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.model.ContainerConfig;
import io.baseimage.variant.Services;
import io.baseimage.variant.Variant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at an image once: its configuration, and which of the contract's parts it has. */
final class Probe {
  private static final String QUESTIONS =
      """
      has() { command -v "$1" >/dev/null 2>&1; }
      service() { [ -e /etc/service/"$1"/run ]; }
      echo SHELL
      [ -x /sbin/my_init ] && echo MY_INIT
      [ -x /sbin/setuser ] && echo SETUSER
      has runsvdir && echo RUNIT
      for s in syslog syslog-ng rsyslog rsyslogd; do service $s && echo SYSLOG && break; done
      service syslog-ng && echo SYSLOG_NG
      for s in cron crond; do service $s && echo CRON && break; done
      has logrotate && echo LOGROTATE
      service sshd && echo SSHD
      has bash && echo BASH
      has apt-get && echo APT
      for p in yum dnf microdnf; do has $p && echo YUM && break; done
      has container-ready && echo CONTAINER_READY
      exit 0
      """;

  private Probe() {}

  static Facts look(Workshop workshop, Lab lab) {
    InspectImageResponse image = workshop.client().inspectImageCmd(workshop.imageId()).exec();
    ContainerConfig config = image.getConfig();
    Optional<Variant> variant = workshop.request().variant();
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    Optional<String> noShell = look(lab, features);
    configured(config, features);
    variant.ifPresent(recipe -> promised(recipe, features));
    return new Facts(
        workshop.imageId(),
        String.valueOf(image.getCreated()),
        config == null || config.getLabels() == null ? Map.of() : config.getLabels(),
        config == null ? Map.of() : variables(config.getEnv()),
        config == null ? List.of() : list(config.getEntrypoint()),
        config == null ? List.of() : list(config.getCmd()),
        config == null || config.getWorkingDir() == null ? "" : config.getWorkingDir(),
        features,
        noShell,
        isEmulated(workshop, image),
        variant);
  }

  private static boolean isEmulated(Workshop workshop, InspectImageResponse image) {
    String machine = workshop.client().versionCmd().exec().getArch();
    return machine != null && image.getArch() != null && !machine.equals(image.getArch());
  }

  /** Finds what the image itself shows, or why it cannot be asked. */
  private static Optional<String> look(Lab lab, Set<Feature> features) {
    String problem;
    try (Box box = lab.box().command("/bin/sh", "-c", QUESTIONS).start()) {
      Output answer = box.ended();
      for (Feature feature : Feature.values()) {
        if (answer.outLines().contains(feature.name())) {
          features.add(feature);
        }
      }
      problem = "it answers " + answer.seen();
    } catch (AssertionError e) {
      problem = String.valueOf(e.getMessage());
    }
    if (features.contains(Feature.SHELL) || !hasShell(lab)) {
      return Optional.empty();
    }
    return Optional.of("/bin/sh does not run in a container of the image: " + problem);
  }

  private static boolean hasShell(Lab lab) {
    try (Box box = lab.box().command("/bin/sh").prepare()) {
      return box.exists("/bin/sh");
    }
  }

  /** What the image's configuration promises. */
  private static void configured(@Nullable ContainerConfig config, Set<Feature> features) {
    if (config == null) {
      return;
    }
    Map<String, String> labels = config.getLabels() == null ? Map.of() : config.getLabels();
    set(features, Feature.FULL, labels.getOrDefault("io.baseimage.variant", "").endsWith("-full"));
    String lang = variables(config.getEnv()).getOrDefault("LANG", "");
    set(features, Feature.ZH_CN, lang.startsWith("zh_CN"));
  }

  /** What the variant says is checked, whether the image shows it or not. */
  private static void promised(Variant variant, Set<Feature> features) {
    Services services = variant.services();
    set(features, Feature.SYSLOG, services.syslog() != Services.Syslog.NONE);
    set(features, Feature.SYSLOG_NG, services.syslog() == Services.Syslog.SYSLOG_NG);
    set(features, Feature.CRON, services.cron());
    set(features, Feature.LOGROTATE, services.logrotate());
    set(features, Feature.SSHD, services.sshd());
    set(features, Feature.FULL, variant.name().endsWith("-full"));
    set(features, Feature.ZH_CN, variant.locale().startsWith("zh_CN"));
  }

  private static void set(Set<Feature> features, Feature feature, boolean present) {
    if (present) {
      features.add(feature);
    } else {
      features.remove(feature);
    }
  }

  private static Map<String, String> variables(String @Nullable [] lines) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String line : list(lines)) {
      int equals = line.indexOf('=');
      variables.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return variables;
  }

  private static List<String> list(String @Nullable [] words) {
    return words == null ? List.of() : Arrays.asList(words);
  }
}
