package io.baseimage.bootstrap;

import io.baseimage.pipeline.BootstrapException;
import io.baseimage.pipeline.Emulation;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How a tool ended.
 *
 * @param program its name
 * @param status its exit status
 * @param end the last lines of its output
 * @param complaints the lines that tell of errors
 */
record ToolResult(String program, int status, List<String> end, List<String> complaints) {
  private static final Pattern ADDRESS = Pattern.compile("(?:https?|ftp|file)://[^\\s'\",;]+");

  /** Throws unless the tool ended well. */
  void requireSuccess(String doing, Path keyring) {
    if (status == 0) {
      return;
    }
    StringBuilder message =
        new StringBuilder("Tried to ")
            .append(doing)
            .append(", but ")
            .append(program)
            .append(" ended with exit status ")
            .append(status)
            .append('.');
    Set<String> addresses = addresses();
    if (!addresses.isEmpty()) {
      message.append("\nAddresses that failed: ").append(String.join(", ", addresses));
    }
    message.append(advice(keyring, !addresses.isEmpty()));
    message.append("\nThe end of its output:\n  ").append(String.join("\n  ", end));
    throw new BootstrapException(message.toString());
  }

  private Set<String> addresses() {
    Set<String> addresses = new LinkedHashSet<>();
    complaints.forEach(
        line -> ADDRESS.matcher(line).results().map(MatchResult::group).forEach(addresses::add));
    return addresses;
  }

  private String advice(Path keyring, boolean anAddressFailed) {
    String text = String.join("\n", end).toLowerCase(Locale.ROOT);
    if (text.contains("no_pubkey")
        || text.contains("gpg error")
        || text.contains("not signed")
        || text.contains("unknown key")
        || text.contains("invalid signature")) {
      return "\nThe archive's signature cannot be checked with "
          + keyring
          + ": nothing of it is used. Name the right keyring in the variant.";
    }
    if (text.contains("no space left on device")) {
      return "\nNo space is left on the disk of the working folder.";
    }
    if (Emulation.isMissing(text)) {
      return "\n" + Emulation.ADVICE;
    }
    if (anAddressFailed) {
      return "\nCheck the network and its proxy (http_proxy), or name another mirror in the"
          + " variant.";
    }
    return "";
  }
}
