package io.baseimage.cli;

import io.baseimage.registry.JibRegistries;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The commands, put together, and what becomes of a failure. */
final class CommandLineProgram {
  private static final Set<String> ASK_REGISTRIES =
      Set.of("publish", "--push", "tags", "next-version", "rollback", "check", "rebuild", "rebase");

  private static final List<Entry<?>> COMMANDS =
      List.of(
          new Entry<>(BuildCommand.class, BuildCommand::new),
          new Entry<>(RenderCommand.class, RenderCommand::new),
          new Entry<>(TestCommand.class, TestCommand::new),
          new Entry<>(ListCommand.class, ListCommand::new),
          new Entry<>(NewCommand.class, NewCommand::new),
          new Entry<>(PublishCommand.class, PublishCommand::new),
          new Entry<>(TagsCommand.class, TagsCommand::new),
          new Entry<>(NextVersionCommand.class, NextVersionCommand::new),
          new Entry<>(RollbackCommand.class, RollbackCommand::new),
          new Entry<>(InventoryCommand.class, InventoryCommand::new),
          new Entry<>(DiffCommand.class, DiffCommand::new),
          new Entry<>(ChangelogCommand.class, ChangelogCommand::new),
          new Entry<>(VerifyCommand.class, VerifyCommand::new),
          new Entry<>(CheckCommand.class, CheckCommand::new),
          new Entry<>(RebuildCommand.class, RebuildCommand::new),
          new Entry<>(RebaseCommand.class, RebaseCommand::new),
          new Entry<>(EngineCommand.class, EngineCommand::new),
          new Entry<>(WarmUpCommand.class, WarmUpCommand::new));

  private CommandLineProgram() {}

  /** A command and how it is made. */
  private record Entry<T>(Class<T> type, Function<Toolkit, T> maker) {
    Command annotation() {
      return Objects.requireNonNull(type.getAnnotation(Command.class));
    }

    /**
     * Adds it; one that is not among the words has only what the help of all tells of it. The model
     * of its options takes picocli ten milliseconds.
     */
    void addTo(CommandLine program, Set<String> words, Toolkit toolkit) {
      Command command = annotation();
      if (words.contains(command.name())) {
        program.addSubcommand(maker.apply(toolkit));
        return;
      }
      CommandSpec spec = CommandSpec.create().name(command.name());
      spec.usageMessage().description(command.description()).hidden(command.hidden());
      program.addSubcommand(new CommandLine(spec));
    }
  }

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

  /** The program where a command comes first: its own options are not looked at. */
  @Command(name = "baseimage-build")
  private static final class NamedCommand {}

  static int run(Surroundings surroundings, String... arguments) {
    Set<String> words = Set.of(Arrays.stream(arguments).distinct().toArray(String[]::new));
    if (!Collections.disjoint(words, ASK_REGISTRIES)) {
      JibRegistries.prepare();
    }
    Toolkit toolkit = new Toolkit(surroundings);
    boolean named =
        arguments.length > 0
            && COMMANDS.stream().anyMatch(each -> each.annotation().name().equals(arguments[0]));
    CommandLine program = new CommandLine(named ? new NamedCommand() : new Program(toolkit));
    COMMANDS.forEach(each -> each.addTo(program, words, toolkit));
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
