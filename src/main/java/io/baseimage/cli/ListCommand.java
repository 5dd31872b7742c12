package io.baseimage.cli;

import io.baseimage.pipeline.Engine;
import io.baseimage.pipeline.EngineException;
import io.baseimage.pipeline.EngineImage;
import io.baseimage.pipeline.ImageRecipe;
import io.baseimage.report.Built;
import io.baseimage.report.VariantList;
import io.baseimage.variant.Variant;
import java.io.PrintStream;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the variants. */
@Command(
    name = "list",
    description = "List the variants: until when they are supported, and what is built here.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListCommand implements Callable<Integer> {
  /** How the list is written. */
  enum Format {
    TABLE("table"),
    JSON("json"),
    GITHUB_MATRIX("github-matrix");

    private final String word;

    Format(String word) {
      this.word = word;
    }

    /** As the command line writes it. */
    @Override
    public String toString() {
      return word;
    }
  }

  @Parameters(
      arity = "0..*",
      paramLabel = "VARIANT",
      description = "Names, or patterns such as 'ubuntu-*' (default: all).")
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "table|json|github-matrix",
      defaultValue = "table",
      converter = FormatConverter.class,
      description =
          "For people, for programs, or a matrix of a GitHub workflow: one line, without variants"
              + " whose support has ended (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TABLE;

  private final Toolkit toolkit;

  ListCommand(Toolkit toolkit) {
    this.toolkit = toolkit;
  }

  @Override
  public Integer call() {
    List<Variant> variants =
        toolkit.catalog().matching(patterns).stream().map(toolkit::variant).toList();
    LocalDate today = LocalDate.ofInstant(toolkit.surroundings().clock().instant(), ZoneOffset.UTC);
    PrintStream out = toolkit.surroundings().out();
    switch (format) {
      case TABLE -> out.print(VariantList.table(listed(variants), today));
      case JSON -> out.println(VariantList.json(listed(variants), today));
      case GITHUB_MATRIX -> {
        if (variants.stream().allMatch(variant -> VariantList.hasEnded(variant, today))) {
          toolkit.surroundings().err().println("warning: the support of all of them has ended");
        }
        out.println(VariantList.githubMatrix(variants, today));
      }
    }
    return ExitCode.DONE.code();
  }

  private List<VariantList.Listed> listed(List<Variant> variants) {
    Optional<Engine> running = running();
    try {
      Optional<List<EngineImage>> images =
          running.map(engine -> engine.findByLabel(ImageRecipe.VARIANT_LABEL));
      return variants.stream()
          .map(
              variant -> new VariantList.Listed(variant, images.map(all -> Built.of(variant, all))))
          .toList();
    } finally {
      running.ifPresent(Engine::close);
    }
  }

  /** The list is of use without the engine, also when one is named that does not answer. */
  private Optional<Engine> running() {
    try {
      return toolkit.runningEngine();
    } catch (EngineException e) {
      toolkit.surroundings().err().println("baseimage-build: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Reads a format by the word that it is written with. */
  static final class FormatConverter implements picocli.CommandLine.ITypeConverter<Format> {
    @Override
    public Format convert(String word) {
      for (Format format : Format.values()) {
        if (format.word.equals(word)) {
          return format;
        }
      }
      throw new picocli.CommandLine.TypeConversionException(
          "expected table, json or github-matrix, found '" + word + "'");
    }
  }
}
