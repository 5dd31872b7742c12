package io.baseimage.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.image.Digest;
import io.baseimage.pipeline.RuntimeFile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RuntimeInventoryTest {
  private static final String SUM = "ab".repeat(32);

  @Test
  void filesWhenOneWasChangedOrRemovedAreAsTheImageHasThem() {
    RuntimeInventory list =
        RuntimeInventory.of(
            bytes(
                "%s  /usr/sbin/my_init\n%s  /etc/a/b\n%s  /gone\nnot a line\n%s  /etc/../x\n"
                    .formatted(SUM, SUM, SUM, SUM)));
    assertThat(list.folders()).containsExactly("/etc", "/usr/sbin");
    assertThat(
            list.files(
                Map.of("/usr/sbin/my_init", bytes("new"), "/etc/a/b", bytes("b"), "/x", bytes(""))))
        .containsExactly(
            new RuntimeFile("/etc/a/b", Digest.of(bytes("b"))),
            new RuntimeFile("/usr/sbin/my_init", Digest.of(bytes("new"))));
  }

  @Test
  void filesWhenThereIsNoListAreTheProgramsThatEveryImageHas() {
    assertThat(RuntimeInventory.ofPrograms().has("/usr/sbin/my_init")).isTrue();
    assertThat(RuntimeInventory.ofPrograms().folders()).containsExactly("/usr/sbin");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
