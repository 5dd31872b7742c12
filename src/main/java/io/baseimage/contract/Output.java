package io.baseimage.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command or a container has left: its status and what it wrote. */
final class Output {
  private final int status;
  private final byte[] out;
  private final byte[] err;

  Output(int status, byte[] out, byte[] err) {
    this.status = status;
    this.out = out;
    this.err = err;
  }

  /** The exit status; 128 and the signal's number after death by a signal. */
  int status() {
    return status;
  }

  /** Standard output as it came. */
  byte[] outBytes() {
    return out.clone();
  }

  /** Standard output, read as UTF-8. */
  String out() {
    return new String(out, StandardCharsets.UTF_8);
  }

  /** Standard error, read as UTF-8. */
  String err() {
    return new String(err, StandardCharsets.UTF_8);
  }

  /** Standard output without white space at its ends. */
  String text() {
    return out().strip();
  }

  List<String> outLines() {
    return out().lines().toList();
  }

  List<String> errLines() {
    return err().lines().toList();
  }

  /** Everything, for a message about it. */
  String seen() {
    return "status "
        + status
        + ", stdout "
        + Verdict.quoted(out())
        + ", stderr "
        + Verdict.quoted(err());
  }
}
