package io.baseimage.contract;

import java.util.List;

/**
 * A check of the suite, as it is listed.
 *
 * @param name the check's own name
 * @param title what holds if it passes, in words
 * @param lines the contract's lines that it proves
 */
public record ListedCheck(String name, String title, List<ContractLine> lines) {

  /** Copies the lines. */
  public ListedCheck {
    lines = List.copyOf(lines);
  }
}
