package io.baseimage.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands, put together, and what becomes of a failure. */
final class CommandLineProgram {
  private CommandLineProgram() {}

  /** The program itself: it builds if no command is named. */
  @Command(
      name = "baseimage-build",
      description = {
        "Builds Docker base images from variants, proves them and names them.",
        "Without a command it builds: baseimage-build --variant ubuntu-16.04%n"
      },
      mixinStandardHelpOptions = true,
      versionProvider = ProgramVersion.class,
      synopsisSubcommandLabel = "[COMMAND]",
      exitCodeListHeading = "%nExit status:%n",
      sortOptions = false)
  private static final class Program extends BuildCommand {
    Program(Toolkit toolkit) {
      super(toolkit);
    }
  }

  static int run(Surroundings surroundings, String... arguments) {
    Toolkit toolkit = new Toolkit(surroundings);
    CommandLine program =
        new CommandLine(new Program(toolkit))
            .addSubcommand(new BuildCommand(toolkit))
            .addSubcommand(new RenderCommand(toolkit))
            .addSubcommand(new TestCommand(toolkit))
            .addSubcommand(new VariantsCommand(toolkit))
            .addSubcommand(new EngineCommand(toolkit))
            .addSubcommand(new WarmUpCommand(toolkit));
    program.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    program.setCaseInsensitiveEnumValuesAllowed(true);
    program.setUsageHelpWidth(
        surroundings.terminalWidth().map(width -> Math.max(60, width)).orElse(80));
    program.setOut(writer(surroundings.out()));
    program.setErr(writer(surroundings.err()));
    program.setExecutionExceptionHandler(
        (failure, command, parsed) -> report(surroundings, failure));
    int status = program.execute(arguments);
    if (status == ExitCode.DONE.code() && surroundings.out().checkError()) {
      surroundings.err().println("baseimage-build: stdout could not be written");
      return ExitCode.OUTPUT.code();
    }
    return status;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  private static int report(Surroundings surroundings, Exception failure) {
    ExitCode code = ExitCode.of(failure);
    if (code == ExitCode.INTERNAL) {
      surroundings.err().println("baseimage-build: a defect of the toolkit, please report it:");
      failure.printStackTrace(surroundings.err());
    } else {
      surroundings.err().println("baseimage-build: " + failure.getMessage());
    }
    if (code == ExitCode.USAGE) {
      surroundings.err().println("Try 'baseimage-build --help'.");
    }
    return code.code();
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    Arrays.stream(ExitCode.values())
        .forEach(code -> codes.put(String.valueOf(code.code()), code.meaning()));
    return codes;
  }
}
