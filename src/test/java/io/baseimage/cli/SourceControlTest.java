package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.SourceFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceControlTest {
  @TempDir private Path folder;

  @Test
  void factsWhenTheRecipesAreCommittedAreTheirs() throws Exception {
    git("init", "--quiet");
    git("remote", "add", "origin", "https://joe:secret@example.org/joe/images.git");
    commit();

    SourceFacts facts = new SourceControl(folder, Optional.empty()).facts();

    assertThat(facts.revision()).hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{40}"));
    assertThat(facts.url()).isEqualTo("https://example.org/joe/images");
  }

  @Test
  void factsWhenTheRecipesLieInARepositoryOfOthersAreNotItsOwn() throws Exception {
    git("init", "--quiet");
    git("remote", "add", "origin", "https://example.org/private/thing.git");
    commit();
    Path unpacked = Files.createDirectories(folder.resolve("tool kit"));

    SourceFacts facts = new SourceControl(unpacked, Optional.empty()).facts();

    assertThat(facts.revision()).isEmpty();
    assertThat(facts.url()).doesNotContain("private");
  }

  private void commit() throws Exception {
    git(
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "commit",
        "--quiet",
        "--allow-empty",
        "-m",
        "first");
  }

  private void git(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
  }

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
