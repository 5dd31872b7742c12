package io.baseimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.CheckResult.Outcome;
import io.baseimage.pipeline.Phase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ConsoleTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void writesPlainLinesWhenItIsNoTerminal() {
    play(new Console(stream(), Optional.empty(), false));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            ==> build: debian-12
                Step 1/9 : FROM x
                holds  BOOT-1           my_init is PID 1
                BROKEN BOOT-2           the order holds
            warning: look here
            build       1.5 s  done
            """);
  }

  @Test
  void showsOneLivingLineOnATerminalAndKeepsWhatMatters() {
    play(new Console(stream(), Optional.of(24), false));
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text).contains("\r\033[2K    Step 1/9 : FROM x");
    String kept = text.replaceAll("\r\033\\[2K[^\r\n]*(?=\r)", "").replaceAll("\r\033\\[2K", "");
    assertThat(kept)
        .isEqualTo(
            """
                BROKEN BOOT-2           the order holds
            warning: look here
            build       1.5 s  done
            """);
  }

  /** And leaves room for the terminal's own {@code ^C}, which else would begin another line. */
  @Test
  void cutsALivingLineToTheTerminal() {
    Console console = new Console(stream(), Optional.of(10), false);
    console.output("a line that is much longer than ten columns");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r\033[2K    a l");
  }

  @Test
  void cutsALivingLineOfWideCharactersToTheTerminal() {
    Console console = new Console(stream(), Optional.of(10), false);
    console.output("中文字符 and more");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r\033[2K    中");
  }

  @Test
  void showsALivingLineForEachBuildAndKeepsWhatMattersAboveThem() {
    Console console = new Console(stream(), Optional.of(40), false);
    Console.Channel one = console.channel("one");
    Console.Channel other = console.channel("other");
    one.output("builds");
    other.output("waits");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .endsWith("\r\033[2Kone      builds\n\r\033[2Kother      waits");
    bytes.reset();
    one.warn("look here");
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "\r\033[2K\033[1A\r\033[2Kone  warning: look here\n"
                + "\r\033[2Kone      builds\n\r\033[2Kother      waits");
    bytes.reset();
    one.end();
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\033[2K\033[1A\r\033[2K\r\033[2Kother      waits");
  }

  @Test
  void letsNoControlCharacterOfABuildReachTheTerminal() {
    Console console = new Console(stream(), Optional.of(80), false);
    console.output("before\033[2Jafter\u0007");
    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r\033[2K    before [2Jafter ");
  }

  private static void play(Console console) {
    console.phaseStarted(Phase.BUILD, "debian-12");
    console.output("Step 1/9 : FROM x");
    console.progress("Step", 1, 9);
    console.checkFinished(result("BOOT-1", "my_init is PID 1", Outcome.HOLDS));
    console.checkFinished(result("BOOT-2", "the order holds", Outcome.BROKEN));
    console.warn("look here");
    console.phaseFinished(Phase.BUILD, Duration.ofMillis(1500), "done");
  }

  private static CheckResult result(String line, String title, Outcome outcome) {
    return new CheckResult(
        title, List.of(line), title, outcome, Optional.empty(), Duration.ofMillis(10));
  }

  private PrintStream stream() {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
