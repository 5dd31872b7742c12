package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  @Test
  @Timeout(20)
  void aloneWhenNamesAreAlikeHasALockForEach() {
    Workspace workspace = new Workspace(folder, folder, folder);
    RecordingLog log = new RecordingLog();
    String outer = "joe/" + "x".repeat(250);
    String inner = "joe_" + "x".repeat(250);

    assertThat(
            workspace.<String>alone(
                "joe/a",
                log,
                () ->
                    workspace.alone(
                        "joe_a",
                        log,
                        () ->
                            workspace.alone(
                                outer, log, () -> workspace.alone(inner, log, () -> "done")))))
        .isEqualTo("done");
  }
}
