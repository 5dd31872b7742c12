package io.baseimage.contract;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/** COMPAT: what existing Dockerfiles lean on. */
@ExtendWith(CheckExtension.class)
@Needs({Feature.SHELL, Feature.MY_INIT})
final class CompatChecks {
  /** The names of the interpreters that an image has, with a version behind them or not. */
  private static final String INTERPRETERS =
      """
      for d in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin /opt/*/bin /usr/libexec; do
        for p in "$d"/*; do
          n=${p##*/}
          [ -x "$p" ] && [ ! -d "$p" ] || continue
          kind=${n%%[0-9]*}
          case ${kind%[.-]} in
          python|platform-python|pypy|ruby|jruby|node|nodejs|deno|bun|qjs|lua|luajit|perl|php|tclsh|wish|expect|gawk|mawk\\
          |guile|java|erl|escript|elixir|ocaml|ghc|runghc|racket|sbcl|clisp|scheme|octave|Rscript|mono|gst|jimsh|bash|dash\\
          |zsh|ksh|mksh|csh|tcsh|fish) echo "$n";;
          esac
        done
      done | sort -u
      """;

  /** What is taken for the base's where that cannot be asked. */
  private static final String USUAL = "(perl|mawk|bash|dash)([0-9.]+)?";

  @Test
  @Proves("COMPAT-1")
  @DisplayName("the working directory is / and /bin/sh is a shell that bases have")
  void stock(Lab lab) {
    Verdict.holds(
        lab.facts().workingDirectory().matches("/?"),
        "the working directory is " + lab.facts().workingDirectory());
    Output shell = lab.resident().sh("readlink -f /bin/sh");
    Verdict.matches(shell.text(), "/(dash|bash|busybox)$", "/bin/sh");
    Output ubuntu =
        lab.resident()
            .sh(
                ". /etc/os-release; case $ID$VERSION_ID in ubuntu24.*|ubuntu2[5-9].*) id ubuntu;; esac");
    Verdict.equal(0, ubuntu.status(), "the base's user ubuntu (" + ubuntu.seen() + ")");
  }

  @Test
  @Proves("COMPAT-2")
  @DisplayName("the folders and programs that child images use are there")
  void places(Lab lab) {
    StringBuilder wanted =
        new StringBuilder(
            "/etc/my_init.d /etc/my_init.pre_shutdown.d /etc/my_init.post_shutdown.d"
                + " /etc/service /etc/container_environment");
    if (lab.facts().has(Feature.CRON)) {
      wanted.append(" /etc/service/cron");
    }
    if (lab.facts().has(Feature.SYSLOG_NG)) {
      wanted.append(" /etc/service/syslog-ng");
    }
    Output missing = lab.resident().sh("for d in " + wanted + "; do [ -d $d ] || echo $d; done");
    Verdict.equal("", missing.out(), "missing folders");
    for (String program :
        new String[] {
          "/etc/my_init.d/00_regen_ssh_host_keys.sh", "/usr/sbin/enable_insecure_key"
        }) {
      Output output = lab.box().command(program).run();
      Verdict.equal(0, output.status(), program + " (" + output.seen() + ")");
    }
  }

  @Test
  @Proves("COMPAT-3")
  @Needs(Feature.RUNIT)
  @DisplayName("startup scripts and run files that are symbolic links are followed")
  void links(Lab lab) {
    Box box =
        lab.box()
            .script("/opt/script", "echo ran >/script")
            .symbolicLink("/etc/my_init.d/50_linked", "/opt/script")
            .script("/opt/run", "echo ran >/service", "exec sleep 1000")
            .directory("/etc/service/linked", 0755)
            .symbolicLink("/etc/service/linked/run", "/opt/run")
            .start();
    box.eventually(10, "[ -e /script ] && [ -e /service ]", "a link is not followed");
  }

  @Test
  @Proves("COMPAT-4")
  @Needs(Feature.SYSLOG_NG)
  @DisplayName(
      "syslog-ng's configuration can be appended to, included into and edited by sed, and reloaded")
  void syslogConfiguration(Lab lab) {
    String conf = "/etc/syslog-ng/syslog-ng.conf";
    String log =
        "destination d_%1$s { file(\"/var/log/%1$s\"); }; log { source(s_src); destination(d_%1$s); };";
    Box box =
        lab.box()
            .file("/etc/syslog-ng/conf.d/mine.conf", log.formatted("included") + "\n")
            .file("/opt/appended", log.formatted("appended") + "\n")
            .command(
                "sh",
                "-c",
                "cat /opt/appended >>"
                    + conf
                    + " && sed -i '/^source s_src {/,/^};/c source s_src { unix-dgram(\"/dev/log\"); };' "
                    + conf
                    + " && exec /sbin/my_init")
            .start()
            .awaitServices();
    Verdict.matches(
        box.sh("cat " + conf).out(), "(?m)^source s_src \\{ unix-dgram", "the edited source");
    box.eventually(
        10,
        "logger to-all-of-them; for f in syslog included appended; do"
            + " grep -q to-all-of-them /var/log/$f || exit 1; done",
        "a log of the changed configuration lacks the message");
    box.sh("sed -i 's|/var/log/appended|/var/log/moved|' " + conf + " && sv hup syslog-ng");
    box.eventually(
        10,
        "logger by-the-new-configuration; grep -q by-the-new-configuration /var/log/moved",
        "a configuration that is edited while the daemon runs is not read at a reload");
  }

