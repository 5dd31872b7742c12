package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VerifyCommandTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @Test
  void onRevisionWhenItIsAnotherNamesIt() {
    String words = ", which was built from revision " + COMMIT;

    assertThat(VerifyCommand.onRevision(COMMIT, Optional.empty())).isEqualTo(words);
    assertThat(VerifyCommand.onRevision(COMMIT, Optional.of("f".repeat(40)))).isEqualTo(words);
    assertThat(VerifyCommand.onRevision(COMMIT, Optional.of(COMMIT + "-dirty"))).isEqualTo(words);
  }

  @Test
  void onRevisionWhenItIsHereSaysNothing() {
    assertThat(VerifyCommand.onRevision(COMMIT, Optional.of(COMMIT))).isEmpty();
  }

  @Test
  void onRevisionWhenThereIsNoneThatHasTheFilesSaysWhy() {
    assertThat(VerifyCommand.onRevision(COMMIT + "-dirty", Optional.of(COMMIT + "-dirty")))
        .endsWith("revision " + COMMIT + " with changes that were not committed");
    assertThat(VerifyCommand.onRevision("sha256:" + "0".repeat(64), Optional.of(COMMIT)))
        .isEqualTo(", which was built outside version control");
  }
}
