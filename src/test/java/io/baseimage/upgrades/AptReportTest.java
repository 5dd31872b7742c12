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

  /** Its list of indexes has no digests, and so apt tries one kind of file after the other. */
  @Test
  void ofWhenAnIndexIsThereInTheEndIsKnown() {
    AptReport report =
        AptReport.of(
            """
            update 0
            said Ign:1 http://mirror.test local InRelease
            said Get:2 http://mirror.test local Release [122 B]
            said Err:4 http://mirror.test local/main amd64 Packages
            said Hit:5 http://mirror.test other InRelease
            said Err:4 http://mirror.test local/main amd64 Packages
            said Get:4 http://mirror.test local/main amd64 Packages [1,108 kB]
            said W: No Hash entry in Release file /tmp/lists/partial/mirror.test_dists_local_Release
            lists 1
            image 0 0
            end
            """);
    assertThat(report.of(0)).isEqualTo(new Answer.Known(List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Another index, another component, another architecture; begun and then failed; ignored.
        "Err:4 http://a.test s/main amd64 Packages|Get:4 http://b.test s/main amd64 Packages",
        "Err:4 http://a.test s/main amd64 Packages|Get:5 http://a.test s/extra amd64 Packages",
        "Err:4 http://a.test s/main amd64 Packages|Get:5 http://a.test s/main all Packages",
        "Err:4 http://a.test s/main amd64 Packages|Hit:5 http://a.test s InRelease",
        "Get:4 http://a.test s/main amd64 Packages [1 B]|Err:4 http://a.test s/main amd64 Packages",
        "Err:4 http://a.test s/main amd64 Packages|Get:4 http://a.test s/main amd64 Packages"
            + "|Err:4 http://a.test s/main amd64 Packages",
        "Err:4 http://a.test s/main amd64 Packages|Get:4 http://a.test s/main amd64 Packages"
            + "|Ign:4 http://a.test s/main amd64 Packages",
        "Err http://a.test s/main amd64 Packages|Get:1 http://a.test s InRelease",
      })
  void ofWhenAnIndexIsNotThereInTheEndIsUnknown(String said) {
    String text = "update 0\nsaid " + said.replace("|", "\nsaid ") + "\nlists 1\nimage 0 0\nend\n";
    assertThat(AptReport.of(text).of(0)).isInstanceOf(Answer.Unknown.class);
  }

  @Test
  void complaintWhenAptFailsDoesNotRepeatWhatItGot() {
    assertThat(AptReport.of("update 100\nsaid Get:1 http://a.test s InRelease\n").complaint())
        .get()
        .asString()
        .contains("status 100")
        .doesNotContain("Get:");
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
