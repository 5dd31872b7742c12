package io.baseimage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class ContractLinesTest {

  @Test
  void listWhenALineIsDueHasACheckOfIt() {
    Set<String> proven = new TreeSet<>();
    ContractSuite.list().forEach(check -> check.lines().forEach(line -> proven.add(line.id())));
    List<String> due =
        ContractSuite.lines().stream().filter(ContractLine::due).map(ContractLine::id).toList();
    assertThat(proven).containsAll(due);
  }

  @Test
  void linesHaveDistinctIds() {
    assertThat(ContractSuite.lines()).extracting(ContractLine::id).doesNotHaveDuplicates();
  }

  @Test
  void listGivesEveryCheckANameAndATitle() {
    assertThat(ContractSuite.list()).extracting(ListedCheck::name).doesNotHaveDuplicates();
    assertThat(ContractSuite.list()).allSatisfy(check -> assertThat(check.title()).isNotBlank());
  }
}
