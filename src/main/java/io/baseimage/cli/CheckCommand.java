package io.baseimage.cli;

import io.baseimage.cli.Freshnesses.Standing;
import io.baseimage.rebuild.Freshness;
import io.baseimage.report.FreshnessReport;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells which published images are not what a build would give now. */
@Command(
    name = "check",
    description =
        "Tell of each published variant whether it is fresh or stale, and why: a new base, packages"
            + " that the distribution would upgrade, a changed variant, template or runtime. What"
            + " cannot be found out is unknown, and never fresh.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {
  @Mixin private Freshnesses freshnesses = new Freshnesses();
  @Mixin private SummaryArgument summary = new SummaryArgument();
  @Mixin private TextFormat format = new TextFormat();

  private final Toolkit toolkit;

  CheckCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Console console = freshnesses.console(toolkit);
    try (Freshnesses.LazyEngine engine =
        new Freshnesses.LazyEngine(toolkit, freshnesses.registries(toolkit, console), console)) {
      List<Freshness> all =
          freshnesses.look(toolkit, engine, console).stream().map(Standing::freshness).toList();
      console.clear();
      format.print(
          toolkit.surroundings().out(),
          () -> FreshnessReport.text(all),
          () -> FreshnessReport.json(all),
          () -> FreshnessReport.markdown(all));
      summary.append(toolkit.surroundings(), () -> FreshnessReport.markdown(all));
      return ExitCode.ofVerdicts(all).code();
    } finally {
      console.clear();
    }
  }
}
