package io.baseimage.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Upgrade.Security;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AptReportTest {
  private static final String HASH = "a".repeat(64);

  @Test
  void ofWhenThereAreUpgradesTellsWhichCloseHoles() {
    AptReport report =
        AptReport.of(
            """
            update 0
            lists 4
            release %1$s http://mirror.test/dists/stable/InRelease
            image 0 0
            Inst libc6 [2.36-9] (2.36-10 Debian:12.5/stable, Debian-Security:12/stable-security [amd64])
            Inst perl-base [5.36] (5.38 Ubuntu:24.04/noble-updates [amd64]) []
            Inst tzdata [2024a] (2024b Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security [all])
            Inst openssl [3.0-1] (3.0-3 Ubuntu:24.04/noble-updates [amd64]) [libssl3:amd64 ]
            security openssl
            Inst new-one (1.0 Ubuntu:24.04/noble-updates [amd64])
            image 1 0
            end
            """
                .formatted(HASH));

    assertThat(report.of(0))
        .isEqualTo(
            new Answer.Known(
                List.of(
                    new Upgrade("libc6", "2.36-9", "2.36-10", Security.YES),
                    new Upgrade("openssl", "3.0-1", "3.0-3", Security.YES),
                    new Upgrade("perl-base", "5.36", "5.38", Security.NO),
                    new Upgrade("tzdata", "2024a", "2024b", Security.YES))));
    assertThat(report.of(1)).isEqualTo(new Answer.Known(List.of()));
    assertThat(report.releases())
        .contains(Map.of("http://mirror.test/dists/stable/InRelease", HASH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update 100\nlists 4\nimage 0 0\nend\n",
        "update 0\nsaid W: Failed to fetch http://mirror.test/x  404 Not Found\nlists 4\nimage 0 0\nend\n",
        "update 0\nsaid W: GPG error: http://mirror.test x InRelease: NO_PUBKEY 1\nlists 4\nimage 0 0\nend\n",
        "update 0\nsaid N: Skipping acquire of configured file x\nlists 4\nimage 0 0\nend\n",
        "update 0\nsaid E: Release file for http://mirror.test is expired\nlists 4\nimage 0 0\nend\n",
        "update 0\nlists 0\nimage 0 0\nend\n",
        "update 0\nlists 4\nimage 0 0\n",
        "update 0\nlists 4\nimage 0 100\nsaid E: Unmet dependencies\nend\n",
        "update 0\nlists 4\nend\n",
        "",
      })
  void ofWhenSomethingWentWrongIsUnknown(String text) {
    assertThat(AptReport.of(text).of(0)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void ofWhenAptOnlyGrumblesIsKnown() {
    AptReport report =
        AptReport.of(
            """
            update 0
            said W: http://mirror.test: Key is stored in legacy trusted.gpg keyring
            said N: Usage of apt_auth.conf(5) should be preferred
            lists 1
            image 0 0
            end
            """);
    assertThat(report.of(0)).isEqualTo(new Answer.Known(List.of()));
  }

  @Test
  void releasesWhenAnArchiveHasNoListOfIndexesIsEmpty() {
    assertThat(
            AptReport.of(
                    "release "
                        + HASH
                        + " http://a.test/InRelease\nrelease - http://b.test/InRelease\n")
                .releases())
        .isEmpty();
  }
}
