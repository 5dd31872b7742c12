package io.baseimage.contract;

/** What an image may have. Without a duty it is broken; without an extra it is merely smaller. */
enum Feature {
  SHELL(true, "/bin/sh"),
  MY_INIT(true, "/sbin/my_init"),
  RUNIT(true, "runsvdir"),
  SETUSER(true, "/sbin/setuser"),
  CONTAINER_READY(true, "container-ready"),
  SYSLOG(false, "a syslog service"),
  SYSLOG_NG(false, "syslog-ng"),
  CRON(false, "a cron service"),
  LOGROTATE(false, "logrotate"),
  SSHD(false, "an sshd service"),
  FULL(false, "promise of more tools: it is no -full variant"),
  ZH_CN(false, "Chinese locale"),
  BASH(false, "bash"),
  APT(false, "apt-get"),
  YUM(false, "yum or dnf");

  private final boolean duty;
  private final String thing;

  Feature(boolean duty, String thing) {
    this.duty = duty;
    this.thing = thing;
  }

  /** Whether every image of the contract has it. */
  boolean isDuty() {
    return duty;
  }

  /** What is said of an image without it. */
  String absence() {
    return "the image has no " + thing.replaceFirst("^an? ", "");
  }
}
