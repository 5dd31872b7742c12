package io.baseimage.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Upgrade;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YumReportTest {
  @Test
  void ofWhenThereAreUpdatesTellsWhichCloseHoles() {
    assertThat(
            YumReport.of(
                """
                update 100
                newer bash.x86_64 5.2.15-2.amzn2023
                newer openssl.x86_64 1:3.0.8-2
                lists 2
                security 100
                newer openssl.x86_64 1:3.0.8-2
                installed bash.x86_64 5.2.15-1.amzn2023
                installed openssl.x86_64 1:3.0.8-1
                end
                """))
        .isEqualTo(
            new Answer.Known(
                List.of(
                    new Upgrade("bash", "5.2.15-1.amzn2023", "5.2.15-2.amzn2023", false),
                    new Upgrade("openssl", "1:3.0.8-1", "1:3.0.8-2", true))));
  }

  @Test
  void ofWhenThereIsNoneIsKnown() {
    assertThat(YumReport.of("update 0\nlists 2\nsecurity 0\ninstalled bash.x86_64 1-1\nend\n"))
        .isEqualTo(new Answer.Known(List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update 1\nsaid Error: Failed to download metadata for repo 'x'\nlists 2\nsecurity 1\nend\n",
        "update 0\nsaid Ignoring repositories: x\nlists 2\nsecurity 0\nend\n",
        "update 0\nlists 0\nsecurity 0\nend\n",
        "update 0\nlists 2\nsecurity 0\n",
        "update 100\nlists 2\nsecurity 0\nend\n",
        "",
      })
  void ofWhenSomethingWentWrongIsUnknown(String text) {
    assertThat(YumReport.of(text)).isInstanceOf(Answer.Unknown.class);
  }
}
