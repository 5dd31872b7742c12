package io.baseimage.pipeline;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.image.Platform;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells what the distributions would upgrade in published images now. */
public interface PackageUpgrades {

  /**
   * A published image.
   *
   * @param id the digest of its configuration
   * @param name its name with the digest of its manifest, by which it can be pulled
   */
  record Image(Digest id, ImageReference name, Platform platform) {}

  /** What was found out of an image. */
  sealed interface Answer {

    /**
     * Its package manager has looked at what the distribution has now.
     *
     * @param upgrades by name; none if it would upgrade nothing
     * @param doubt why it is unknown which of them close a hole; empty if it is known
     */
    record Known(List<Upgrade> upgrades, Optional<String> doubt) implements Answer {
      /** Copies the list, and replaces control characters. */
      public Known {
        upgrades = List.copyOf(upgrades);
        doubt = doubt.map(PlainText::of);
      }

      /** All is known of them. */
      public Known(List<Upgrade> upgrades) {
        this(upgrades, Optional.empty());
      }
    }

    /**
     * Nothing was found out.
     *
     * @param why what was tried, what was seen, and what to do
     */
    record Unknown(String why) implements Answer {
      /** Replaces control characters. */
      public Unknown {
        why = PlainText.of(why);
      }
    }
  }

  /**
   * Looks at each of them. Images that have to be pulled for it are removed again.
   *
   * @param engine asked for only if something has to be run
   * @return an answer for each; what goes wrong is an answer, too, and no exception
   * @throws InterruptedRunException when the thread is interrupted
   */
  Map<Image, Answer> of(Collection<Image> images, Supplier<Engine> engine, RunLog log);
}
