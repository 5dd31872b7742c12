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
      has container-ready && echo CONTAINER_READY
      exit 0
      """;

  private Probe() {}

  static Facts look(Workshop workshop, Lab lab) {
    InspectImageResponse image = workshop.client().inspectImageCmd(workshop.imageId()).exec();
    ContainerConfig config = image.getConfig();
    Optional<Variant> variant = workshop.request().variant();
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    features.addAll(seen(lab));
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
        variant);
  }

  /** What the image itself shows. */
  private static Set<Feature> seen(Lab lab) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    try (Box box = lab.box().command("/bin/sh", "-c", QUESTIONS).start()) {
      box.ended().outLines().forEach(line -> features.add(Feature.valueOf(line)));
    } catch (AssertionError e) {
      // No shell: what can be found by looking at files is found so.
      try (Box box = lab.box().command("/sbin/my_init").prepare()) {
        if (box.exists("/sbin/my_init")) {
          features.add(Feature.MY_INIT);
        }
      }
    }
    return features;
  }

  /** What the variant says is checked, whether the image shows it or not. */
  private static void promised(Variant variant, Set<Feature> features) {
    Services services = variant.services();
    set(features, Feature.SYSLOG, services.syslog() != Services.Syslog.NONE);
    set(features, Feature.SYSLOG_NG, services.syslog() == Services.Syslog.SYSLOG_NG);
    set(features, Feature.CRON, services.cron());
    set(features, Feature.LOGROTATE, services.logrotate());
    set(features, Feature.SSHD, services.sshd());
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
