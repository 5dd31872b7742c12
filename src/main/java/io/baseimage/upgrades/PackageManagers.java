package io.baseimage.upgrades;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.PackageUpgrades;
import io.baseimage.pipeline.RunLog;
import io.baseimage.upgrades.RememberedUpgrades.Finding;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Asks the package managers of the images themselves: they know their sources, keys and pins. What
 * was found out is remembered for as long as the archives stay as they were.
 */
public final class PackageManagers implements PackageUpgrades {
  private final RememberedUpgrades remembered;
  private final IndexStates states;

  /**
   * The managers.
   *
   * @param cache where is kept what was found out
   * @param proxies by which archives are reached
   */
  public PackageManagers(Path cache, Clock clock, ProxySelector proxies) {
    this.remembered = new RememberedUpgrades(cache);
    this.states = new IndexStates(clock, proxies, IndexStates.PATIENCE);
  }

  @Override
  public Map<Image, Answer> of(Collection<Image> images, Supplier<Engine> engine, RunLog log) {
    Map<Image, Answer> answers = new LinkedHashMap<>(fromMemory(images));
    List<Image> rest = images.stream().filter(image -> !answers.containsKey(image)).toList();
    if (rest.isEmpty()) {
      return answers;
    }
    try {
      answers.putAll(new Inquiry(engine.get(), remembered, log).of(rest));
    } catch (EngineException e) {
      rest.forEach(image -> answers.put(image, new Answer.Unknown(String.valueOf(e.getMessage()))));
    }
    return answers;
  }

  /** Only if all of the archives can be looked at now, and are as they were. */
  private Map<Image, Answer> fromMemory(Collection<Image> images) {
    Map<Image, Finding> findings = new LinkedHashMap<>();
    images.forEach(
        image -> remembered.find(image.id()).ifPresent(found -> findings.put(image, found)));
    Map<String, String> now =
        states.now(
            findings.values().stream()
                .flatMap(finding -> finding.releases().keySet().stream())
                .toList());
    Map<Image, Answer> answers = new LinkedHashMap<>();
    findings.forEach(
        (image, finding) -> {
          if (finding.holds(now)) {
            answers.put(image, new Answer.Known(finding.upgrades()));
          }
        });
    return answers;
  }
}
