package io.baseimage.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.RegistryException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TagChangesTest {
  private static final Digest OLD = Digest.of("old".getBytes(StandardCharsets.UTF_8));
  private static final Digest NEW = Digest.of("new".getBytes(StandardCharsets.UTF_8));

  private static TagChange.State settled(Digest shown, RegistryException.Kind kind) {
    FakeRegistry.Contents contents = new FakeRegistry.Contents();
    contents.tags.put("latest", shown);
    FakeRegistry registry =
        new FakeRegistry(contents, new PublisherQueueTest.Virtual(), Duration.ofMillis(2), 1);
    TagChanges changes = new TagChanges(ImageReference.parse("joe/baseimage"));
    changes.plan(TagChange.Kind.ALIAS, "latest");
    changes.begin(TagChange.Kind.ALIAS, "latest", "latest", NEW);

    changes.settle(() -> registry, new RegistryException(kind, "It failed."));

    return changes.list().get(0).state();
  }

  @Test
  void settleWhenTheRegistryTookItAndShowsAnOldOneLeavesItOpen() {
    assertThat(settled(OLD, RegistryException.Kind.UNSEEN)).isEqualTo(TagChange.State.UNKNOWN);
    assertThat(settled(NEW, RegistryException.Kind.UNSEEN)).isEqualTo(TagChange.State.SET);
  }

  @Test
  void settleWhenTheRegistryRefusedItBelievesWhatIsShown() {
    assertThat(settled(OLD, RegistryException.Kind.DENIED)).isEqualTo(TagChange.State.NOT_SET);
    assertThat(settled(NEW, RegistryException.Kind.DENIED)).isEqualTo(TagChange.State.SET);
  }
}
