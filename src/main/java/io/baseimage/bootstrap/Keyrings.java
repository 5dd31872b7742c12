package io.baseimage.bootstrap;

import io.baseimage.pipeline.BootstrapException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The keyrings that archives' signatures are checked with. */
final class Keyrings {
  private static final Map<String, String> PACKAGES =
      Map.of(
          "debian-archive-keyring", "debian-archive-keyring",
          "ubuntu-archive-keyring", "ubuntu-keyring");

  private final List<Path> folders;

  Keyrings(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  Path find(String name) {
    String file = name + ".gpg";
    return folders.stream()
        .map(folder -> folder.resolve(file).toAbsolutePath())
        .filter(Files::isReadable)
        .findFirst()
        .orElseThrow(
            () ->
                new BootstrapException(
                    "Tried to find the keyring "
                        + file
                        + ", which the archive's signatures are checked with, but it is in none of "
                        + folders
                        + ". Put it into the first of them, or install "
                        + (PACKAGES.containsKey(name)
                            ? "the package '" + PACKAGES.get(name) + "'."
                            : "the distribution's package that has it.")));
  }
}
