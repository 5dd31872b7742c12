package io.baseimage.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class WorkspaceTest {
  @TempDir private Path folder;

  /** A lock of the kernel's, which other processes see, belongs to a file by its number. */
  @Test
  void temporaryDirectoryWhenThereIsAnotherOfThisProcessLeavesThatLocked() throws IOException {
    Workspace workspace = new Workspace(folder, folder, folder);
    try (Workspace.TemporaryDirectory first = workspace.temporaryDirectory("test")) {
      Object number = Files.getAttribute(first.path().resolveSibling("lock"), "unix:ino");
      String lock = ":" + number + " ";
      assertThat(Files.readString(Path.of("/proc/locks"))).contains(lock);
      try (Workspace.TemporaryDirectory second = workspace.temporaryDirectory("test")) {
        assertThat(second.path()).isDirectory();
        assertThat(first.path()).isDirectory();
        assertThat(Files.readString(Path.of("/proc/locks"))).contains(lock);
      }
    }
    assertThat(folder).isEmptyDirectory();
  }

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
