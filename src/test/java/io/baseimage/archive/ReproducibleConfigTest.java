package io.baseimage.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReproducibleConfigTest {
  private static final Instant BASE = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant EPOCH = Instant.parse("2026-11-20T02:11:10Z");
  private static final Digest LAYER = Digest.of(new byte[] {1});

  @Test
  void ofLeavesOutWhatIsOfTheEngineAndTheMoment() throws IOException {
    String config = made("2026-11-22T10:00:00.5Z", "0123456789ab", "sha256:aa");

    assertThat(config)
        .isEqualTo(
            "{\"created\":\"2026-11-20T02:11:10Z\",\"architecture\":\"arm64\",\"variant\":\"v8\","
                + "\"os\":\"linux\",\"config\":{\"Cmd\":[\"/sbin/my_init\"],\"Env\":[\"A=b\"],"
                + "\"Labels\":{\"a\":\"b\",\"z\":\"new\"},\"StopSignal\":\"SIGTERM\"},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + LAYER
                + "\"]},\"history\":[{\"created\":\"2026-10-31T00:00:00Z\",\"created_by\":"
                + "\"/bin/sh -c #(nop) LABEL of=base\"},"
                + "{\"created\":\"2026-11-20T02:11:10Z\",\"created_by\":\"/bin/sh -c set -eu; x\"},"
                + "{\"created\":\"2026-11-20T02:11:10Z\",\"created_by\":"
                + "\"/bin/sh -c #(nop) COPY\",\"empty_layer\":true}]}");
    assertThat(made("2026-11-23T10:00:00Z", "ba9876543210", "sha256:bb")).isEqualTo(config);
  }

  private static String made(String now, String container, String base) throws IOException {
    String built =
        """
        {"architecture":"arm64","variant":"v8","os":"linux","created":"%1$s",
         "container":"%2$s","container_config":{"Hostname":"%2$s"},"docker_version":"20.10",
         "config":{"Hostname":"","Tty":false,"Env":["A=b"],"Cmd":["/sbin/my_init"],"Image":"%3$s",
          "Volumes":null,"Labels":{"z":"old","a":"b"},"StopSignal":"SIGTERM"},
         "rootfs":{"type":"layers","diff_ids":["sha256:00"]},
         "history":[{"created":"2026-10-31T00:00:00Z","created_by":"/bin/sh -c #(nop) LABEL of=base"},
          {"created":"%1$s","created_by":"|1 BASE=%3$s /bin/sh -c set -eu; x"},
          {"created":"%1$s","created_by":"/bin/sh -c #(nop) COPY dir:%2$s in /","empty_layer":true}]}
        """
            .formatted(now, container, base);
    return new String(
        ReproducibleConfig.of(
            built.getBytes(UTF_8), BASE, EPOCH, Map.of("z", "new"), List.of(LAYER)),
        UTF_8);
  }
}
