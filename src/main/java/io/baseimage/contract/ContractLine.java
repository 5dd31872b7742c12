package io.baseimage.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A promise of the image contract.
 *
 * @param id for example {@code BOOT-1}
 * @param feature what an image must have for the promise to be made, if not every image makes it
 * @param due whether a check of it must exist
 * @param text the promise in one line
 */
public record ContractLine(String id, Optional<String> feature, boolean due, String text) {
  private static final String RESOURCE = "contract-lines";

  /** All lines, in the contract's order. */
  static List<ContractLine> all() {
    try (InputStream in = ContractLine.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks its resource " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(ContractLine::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ContractLine parse(String line) {
    String[] fields = line.split("\\|", 4);
    if (fields.length != 4) {
      throw new IllegalStateException(
          "not 'id | feature | due or later | text' in " + RESOURCE + ": " + line);
    }
    String feature = fields[1].strip();
    return new ContractLine(
        fields[0].strip(),
        feature.isEmpty() ? Optional.empty() : Optional.of(feature),
        fields[2].strip().equals("due"),
        fields[3].strip());
  }
}
