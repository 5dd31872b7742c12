package io.baseimage.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.baseimage.variant.Variant;
import io.baseimage.variant.VariantCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DockerfileTemplateTest {
  @TempDir private Path folder;

  @Test
  void renderWhenAValueIsNotQuotedRefuses() throws IOException {
    assertThatThrownBy(() -> render("FROM ${base}\n"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("without quoting")
        .hasMessageContaining("Dockerfile.ftl");
  }

  @Test
  void renderWhenAValueIsQuotedWritesIt() throws IOException {
    assertThat(render("ARG BASE=${df(base)}\nRUN echo ${sh(base)}\n"))
        .endsWith("ARG BASE=\"debian:12\"\nRUN echo 'debian:12'\n");
  }

  @Test
  void renderWhenTheTemplateIsMalformedNamesFileAndLine() {
    assertThatThrownBy(() -> render("FROM x\n<#if\n"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("Dockerfile.ftl")
        .hasMessageContaining("line");
  }

  @Test
  void renderWhenAFieldDoesNotExistNamesIt() {
    assertThatThrownBy(() -> render("LABEL x=${df(variant.nonsense)}\n"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("variant.nonsense");
  }

  @Test
  void renderWhenThereIsNoTemplateSaysSo() {
    assertThatThrownBy(
            () ->
                new DockerfileTemplate(folder)
                    .render(variant(), "debian:12", "2020-01-01T00:00:00Z", Map.of()))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("Dockerfile.ftl");
  }

  @Test
  void constructorWhenThereIsNoFolderSaysSo() {
    assertThatThrownBy(() -> new DockerfileTemplate(folder.resolve("none")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("none");
  }

  private String render(String template) throws IOException {
    Files.writeString(folder.resolve("Dockerfile.ftl"), template);
    return new DockerfileTemplate(folder)
        .render(variant(), "debian:12", "2020-01-01T00:00:00Z", Map.of());
  }

  private static Variant variant() {
    return VariantCatalog.open(Path.of("variants")).get("debian-12");
  }
}
