package io.baseimage.contract;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SSH: the server, asked by the client that comes with it, in the same container. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT, Feature.RUNIT, Feature.SSHD})
final class SshChecks {
  private static final String KEYGEN = "/etc/my_init.d/00_regen_ssh_host_keys.sh";
  private static final String HOST_KEYS = "ls -d /etc/ssh/ssh_host_* 2>/dev/null; true";
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----\n",
          Pattern.DOTALL);

  private static final String LOGIN =
      "ssh -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null"
          + " -o LogLevel=ERROR -o ConnectTimeout=5 -o IdentitiesOnly=yes ";

  /** Enables sshd and allows a key, as a child image does, and boots. */
  private static Box enabled(Lab lab) {
    return lab.box()
        .env("GIVEN", "to the container")
        .command(
            "sh",
            "-c",
            "rm -f /etc/service/sshd/down && umask 077 && mkdir -p /root/.ssh"
                + " && ssh-keygen -q -t rsa -N '' -f /opt/key"
                + " && cp /opt/key.pub /root/.ssh/authorized_keys && exec /sbin/my_init")
        .start();
  }

  @Test
  @Proves("SSH-1")
  @DisplayName("sshd is down by default, and has no host key then")
  void downByDefault(Lab lab) {
    Box box = lab.resident();
    Verdict.matches(box.sh("sv status sshd").out(), "^down: sshd", "sv status sshd");
    Verdict.equal("", box.sh(HOST_KEYS).out(), "host keys without an sshd that is enabled");
  }

  @Test
  @Proves("SSH-2")
  @DisplayName("no host key is in the image; -f makes them by hand, other ones each time")
  void hostKeys(Lab lab) {
    Output output =
        lab.box()
            .command(
                "sh",
                "-c",
                HOST_KEYS
                    + "; sum() { cat /etc/ssh/ssh_host_*_key | cksum; }; "
                    + KEYGEN
                    + " -f || exit; first=$(sum); "
                    + KEYGEN
                    + " -f || exit; [ \"$first\" != \"$(sum)\" ] || echo the same keys")
            .run();
    Verdict.equal(0, output.status(), KEYGEN + " -f (" + output.seen() + ")");
    Verdict.equal("", output.out(), "host keys of the image, or keys that do not change");
  }

  @Test
  @Proves({"SSH-4", "SSH-2", "SSH-1"})
  @DisplayName("with a key and without the file down a login works; the server offers keys only")
  void login(Lab lab) {
    Box box = enabled(lab);
    Output first =
        box.eventually(
            30,
            LOGIN + "-i /opt/key root@127.0.0.1 'id -u; bash -lc \"echo \\$GIVEN\"'",
            "no login");
    Verdict.equal("0\nto the container\n", first.out(), "what a login shell says");
    Output methods = box.sh(LOGIN + "-o PreferredAuthentications=none root@127.0.0.1 true");
    Verdict.holds(methods.status() != 0, "a login without a key is accepted");
    Verdict.matches(
        methods.err(), "Permission denied \\(publickey\\)", "the methods that the server offers");
    Output wrong =
        box.sh(
            "ssh-keygen -q -t rsa -N '' -f /other && " + LOGIN + "-i /other root@127.0.0.1 true");
    Verdict.contains(wrong.err(), "Permission denied", "the answer to another key");
  }

  @Test
  @Proves("SSH-3")
  @DisplayName(
      "--enable-insecure-key and enable_insecure_key print a fresh key that logs in as root")
  void insecureKey(Lab lab) {
    Box box = lab.box().init("--enable-insecure-key", "--quiet").start();
    box.awaitLog("END [A-Z ]*PRIVATE KEY", 20);
    String printed = privateKey(box.logs().err());
    Verdict.lacks(box.logs().out(), "PRIVATE KEY", "stdout, which is the main command's");
    Output kept =
        box.sh("grep -rl 'PRIVATE KEY-' /root /tmp /run /var /etc --exclude='ssh_host_*'");
    Verdict.equal("", kept.out(), "files with a private key");
    loginWith(box, printed, "the key that my_init has printed");

    String byHand = privateKey(box.sh("enable_insecure_key").out());
    Verdict.holds(!byHand.equals(printed), "enable_insecure_key prints the same key once more");
    loginWith(box, byHand, "the key that enable_insecure_key has printed");
  }

  private static String privateKey(String text) {
    Matcher key = PRIVATE_KEY.matcher(text.replace("\r", ""));
    Verdict.holds(key.find(), () -> "no private key is printed: " + Verdict.quoted(text));
    return key.group();
  }

  private static void loginWith(Box box, String key, String what) {
    box.sh("umask 077; cat >/key <<'END'\n" + key + "END\n");
    box.eventually(
        30,
        "[ \"$(" + LOGIN + "-i /key root@127.0.0.1 id -u)\" = 0 ]",
        what + " does not log in as root");
  }

  @Test
  @Proves("SSH-5")
  @DisplayName("sshd is gone without a trace after its folder and its script are removed")
  void removed(Lab lab) {
    Box box =
        lab.box()
            .command(
                "sh", "-c", "rm -rf /etc/service/sshd " + KEYGEN + " && exec /sbin/my_init --quiet")
            .start()
            .awaitServices();
    Output traces =
        box.sh(HOST_KEYS + "; grep -sxE 'sshd|runsv sshd' /proc/[0-9]*/comm; ls /etc/service");
    Verdict.lacks(traces.out(), "ssh", "traces of sshd");
    Output output = box.stop(9);
    Verdict.equal(0, output.status(), "the status after a stop (" + output.seen() + ")");
    Verdict.lacks(output.err(), "ssh", "stderr");
  }
}
