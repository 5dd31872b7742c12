package io.baseimage.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

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
    CommandLine program = new CommandLine(new Program(toolkit));
    Set<String> words = Set.of(Arrays.stream(arguments).distinct().toArray(String[]::new));
    add(program, words, BuildCommand.class, BuildCommand::new, toolkit);
    add(program, words, RenderCommand.class, RenderCommand::new, toolkit);
    add(program, words, TestCommand.class, TestCommand::new, toolkit);
    add(program, words, ListCommand.class, ListCommand::new, toolkit);
    add(program, words, NewCommand.class, NewCommand::new, toolkit);
    add(program, words, PublishCommand.class, PublishCommand::new, toolkit);
    add(program, words, TagsCommand.class, TagsCommand::new, toolkit);
    add(program, words, NextVersionCommand.class, NextVersionCommand::new, toolkit);
    add(program, words, RollbackCommand.class, RollbackCommand::new, toolkit);
    add(program, words, InventoryCommand.class, InventoryCommand::new, toolkit);
    add(program, words, DiffCommand.class, DiffCommand::new, toolkit);
    add(program, words, ChangelogCommand.class, ChangelogCommand::new, toolkit);
    add(program, words, VerifyCommand.class, VerifyCommand::new, toolkit);
    add(program, words, CheckCommand.class, CheckCommand::new, toolkit);
    add(program, words, RebuildCommand.class, RebuildCommand::new, toolkit);
    add(program, words, RebaseCommand.class, RebaseCommand::new, toolkit);
    add(program, words, EngineCommand.class, EngineCommand::new, toolkit);
    add(program, words, WarmUpCommand.class, WarmUpCommand::new, toolkit);
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

  /**
   * Adds a command; one that is not among the words has only what the help of all tells of it. The
   * model of its options takes picocli ten milliseconds.
   */
  private static <T> void add(
      CommandLine program,
      Set<String> words,
      Class<T> type,
      Function<Toolkit, T> maker,
      Toolkit toolkit) {
    Command command = Objects.requireNonNull(type.getAnnotation(Command.class));
    if (words.contains(command.name())) {
      program.addSubcommand(maker.apply(toolkit));
      return;
    }
    CommandSpec spec = CommandSpec.create().name(command.name());
    spec.usageMessage().description(command.description()).hidden(command.hidden());
    program.addSubcommand(new CommandLine(spec));
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