  @Test
  @Proves("COMPAT-6")
  @Needs(Feature.FULL)
  @DisplayName("the tools work that Dockerfiles for phusion/baseimage use without installing them")
  void tools(Lab lab) {
    Box box = lab.box().command("sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait").start();
    Output missing =
        box.sh(
            "for t in curl less vim killall gpg dirmngr locale-gen add-apt-repository ssh"
                + " update-ca-certificates; do command -v $t >/dev/null || echo $t; done;"
                + " for t in curl less vim killall gpg dirmngr; do"
                + " $t --version >/dev/null 2>&1 || echo $t --version; done;"
                + " [ -x /usr/sbin/sshd ] || echo sshd; [ -s /etc/ssl/certs/ca-certificates.crt ] ||"
                + " echo certificates");
    Verdict.equal("", missing.out(), "what is missing or does not run");
    Output german = box.sh("locale-gen de_DE.UTF-8 && LC_ALL=de_DE.UTF-8 locale");
    Verdict.equal(0, german.status(), "locale-gen (" + german.seen() + ")");
    Verdict.equal("", german.err(), "what is said of a locale that locale-gen has made");
    Output source =
        box.sh(
            // Old ones never update, and have no option against it.
            "n=$(add-apt-repository --help | grep -o -m 1 -e --no-update);"
                + " add-apt-repository -y $n 'deb http://archive.example/ubuntu some-suite main'"
                + " </dev/null && grep -rl archive.example /etc/apt");
    Verdict.equal(0, source.status(), "add-apt-repository (" + source.seen() + ")");
  }

  @Test
  @Proves("ENV-8")
  @Needs(Feature.RUNIT)
  @DisplayName("a service's children see what it gives them; the dump gives the original back")
  void servicesEnvironment(Lab lab) {
    Box box =
        lab.box()
            .env("GIVEN", "original")
            .service(
                "own",
                "export GIVEN=changed OWN=mine",
                "sh -c 'echo $GIVEN $OWN' >/child",
                ". /etc/container_environment.sh",
                "echo $GIVEN >/original",
                "exec sleep 1000")
            .start();
    box.eventually(10, "[ -s /original ]", "the service has not run");
    Verdict.equal("changed mine", box.sh("cat /child").text(), "what a service's child sees");
    Verdict.equal("original", box.sh("cat /original").text(), "what the dump gives back");
  }

  @Test
  @Proves("ENV-7")
  @DisplayName("who reads a dump while it is written never sees half of it")
  void atomicDumps(Lab lab) {
    Recipe recipe =
        lab.box()
            .env("BIG", "x".repeat(60_000))
            .script(
                "/etc/my_init.d/10_reader",
                "(while [ ! -e /stop ]; do",
                "  case \"$(tail -c 3 /etc/container_environment.json)\" in *'}'*) ;; *) echo json >>/torn;; esac",
                "  sh -n /etc/container_environment.sh || echo sh >>/torn",
                "  echo read >>/reads",
                "done) >/dev/null 2>&1 &");
    for (int i = 0; i < 60; i++) {
      recipe.script(
          "/etc/my_init.d/20_dump-" + i, "printf " + i + " >/etc/container_environment/N");
    }
    Box box = recipe.init("--quiet", "--skip-runit", "--", "touch", "/stop").start();
    Output output = box.ended();
    Verdict.equal(0, output.status(), "the container's status (" + output.seen() + ")");
    Verdict.equal(java.util.List.of(), box.lines("/torn"), "reads of half a dump");
    Verdict.holds(!box.lines("/reads").isEmpty(), "the reader has not run");
  }

  @Test
  @Proves("PKG-6")
  @DisplayName("the runtime's own programs are native or plain shell")
  void programs(Lab lab) {
    Output output =
        lab.resident()
            .sh(
                "for f in my_init setuser install_clean container-ready enable_insecure_key; do"
                    + " p=$(command -v $f) || continue; case \"$(head -c 9 $p | tr -d '\\0')\" in"
                    + " ?ELF*|'#!/bin/sh') ;; *) echo $p;; esac; done");
    Verdict.equal("", output.out(), "programs that need an interpreter");
  }

  @Test
  @Proves("PKG-6")
  @DisplayName("the image has no interpreter that its base does not have")
  void interpreters(Lab lab) {
    Facts facts = lab.facts();
    if (facts.has(Feature.FULL)
        || facts.variant().map(variant -> !variant.packages().isEmpty()).orElse(false)) {
      throw new TestAbortedException("the variant has packages of its own");
    }
    Set<String> found = new TreeSet<>(lab.resident().sh(INTERPRETERS).outLines());
    BaseImage.of(lab)
        .filter(base -> base.isBelow(BaseImage.layersUnderTest(lab)))
        .ifPresentOrElse(
            base ->
                lab.box()
                    .of(base)
                    .command("/bin/sh", "-c", INTERPRETERS)
                    .run()
                    .outLines()
                    .forEach(found::remove),
            () -> found.removeIf(name -> name.matches(USUAL)));
    Verdict.equal(Set.of(), found, "interpreters that are not the base's");
  }
}
