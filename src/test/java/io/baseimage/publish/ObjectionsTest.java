package io.baseimage.publish;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.image.Digest;
import io.baseimage.image.Manifest;
import io.baseimage.image.Platform;
import io.baseimage.version.TagRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObjectionsTest {
  private static final byte[] CONFIG = "{\"name\":\"chart\"}".getBytes(StandardCharsets.UTF_8);

  @Test
  void requireWhenTheAliasNamesAChartSaysThatItIsNoImage() {
    Manifest chart =
        new Manifest(
            "application/vnd.oci.image.manifest.v1+json",
            """
            {"schemaVersion":2,"config":
             {"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"%s","size":%d},
             "layers":[]}
            """
                .formatted(Digest.of(CONFIG), CONFIG.length)
                .getBytes(StandardCharsets.UTF_8));
    FakeRegistry.Contents contents = new FakeRegistry.Contents();
    contents.blobs.put(Digest.of(CONFIG), CONFIG);
    contents.manifests.put(chart.digest(), chart);
    contents.tags.put("latest", chart.digest());
    Objections objections =
        new Objections(
            new FakeRegistry(contents, new PublisherQueueTest.Virtual(), Duration.ofMillis(2), 1));

    assertThatThrownBy(
            () ->
                objections.require(
                    TagRule.usual("debian-12"),
                    List.of("latest"),
                    List.of(Platform.parse("linux/amd64")),
                    List.of()))
        .hasMessageContaining(
            "joe/baseimage:latest, but that tag names something which is no image")
        .message()
        .doesNotContain("unknown");
  }
}
