package io.baseimage.contract;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PKG-4, PKG-5: what must not be in an image, and who must. */
@ExtendWith(CheckExtension.class)
@Needs(Feature.SHELL)
final class ImageContentChecks {
  private static final String LEFTOVERS =
      """
      find /var/lib/apt/lists -type f ! -name lock 2>/dev/null
      find /var/cache/apt /var/cache/yum /var/cache/dnf -type f ! -name lock 2>/dev/null
      find /var/log -type f -size +0 ! -name lastlog ! -name faillog 2>/dev/null
      find /tmp /var/tmp -mindepth 1 2>/dev/null
      ls -d /etc/ssh/ssh_host_* 2>/dev/null
      [ ! -s /etc/machine-id ] || echo "/etc/machine-id with content"
      [ ! -s /var/lib/dbus/machine-id ] || [ -L /var/lib/dbus/machine-id ] ||
        echo "/var/lib/dbus/machine-id with content"
      for home in /root /home/*; do
        for name in .bash_history .cache .gnupg .ssh .wget-hsts .lesshst .viminfo .netrc; do
          [ ! -e "$home/$name" ] || echo "$home/$name"
        done
      done
      find / -xdev -name __pycache__ 2>/dev/null | while read -r folder; do
        rpm -qf "$folder" >/dev/null 2>&1 || echo "$folder"
      done
      ls -d /build /bd_build /usr/src/* 2>/dev/null
      exit 0
      """;

  private static final String TOOLS =
      "for t in gcc cc g++ clang make cmake ld as musl-gcc go rustc javac; do command -v $t; done; true";

  @Test
  @Proves("PKG-4")
  @DisplayName("no lists, caches, logs, temporary files, host keys, machine id or secrets")
  void noLeftovers(Lab lab) {
    Verdict.equal("", question(lab, LEFTOVERS), "what should not be in the image");
  }

  @Test
  @Proves("PKG-4")
  @DisplayName("no build tools")
  void noBuildTools(Lab lab) {
    Verdict.equal("", question(lab, TOOLS), "build tools in the image");
  }

  @Test
  @Proves("PKG-5")
  @Needs(Feature.YUM)
  @DisplayName("the user and the group ll-user have the ids 500")
  void user(Lab lab) {
    Verdict.equal(
        "ll-user:500:500\nll-user:500\n",
        question(
            lab,
            "sed -n 's/^\\(ll-user\\):[^:]*:\\([0-9]*:[0-9]*\\):.*/\\1:\\2/p' /etc/passwd;"
                + " sed -n 's/^\\(ll-user\\):[^:]*:\\([0-9]*\\):.*/\\1:\\2/p' /etc/group"),
        "ll-user in /etc/passwd and /etc/group");
  }

  private static String question(Lab lab, String script) {
    Output output = lab.box().command("/bin/sh", "-c", script).run();
    Verdict.equal(0, output.status(), "looking through the image (" + output.seen() + ")");
    return output.out();
  }
}
