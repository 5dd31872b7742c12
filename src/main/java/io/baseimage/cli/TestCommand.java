package io.baseimage.cli;

import io.baseimage.cli.BuildArguments.TimeoutArgument;
import io.baseimage.cli.VariantArguments.VariantArgument;
import io.baseimage.contract.CheckReportFiles;
import io.baseimage.contract.ContractLine;
import io.baseimage.contract.ContractSuite;
import io.baseimage.contract.ListedCheck;
import io.baseimage.pipeline.CheckReport;
import io.baseimage.pipeline.CheckRequest;
import io.baseimage.pipeline.CheckResult;
import io.baseimage.pipeline.Emulation;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.pipeline.TestedImages;
import io.baseimage.report.Summary;
import io.baseimage.variant.Variant;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the contract suite on any image. */
@Command(
    name = "test",
    description = "Run the contract suite on any image that the engine has.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TestCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "IMAGE", description = "Name or id of the image.")
  private @Nullable String image;

  @Mixin private VariantArgument variantArgument = new VariantArgument();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Folder for junit.xml and checks.json.")
  private @Nullable Path output;

  @Mixin private TimeoutArgument timeoutArgument = new TimeoutArgument();

  @Option(names = "--list", description = "Print the checks and the lines they prove, and end.")
  private boolean list;

  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  TestCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    PrintStream out = toolkit.surroundings().out();
    if (list) {
      ContractSuite.list().forEach(check -> out.printf("%-16s %s%n", lines(check), check.title()));
      return ExitCode.DONE.code();
    }
    if (image == null) {
      throw new UsageException("Missing parameter IMAGE");
    }
    String name = image;
    Console console = toolkit.console(consoleArguments);
    double scale = timeoutArgument.scale();
    Optional<Variant> named = variantArgument.ifGiven(toolkit);
    try (Engine engine = toolkit.engine(console)) {
      EngineImage found =
          engine
              .find(name)
              .orElseThrow(
                  () ->
                      new EngineException(
                          EngineException.Kind.NOT_FOUND,
                          "The engine at "
                              + engine.info().address()
                              + " has no image "
                              + name
                              + "; bring it there by docker pull or docker load"));
      CheckRequest request =
          new CheckRequest(
              found.id().toString(),
              named.or(() -> labelled(found)),
              scale * Emulation.timeoutScale(found.platform(), engine.info()));
      CheckReport report = toolkit.checker(engine.info()).check(request, console);
      console.clear();
      for (CheckResult result : report.results()) {
        print(out, result);
      }
      out.println(name + ": " + Summary.checks(report) + ", " + Summary.seconds(report.took()));
      if (report.passed()) {
        new TestedImages(toolkit.surroundings().workspace()).add(found.id());
      }
      if (output != null) {
        CheckReportFiles.write(report, toolkit.surroundings().resolve(output));
      }
      return report.passed() ? ExitCode.DONE.code() : ExitCode.CHECKS.code();
    } finally {
      console.clear();
    }
  }

  private Optional<Variant> labelled(EngineImage found) {
    return Optional.ofNullable(found.labels().get(ImageRecipe.VARIANT_LABEL))
        .filter(name -> toolkit.catalog().names().contains(name))
        .map(toolkit::variant);
  }

  private static String lines(ListedCheck check) {
    return check.lines().stream().map(ContractLine::id).collect(Collectors.joining(" "));
  }

  private static void print(PrintStream out, CheckResult result) {
    out.println(Console.line(result));
    if (result.outcome() == CheckResult.Outcome.BROKEN) {
      result
          .detail()
          .ifPresent(
              detail -> out.println("         " + detail.strip().replace("\n", "\n         ")));
    }
  }
}
