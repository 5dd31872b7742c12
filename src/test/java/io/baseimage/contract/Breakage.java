package io.baseimage.contract;

import java.util.List;

/**
 * A way to break a good image, and the contract's lines that must go red for it.
 *
 * @param what what is broken
 * @param dockerfile the instructions that break it
 * @param red the ids of the lines
 */
record Breakage(String what, List<String> dockerfile, List<String> red) {
  private static final String WRAP =
      "RUN real=$(readlink -f /sbin/my_init) && cp $real /usr/sbin/real_init && rm $real"
          + " && printf '#!/bin/sh\\n%s\\n' ";

  private static final String WRAPPED = " >$real && chmod 755 $real";

  @Override
  public String toString() {
    return what;
  }

  /** An image whose my_init is a shell script. */
  private static String init(String script) {
    return WRAP + "'" + script.replace("'", "'\\''") + "'" + WRAPPED;
  }

  static List<Breakage> all() {
    return List.of(
        of("another default command", "BOOT-1", "CMD [\"sleep\", \"1000\"]"),
        of(
            "my_init only executes its command",
            "BOOT-2 BOOT-3 BOOT-4 BOOT-5 BOOT-6 BOOT-7 BOOT-8 BOOT-9 ENV-1 ENV-2 ENV-3 ENV-4 ENV-5"
                + " ENV-6 PID1-1 PID1-2 PID1-3 PID1-4 PID1-5 PID1-7 STOP-1 STOP-2 STOP-3 STOP-5"
                + " STOP-4 STOP-6 SVC-1 SVC-2 SVC-3 SVC-4 LOG-1 LOG-2 LOG-3 LOG-4 CRON-1 ENV-7"
                + " ENV-8 PID1-6 HARD-1 HARD-3 COMPAT-3 COMPAT-4",
            init(
                "while [ $# -gt 0 ]; do case \"$1\" in --) shift; break;; -*) shift;; *) break;;"
                    + " esac; done; [ $# -gt 0 ] || set -- sleep 1000; exec \"$@\"")),
        of(
            "my_init talks on stdout",
            "SVC-5 BOOT-6",
            init("echo \"*** my_init\"; exec /usr/sbin/real_init \"$@\"")),
        of(
            "my_init is given ignored signals",
            "PID1-3",
            init("trap \"\" HUP USR1; exec /usr/sbin/real_init \"$@\"")),
        of(
            "my_init starts too late to see the first signals",
            "PID1-5",
            init("sleep 0.3; exec /usr/sbin/real_init \"$@\"")),
        of(
            "my_init's parent stays process 1",
            "PID1-4 PID1-5 PID1-7",
            init("/usr/sbin/real_init \"$@\"; exit $?")),
        of("my_init's exit status is lost", "PID1-2", init("/usr/sbin/real_init \"$@\"; exit 0")),
        of(
            "my_init wants to be root",
            "HARD-2",
            init("[ \"$(id -u)\" = 0 ] || exit 1; exec /usr/sbin/real_init \"$@\"")),
        of(
            "my_init says nothing to an ordinary user",
            "HARD-2",
            init("[ \"$(id -u)\" = 0 ] || exec 2>/dev/null; exec /usr/sbin/real_init \"$@\"")),
        of(
            "the insecure key comes after the startup scripts",
            "BOOT-2",
            init(
                "case \"$1\" in --enable-insecure-key) shift; ln -s /usr/sbin/enable_insecure_key"
                    + " /etc/my_init.d/zz;; esac; exec /usr/sbin/real_init \"$@\"")),
        of(
            "each orphan costs my_init a few bytes",
            "PID1-1",
            init(
                "[ $# -eq 0 ] || exec /usr/sbin/real_init \"$@\"; exec perl -e 'exec qw(runsvdir -P"
                    + " /etc/service) unless fork; while (1) { push @ended, wait }'")),
        of(
            "names come from the network alone",
            "HARD-4",
            "RUN sed -i 's/^hosts:.*/hosts: dns/' /etc/nsswitch.conf"),
        of(
            "container-ready always says yes",
            "SVC-6",
            "RUN printf '#!/bin/sh\\n' >/usr/sbin/container-ready"),
        of(
            "container-ready is content with runsv",
            "SVC-6",
            "RUN printf '#!/bin/sh\\ncd /etc/service; for s in *; do [ -e $s/down ] ||"
                + " [ -p $s/supervise/ok ] || { echo $s; exit 1; }; done\\n'"
                + " >/usr/sbin/container-ready"),
        of(
            "container-ready does not look at log services",
            "SVC-6",
            "RUN cd /usr/sbin && mv container-ready really-ready && printf '#!/bin/sh\\n"
                + "left=$(really-ready) && exit 0; for w in ${left#*:}; do case $w in */log) ;;"
                + " *) echo $left; exit 1;; esac; done\\n' >container-ready"
                + " && chmod 755 container-ready"),
        of(
            "a PATH of its own hides runit",
            "SVC-1",
            init(
                "[ \"$PATH\" != /opt/app/bin ] || exec /usr/bin/sleep 1000;"
                    + " exec /usr/sbin/real_init \"$@\"")),
        of(
            "a hanging hook has its time beyond the 10 s of a stop",
            "BOOT-8",
            init(
                "[ -n \"$KILL_PROCESS_TIMEOUT$KILL_ALL_PROCESSES_TIMEOUT\" ] ||"
                    + " export KILL_PROCESS_TIMEOUT=5; exec /usr/sbin/real_init \"$@\"")),
        of(
            "setuser has much to say of a missing command",
            "USER-2",
            "RUN cd /usr/sbin && mv setuser really-setuser && printf '#!/bin/sh\\n"
                + "[ $# -gt 1 ] || { /usr/sbin/really-setuser --help >&2; exit 1; };"
                + " exec /usr/sbin/really-setuser \"$@\"\\n' >setuser && chmod 755 setuser"),
        of("another working directory", "COMPAT-1", "WORKDIR /root"),
        of(
            "a program that Dockerfiles call is gone",
            "COMPAT-2",
            "RUN rm /usr/sbin/enable_insecure_key"),
        of(
            "a program of the runtime needs Python",
            "PKG-6",
            "RUN printf '#!/usr/bin/python3\\n' >/usr/sbin/enable_insecure_key"),
        of("an interpreter more", "PKG-6", "RUN cp /bin/true /usr/bin/lua5.4"),
        of("an awk more", "PKG-6", "RUN cp /bin/true /usr/bin/gawk"),
        of("another group id", "ENV-5", "RUN groupmod -g 4999 docker_env"),
        of("login shells do not read the dump", "ENV-5", "RUN rm /etc/profile.d/*environment*"),
        of(
            "no socket before the daemon",
            "BOOT-9",
            "RUN rm -f /etc/service/syslog*/provides-dev-log"),
        of(
            "syslog stops first",
            "STOP-6",
            "RUN printf '#!/bin/sh\\nsv stop /etc/service/syslog*\\nsleep 0.2\\n'"
                + " >/etc/my_init.pre_shutdown.d/00 && chmod 755 /etc/my_init.pre_shutdown.d/00"),
        of(
            "the daemon starts once only",
            "LOG-2 LOG-4",
            "RUN sed -i '1a [ ! -e /var/once ] || exec sleep 1000; : >/var/once'"
                + " /etc/service/syslog*/run"),
        of(
            "the daemon opens a port",
            "LOG-2",
            "RUN printf 'source s_net { udp(port(514)); };\\nlog { source(s_net); };\\n'"
                + " >/etc/syslog-ng/conf.d/net.conf"),
        of(
            "one facility is not logged",
            "LOG-1",
            "RUN sed -i 's/source(s_src);/& filter { not facility(mail); };/'"
                + " /etc/syslog-ng/syslog-ng.conf"),
        of(
            "a reload does not reach the daemon",
            "COMPAT-4",
            "RUN printf '#!/bin/sh\\n' >/etc/service/syslog-ng/control/h"),
        of(
            "logs are rotated as a group that is not there",
            "LOG-3",
            "RUN printf 'su root no-such-group\\n' >>/etc/logrotate.conf"),
        of("nothing calls the daily jobs", "LOG-3", "RUN sed -i '/cron.daily/s/^/#/' /etc/crontab"),
        of(
            "the daily job rotates something else",
            "LOG-3",
            "RUN printf '#!/bin/sh\\n' >/etc/cron.daily/logrotate"),
        of(
            "an orphaned cron keeps others from starting",
            "CRON-1",
            "RUN sed -i 's/^is_orphan() {/& return 1/' /etc/service/cron/run"),
        of(
            "cron asks for a login uid",
            "CRON-1",
            "RUN sed -i 's/^#.*\\(session.*pam_loginuid\\)/\\1/' /etc/pam.d/cron"),
        of(
            "cron leaves hard links alone",
            "CRON-1",
            "RUN printf '#!/bin/sh\\nexec cron -f\\n' >/etc/service/cron/run"),
        of(
            "stock jobs are back",
            "CRON-2",
            "RUN mkdir -p /etc/cron.daily && touch /etc/cron.daily/apt-compat"),
        of(
            "sort does not know the language",
            "LOC-1",
            "RUN printf '#!/bin/sh\\nLC_ALL=C exec /usr/bin/sort \"$@\"\\n' >/usr/local/bin/sort"
                + " && chmod 755 /usr/local/bin/sort"),
        of("LANG does not exist", "LOC-1", "ENV LANG=xx_XX.UTF-8"),
        of(
            "sshd is up by default, and takes passwords",
            "SSH-1",
            "RUN rm /etc/service/sshd/down && sed -i 's/^PasswordAuthentication.*/PasswordAuthentication"
                + " yes/' /etc/ssh/sshd_config"),
        of("host keys are in the image", "SSH-2 PKG-4", "RUN ssh-keygen -q -A"),
        of(
            "the insecure key is the same each time",
            "SSH-3",
            "RUN ssh-keygen -q -t ed25519 -N '' -f /opt/k && sed -i 's|^ssh-keygen .*|cp /opt/k"
                + " \"$work/key\"; cp /opt/k.pub \"$work/key.pub\"|' /usr/sbin/enable_insecure_key"),
        of(
            "root may not log in by ssh",
            "SSH-3 SSH-4",
            "RUN echo 'PermitRootLogin no' | tee -a /etc/ssh/sshd_config"),
        of(
            "sshd is started by a second service, too",
            "SSH-5",
            "RUN mkdir /etc/service/ssh-too && ln -s ../sshd/run /etc/service/ssh-too/run"),
        of(
            "a -full variant lacks its tools",
            "COMPAT-6",
            "LABEL io.baseimage.variant=debian-12-full"),
        of("a Chinese image without its locale", "LOC-2", "ENV LANG=zh_CN.UTF-8"),
        of("another time zone", "LOC-3", "ENV TZ=JST-9"),
        of(
            "install_clean is apt-get install",
            "PKG-1",
            "RUN printf '#!/bin/sh\\napt-get update && apt-get install -y \"$@\"\\n'"
                + " >$(command -v install_clean)"),
        of(
            "nothing keeps daemons from starting",
            "PKG-2 COMPAT-5",
            "RUN rm -f /usr/sbin/policy-rc.d"),
        of(
            "an old package",
            "PKG-3",
            "RUN sed -i '/^Package: hostname$/,/^$/s/^Version: .*/Version: 0.1/' /var/lib/dpkg/status"),
        of("leftovers", "PKG-4", "RUN echo left >/var/log/left.log"),
        of("a compiler", "PKG-4", "RUN cp /bin/true /usr/bin/gcc"),
        of("a label is empty", "META-1", "LABEL org.opencontainers.image.revision=\"\""),
        of("a label is the version", "META-2", "LABEL io.baseimage.version=2026.11-000"),
        of("a revision that is none", "META-1", "LABEL org.opencontainers.image.revision=nonsense"),
        of("a source that is nowhere", "META-1", "LABEL org.opencontainers.image.source=nowhere"),
        of(
            "made before its base",
            "META-1",
            "LABEL org.opencontainers.image.created=2019-09-09T09:09:09Z"),
        of(
            "made before there were images",
            "META-1",
            "LABEL org.opencontainers.image.base.digest=sha256:" + "1".repeat(64),
            "LABEL org.opencontainers.image.created=1999-01-01T00:00:00Z"),
        of(
            "a base of zeros",
            "META-1",
            "LABEL org.opencontainers.image.base.digest=sha256:" + "0".repeat(64)),
        of("dnf without its user", "PKG-5", "RUN ln -s true /usr/bin/dnf"),
        of("a label is no digest", "META-1", "LABEL org.opencontainers.image.base.digest=latest"),
        of(
            "setuser stays root",
            "USER-1 USER-2 USER-3",
            "RUN f=$(readlink -f /sbin/setuser) && printf '#!/bin/sh\\nshift\\nexec \"$@\"\\n' >$f"));
  }

  private static Breakage of(String what, String red, String... dockerfile) {
    return new Breakage(what, List.of(dockerfile), List.of(red.split(" ", -1)));
  }
}
