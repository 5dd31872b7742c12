package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkspaceTest {
  @TempDir private Path folder;

  @Test
  void temporaryDirectoryWhenItsPlaceIsMissingNamesItAndMakesNone() {
    Path missing = folder.resolve("not/there");
    assertThatExceptionOfType(OutputException.class)
        .isThrownBy(() -> new Workspace(folder, folder, missing).temporaryDirectory("test"))
        .withMessageContaining("TMPDIR")
        .withMessageContaining("at " + missing + ": ");
    assertThat(folder.resolve("not")).doesNotExist();
  }
}
