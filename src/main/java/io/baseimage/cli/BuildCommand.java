package io.baseimage.cli;

import io.baseimage.cli.BuildArguments.BaseArguments;
import io.baseimage.cli.BuildArguments.VariantArgument;
import io.baseimage.contract.CheckReportFiles;
import io.baseimage.pipeline.BaseResolver;
import io.baseimage.pipeline.BuildOptions;
import io.baseimage.pipeline.BuildOutcome;
import io.baseimage.pipeline.BuildPipeline;
import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.OutputException;
import io.baseimage.pipeline.Workspace;
import io.baseimage.report.Metadata;
import io.baseimage.report.Summary;
import io.baseimage.variant.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Builds a variant, proves it and names it; what the program does if no command is named. */
@Command(
    name = "build",
    description = "Build a variant, prove it and name it. The default command.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
class BuildCommand implements Callable<Integer> {
  @Mixin private VariantArgument variantArgument = new VariantArgument();
  @Mixin private BaseArguments baseArguments = new BaseArguments();
  @Mixin private BuildArguments buildArguments = new BuildArguments();
  @Mixin private ConsoleArguments consoleArguments = new ConsoleArguments();

  private final Toolkit toolkit;

  BuildCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    Surroundings surroundings = toolkit.surroundings();
    Variant variant = variantArgument.get(toolkit);
    BuildOptions options = buildArguments.options(variant, baseArguments);
    Path output = buildArguments.output(surroundings, variant);
    prepare(output);
    Console console = toolkit.console(consoleArguments);
    Workspace workspace = surroundings.workspace();
    try (Engine engine = toolkit.engine(console)) {
      BuildPipeline pipeline =
          new BuildPipeline(
              engine,
              new BaseResolver(engine, toolkit.bootstrapper(), workspace, console),
              toolkit.programs(console),
              toolkit.recipe(),
              toolkit.inventory(),
              toolkit.checker(engine.info()),
              workspace,
              surroundings.clock(),
              console);
      BuildOutcome outcome =
          pipeline.run(
              options, toolkit::toolchainVariant, report -> CheckReportFiles.write(report, output));
      Path metadata = Metadata.write(outcome, output);
      console.clear();
      surroundings.out().print(Summary.of(outcome));
      console.info("Wrote " + surroundings.directory().relativize(metadata));
      return ExitCode.DONE.code();
    } finally {
      console.clear();
    }
  }

  /**
   * A minute of building is not to end in a folder that cannot be written, nor in one with the
   * files of an earlier run, which speak of another image.
   */
  private static void prepare(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".writable", null));
      Files.deleteIfExists(folder.resolve(Metadata.FILE));
      for (String file : CheckReportFiles.NAMES) {
        Files.deleteIfExists(folder.resolve(file));
      }
    } catch (IOException e) {
      throw new OutputException("write metadata.json", folder, e);
    }
  }
}
