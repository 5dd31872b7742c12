package io.baseimage.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.baseimage.image.Platform;
import io.baseimage.pipeline.BootstrapException;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.RecordingLog;
import io.baseimage.variant.Bootstrap;
import io.baseimage.variant.Bootstrap.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With scripts in place of the tools. */
class DebianBootstrapperTest {
  private static final Platform ARM64 = Platform.parse("linux/arm64");

  private final Path folder;
  private final Path work;
  private final RecordingLog log = new RecordingLog();

  DebianBootstrapperTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.work = Files.createDirectories(folder.resolve("work"));
    Files.createDirectories(folder.resolve("bin"));
    Files.createDirectories(folder.resolve("keyrings"));
    Files.writeString(folder.resolve("keyrings/k.gpg"), "");
  }

  private DebianBootstrapper bootstrapper(boolean superuser) {
    return new DebianBootstrapper(
        List.of(folder.resolve("keyrings"), folder.resolve("more")),
        Map.of("PATH", folder.resolve("bin").toString()),
        superuser);
  }

  private void program(String name, String script) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Bootstrap recipe(Tool tool, String keyring) {
    return new Bootstrap(
        tool,
        "suite",
        "minbase",
        List.of("main", "universe"),
        List.of("-updates", "-security"),
        keyring,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void bootstrapWhenKeyringIsMissingSaysWhereItWasLookedFor() {
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(
            () ->
                bootstrapper(true)
                    .bootstrap(recipe(Tool.MMDEBSTRAP, "ubuntu-archive-keyring"), ARM64, work, log))
        .withMessageContaining("ubuntu-archive-keyring.gpg")
        .withMessageContaining(folder.resolve("more").toString())
        .withMessageContaining("the package 'ubuntu-keyring'");
  }

  @Test
  void bootstrapWhenDebootstrapIsRunByAUserSaysThatItTakesRoot() throws IOException {
    program("debootstrap", "exit 0");
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(
            () -> bootstrapper(false).bootstrap(recipe(Tool.DEBOOTSTRAP, "k"), ARM64, work, log))
        .withMessageContaining("as root only");
  }

  @Test
  void bootstrapWhenToolFailsNamesAddressesAndTheEndOfItsOutput() throws IOException {
    program(
        "mmdebstrap",
        "echo working; printf 'one\\rtwo\\n'; echo 'Err:1 http://mirror.invalid/x suite InRelease';"
            + " echo 'E: Failed to fetch http://mirror.invalid/y  404'; exit 25");
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(
            () -> bootstrapper(false).bootstrap(recipe(Tool.MMDEBSTRAP, "k"), ARM64, work, log))
        .withMessageContaining("make a root file system of suite for linux/arm64 with mmdebstrap")
        .withMessageContaining("ended with exit status 25")
        .withMessageContaining(
            "Addresses that failed: http://mirror.invalid/x, http://mirror.invalid/y\n")
        .withMessageContaining("The end of its output:\n  working\n  two\n");
    assertThat(log.output).startsWith("working", "two");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void bootstrapWhenSignatureIsUnknownNamesTheKeyring() throws IOException {
    program("mmdebstrap", "echo 'W: GPG error: http://m.invalid suite: NO_PUBKEY 1'; exit 1");
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(
            () -> bootstrapper(false).bootstrap(recipe(Tool.MMDEBSTRAP, "k"), ARM64, work, log))
        .withMessageContaining("cannot be checked with " + folder.resolve("keyrings/k.gpg"));
  }

  @Test
  void bootstrapWithMmdebstrapPassesTheRecipeOn() throws IOException {
    program("mmdebstrap", "for each; do echo \"arg $each\"; done; exit 3");
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(
            () -> bootstrapper(false).bootstrap(recipe(Tool.MMDEBSTRAP, "k"), ARM64, work, log));
    assertThat(log.output)
        .contains(
            "arg --variant=minbase",
            "arg --components=main,universe",
            "arg --keyring=" + work.resolve("trusted"),
            "arg --keyring=" + work.resolve("trusted/k.gpg"),
            "arg --skip=check/signed-by",
            "arg --architectures=arm64",
            "arg --mode=unshare",
            "arg suite")
        .last()
        .isEqualTo("arg " + work.resolve("rootfs.tar"));
  }

  @Test
  void bootstrapWithDebootstrapAddsThePocketsAndLeavesOutWhatIsNotTheBases() throws Exception {
    program("unshare", "shift; exec \"$@\"");
    program("mount", "exit 0");
    program("chroot", "shift; echo inside: \"$@\"");
    program(
        "debootstrap",
        "for each; do dir=$each; done; cd /; mkdir -p $dir;"
            + " (cd $dir; mkdir -p etc/apt var/log dev bin proc usr/sbin);"
            + " echo 'deb http://m.invalid/ubuntu suite main' >$dir/etc/apt/sources.list;"
            + " echo x >$dir/var/log/bootstrap.log; echo x >$dir/dev/null; echo x >$dir/bin/sh");

    Path tar = bootstrapper(true).bootstrap(recipe(Tool.DEBOOTSTRAP, "k"), ARM64, work, log);

    assertThat(work).isDirectoryContaining(tar::equals);
    assertThat(work.resolve("rootfs")).doesNotExist();
    assertThat(output("tar", "-tf", tar.toString()).lines())
        .containsExactly(
            "./",
            "./bin/",
            "./bin/sh",
            "./dev/",
            "./etc/",
            "./etc/apt/",
            "./etc/apt/sources.list",
            "./proc/",
            "./usr/",
            "./usr/sbin/",
            "./var/",
            "./var/log/");
    assertThat(output("tar", "-xOf", tar.toString(), "./etc/apt/sources.list").lines())
        .containsExactly(
            "deb http://m.invalid/ubuntu suite main universe",
            "deb http://m.invalid/ubuntu suite-updates main universe",
            "deb http://m.invalid/ubuntu suite-security main universe");
  }

  @Test
  void bootstrapWithDebootstrapBringsTheRootFileSystemUpToItsPockets() throws Exception {
    program("unshare", "shift; exec \"$@\"");
    program("mount", "exit 0");
    program("chroot", "shift; echo inside: \"$@\"; [ \"$*\" = \"${*%dist-upgrade}\" ] || exit 100");
    program(
        "debootstrap",
        "for each; do dir=$each; done; mkdir -p $dir/etc/apt $dir/proc $dir/usr/sbin;"
            + " echo 'deb http://m.invalid/ubuntu suite main' >$dir/etc/apt/sources.list");

    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(
            () -> bootstrapper(true).bootstrap(recipe(Tool.DEBOOTSTRAP, "k"), ARM64, work, log))
        .withMessageContaining("exit status 100");
    assertThat(log.output).anyMatch(line -> line.endsWith("update"));
  }

  @Test
  void bootstrapWhenInterruptedEndsTheToolAndItsChildrenAndLeavesNothing() throws Exception {
    program(
        "mmdebstrap",
        "trap '' TERM; sleep 1000 & echo child $!; touch "
            + work
            + "/left; echo ready; wait; wait");
    CompletableFuture<Path> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(
                    bootstrapper(false).bootstrap(recipe(Tool.MMDEBSTRAP, "k"), ARM64, work, log));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    thread.start();
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!log.output.contains("ready") && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    thread.interrupt();

    assertThat(result)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withCauseInstanceOf(InterruptedRunException.class);
    long child = Long.parseLong(log.output.get(0).substring("child ".length()));
    assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void sourcesOfADebianMirrorHaveTheSecurityArchiveBesideIt() {
    assertThat(PackageSources.of(recipe(Tool.DEBOOTSTRAP, "k"), "http://m.invalid/debian").lines())
        .containsExactly(
            "deb http://m.invalid/debian suite main universe",
            "deb http://m.invalid/debian suite-updates main universe",
            "deb http://m.invalid/debian-security suite-security main universe");
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
