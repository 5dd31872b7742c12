package io.baseimage.contract;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A container to be: what it runs, with what files and variables. */
final class Recipe {
  private static final int PROGRAM = 0755;
  private static final int PLAIN = 0644;

  private final Lab lab;
  private final Archive files = new Archive();
  private final List<String> environment = new ArrayList<>();
  private final Map<String, String> temporary = new HashMap<>();
  private final HostConfig host = new HostConfig().withNetworkMode("none");
  private List<String> command = List.of();
  private boolean terminal;
  private Optional<String> user = Optional.empty();
  private Optional<String> image = Optional.empty();

  Recipe(Lab lab) {
    this.lab = lab;
  }

  /** Runs this instead of the image's default command. */
  Recipe command(String... words) {
    command = List.of(words);
    return this;
  }

  /** Of another image than the one under test. */
  Recipe of(BaseImage other) {
    image = Optional.of(other.id());
    return this;
  }

  /** Runs {@code my_init} with these arguments. */
  Recipe init(String... arguments) {
    command = new ArrayList<>(List.of("/sbin/my_init"));
    command.addAll(List.of(arguments));
    return this;
  }

  Recipe env(String name, String value) {
    environment.add(name + "=" + value);
    return this;
  }

  Recipe file(String path, String content) {
    return file(path, content.getBytes(StandardCharsets.UTF_8));
  }

  Recipe file(String path, byte[] content) {
    files.file(path, PLAIN, content);
    return this;
  }

  Recipe file(String path, int mode, String content) {
    files.file(path, mode, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** An executable shell script of these lines. */
  Recipe script(String path, String... lines) {
    return program(path, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
  }

  /** An executable file. */
  Recipe program(String path, String content) {
    files.file(path, PROGRAM, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** A service: its {@code run} script has these lines. */
  Recipe service(String name, String... lines) {
    directory("/etc/service/" + name, PROGRAM);
    return script("/etc/service/" + name + "/run", lines);
  }

  Recipe directory(String path, int mode) {
    files.directory(path, mode);
    return this;
  }

  Recipe symbolicLink(String path, String target) {
    files.symbolicLink(path, target);
    return this;
  }

  Recipe hardLink(String path, String target) {
    files.hardLink(path, target);
    return this;
  }

  /** As {@code docker run -t -i} does. */
  Recipe terminal() {
    terminal = true;
    return this;
  }

  Recipe user(String name) {
    user = Optional.of(name);
    return this;
  }

  Recipe network() {
    host.withNetworkMode("bridge");
    return this;
  }

  /** In the PID namespace of another container. */
  Recipe processesOf(Box other) {
    host.withPidMode("container:" + other.id());
    return this;
  }

  Recipe readOnly(String... temporary) {
    host.withReadonlyRootfs(true);
    for (String path : temporary) {
      temporary(path, "");
    }
    return this;
  }

  /** With a file system in memory, as {@code docker run --tmpfs PATH:OPTIONS} makes it. */
  Recipe temporary(String path, String options) {
    temporary.put(path, options);
    host.withTmpFs(temporary);
    return this;
  }

  /** With so many bytes of memory and no swap. */
  Recipe memory(long bytes) {
    host.withMemory(bytes).withMemorySwap(bytes);
    return this;
  }

  Recipe unprivileged() {
    host.withCapDrop(Capability.ALL).withSecurityOpts(List.of("no-new-privileges"));
    return this;
  }

  /** Creates and starts it. */
  Box start() {
    return Box.started(lab, this);
  }

  /** Creates it and starts it when told. */
  Box prepare() {
    return Box.prepared(lab, this);
  }

  /** Creates and starts it and waits until it has ended. */
  Output run() {
    return start().ended();
  }

  Archive files() {
    return files;
  }

  void applyTo(CreateContainerCmd create) {
    image.ifPresent(create::withImage);
    create.withHostConfig(host).withEnv(environment);
    if (!command.isEmpty()) {
      // The image's own entry point, if it has one, must not get the command as its arguments.
      create.withEntrypoint(command.get(0));
      if (command.size() > 1) {
        create.withCmd(command.subList(1, command.size()));
      }
    }
    user.ifPresent(create::withUser);
    if (terminal) {
      create.withTty(true).withStdinOpen(true).withStdInOnce(true).withAttachStdin(true);
    }
  }
}
