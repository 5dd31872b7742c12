package io.baseimage.variant;

import java.util.Locale;

/**
 * What runs in the image.
 *
 * @param syslog the syslog daemon
 * @param cron whether cron runs
 * @param logrotate whether logs are rotated, which cron does
 * @param sshd whether an SSH server is installed, which stays down until it is asked for
 */
public record Services(Syslog syslog, boolean cron, boolean logrotate, boolean sshd) {

  /** Throws {@link IllegalArgumentException} for log rotation without cron, which runs it. */
  public Services {
    if (logrotate && !cron) {
      throw new IllegalArgumentException("logrotate is run by cron, and cron is off");
    }
  }

  /** Whether everything else is the same and there is an SSH server at most beside it. */
  boolean onlyAddTo(Services other) {
    return equals(new Services(other.syslog, other.cron, other.logrotate, sshd))
        && (sshd || !other.sshd);
  }

  /** The choice of syslog daemons. */
  public enum Syslog {
    SYSLOG_NG,
    RSYSLOG,
    NONE;

    /** As variants write it: {@code syslog-ng}. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
