package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceControlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/joe/images",
        "https://example.org/joe/images.git",
        "https://joe:secret@example.org/joe/images.git",
        "ssh://git@example.org:22/joe/images.git",
        "git@example.org:joe/images.git",
        "git://example.org/joe/images"
      })
  void pageWhenTheRemoteHasAHostIsThatHostsPage(String remote) {
    assertThat(SourceControl.page(remote)).contains("https://example.org/joe/images");
  }

  @Test
  void pageWhenTheRemoteIsAPathIsNone() {
    assertThat(SourceControl.page("/srv/git/images.git")).isEmpty();
    assertThat(SourceControl.page("../images")).isEmpty();
  }
}
