package io.baseimage.upgrades;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.baseimage.pipeline.PackageUpgrades.Answer;
import io.baseimage.pipeline.Upgrade;
import io.baseimage.pipeline.Upgrade.Security;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YumReportTest {
  private static final String DNF_4 =
      """

      bash.x86_64                       5.2.15-2.amzn2023         amazonlinux
      openssl-libs.x86_64               1:3.0.8-1.amzn2023.0.14   amazonlinux
      Obsoleting Packages
      grub2-tools.x86_64                1:2.06-61.amzn2023.0.9    amazonlinux
          grub2-tools-efi.x86_64        1:2.06-42.amzn2023.0.1    @System
      """;

  private static final List<Upgrade> OF_DNF_4 =
      List.of(
          new Upgrade("bash", "5.2.15-1.amzn2023", "5.2.15-2.amzn2023", Security.NO),
          new Upgrade(
              "openssl-libs", "1:3.0.8-1.amzn2023.0.3", "1:3.0.8-1.amzn2023.0.14", Security.YES));

  private static final String INSTALLED =
      """
      installed bash.x86_64 5.2.15-1.amzn2023
      installed openssl-libs.x86_64 1:3.0.8-1.amzn2023.0.3
      installed gpg-pubkey.(none) d832c631-6515c85e
      """;

  @Test
  void ofWhenDnf4HasUpdatesTellsWhichCloseHoles() {
    assertThat(
            YumReport.of(
                report(
                    100,
                    DNF_4,
                    100,
                    "\nopenssl-libs.x86_64      1:3.0.8-1.amzn2023.0.14     amazonlinux\n")))
        .isEqualTo(new Answer.Known(OF_DNF_4));
  }

  @Test
  void ofWhenDnf4TellsOfANewReleaseTakesPackagesOnly() {
    String notice =
        """
        ============================================================
        WARNING:
          A newer release of "Amazon Linux" is available.

          Available Versions:

          Version 2023.6.20241031:
            Run the following command to upgrade to 2023.6.20241031:

              dnf upgrade --releasever=2023.6.20241031

            Release notes:
             https://manual.example/al2023/release-notes/relnotes-2023.6.html

        ============================================================
        """;
    assertThat(
            YumReport.of(
                report(
                    100,
                    notice + DNF_4.replaceFirst("(?s)Obsoleting.*", "") + notice,
                    100,
                    notice + "openssl-libs.x86_64 1:3.0.8-1.amzn2023.0.14 amazonlinux\n")))
        .isEqualTo(new Answer.Known(OF_DNF_4));
  }

  @Test
  void ofWhenDnf5HasUpdatesTakesThemWithoutWhatTheyObsolete() {
    String out =
        """
        bash.x86_64       5.2.32-2.fc41    updates
        vim-data.noarch   2:9.1.866-1.fc41 updates

        Obsoleting packages
        vim-data.noarch   2:9.1.866-1.fc41 updates
          vim-common.noarch 2:9.1.1-1.fc41 @System
        """;
    assertThat(YumReport.of(report(100, out, 0, "")))
        .isEqualTo(
            new Answer.Known(
                List.of(
                    new Upgrade("bash", "5.2.15-1.amzn2023", "5.2.32-2.fc41", Security.NO),
                    new Upgrade("vim-data", "another version", "2:9.1.866-1.fc41", Security.NO))));
  }

  @Test
  void ofWhenYum3WrapsLongRowsReadsThemAsOne() {
    String out =
        """

        bash.x86_64                     4.2.46-35.amzn2               amzn2-core
        java-1.8.0-amazon-corretto-devel.x86_64
                                        1:1.8.0_422.b05-1.amzn2       amzn2extra-corretto8
        kernel-livepatch-4.14.355-275.570.x86_64
                                        1.0-0.amzn2.the.longest.release.of.all
                                                                      amzn2-core
        openssl-libs.x86_64             1:1.0.2k-24.amzn2.0.12        amzn2-core
        Obsoleting Packages
        a-package-whose-name-is-quite-long.noarch
                                        2.0-1.amzn2                   amzn2-core
        """;
    String security =
        """

        java-1.8.0-amazon-corretto-devel.x86_64
                                        1:1.8.0_422.b05-1.amzn2       amzn2extra-corretto8
        """;
    assertThat(YumReport.of(report(100, out, 100, security)))
        .isEqualTo(
            new Answer.Known(
                List.of(
                    new Upgrade("bash", "5.2.15-1.amzn2023", "4.2.46-35.amzn2", Security.NO),
                    new Upgrade(
                        "java-1.8.0-amazon-corretto-devel",
                        "another version",
                        "1:1.8.0_422.b05-1.amzn2",
                        Security.YES),
                    new Upgrade(
                        "kernel-livepatch-4.14.355-275.570",
                        "another version",
                        "1.0-0.amzn2.the.longest.release.of.all",
                        Security.NO),
                    new Upgrade(
                        "openssl-libs",
                        "1:3.0.8-1.amzn2023.0.3",
                        "1:1.0.2k-24.amzn2.0.12",
                        Security.NO))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "security 1\nsaid Command line error: no such option: --security\n",
        "security 0\nsaid Error: Failed to download metadata for repo 'amazonlinux'\n",
        "security 100\n",
      })
  void ofWhenTheQuestionAboutSecurityFailsDoesNotKnowWhichCloseHoles(String security) {
    String[] around = report(100, DNF_4, 0, "").split("security 0\n", 2);
    assertThat(YumReport.of(around[0] + security + around[1]))
        .asInstanceOf(type(Answer.Known.class))
        .satisfies(
            known -> {
              assertThat(known.doubt().orElseThrow())
                  .startsWith("which upgrades close a hole: ")
                  .contains(security.replaceFirst("(?s).*said |security 100\n", "").strip());
              assertThat(known.upgrades())
                  .extracting(Upgrade::name, Upgrade::security)
                  .containsExactly(
                      tuple("bash", Security.UNKNOWN), tuple("openssl-libs", Security.UNKNOWN));
            });
  }

  @Test
  void ofWhenTheQuestionAboutSecurityFailsAndNothingIsNewerKnowsAll() {
    assertThat(YumReport.of(report(0, "", 1, ""))).isEqualTo(new Answer.Known(List.of()));
  }

  @Test
  void ofWhenThereIsNoneIsKnown() {
    assertThat(YumReport.of(report(0, "\n", 0, "\n"))).isEqualTo(new Answer.Known(List.of()));
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

  /** As the script writes it. */
  private static String report(int update, String newer, int security, String ofSecurity) {
    return "update %d\n%slists 2\nsecurity %d\n%s%send\n"
        .formatted(update, out(newer), security, out(ofSecurity), INSTALLED);
  }

  private static String out(String text) {
    return text.replaceAll("(?m)^(?=.|\\n)", "out ");
  }
}
