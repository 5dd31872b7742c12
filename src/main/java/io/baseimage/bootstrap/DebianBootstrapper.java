package io.baseimage.bootstrap;

import io.baseimage.image.Platform;
import io.baseimage.pipeline.BootstrapException;
import io.baseimage.pipeline.Bootstrapper;
import io.baseimage.pipeline.InterruptedRunException;
import io.baseimage.pipeline.RunLog;
import io.baseimage.variant.Base;
import io.baseimage.variant.Bootstrap;
import io.baseimage.variant.Bootstrap.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes bases of Debian's kind with mmdebstrap or debootstrap. The archive's signatures are always
 * checked, with the keyring that the recipe names and no other.
 */
public final class DebianBootstrapper implements Bootstrapper {
  /**
   * The suites where init-system-helpers names usrmerge, which needs all of Perl (45 MB), before
   * usr-is-merged, which needs nothing; debootstrap and the official image have the latter.
   */
  private static final List<String> WITH_USRMERGE = List.of("bookworm");

  /** The suites whose official image has the user ubuntu, which no package makes. */
  private static final List<String> WITH_USER_UBUNTU = List.of("noble", "resolute");

  /** As there: the same ids, groups and home. */
  private static final String ADD_USER_UBUNTU =
      "chroot \"$1\" useradd --create-home --uid 1000 --user-group --shell /bin/bash"
          + " --comment Ubuntu --groups adm,dialout,cdrom,floppy,sudo,audio,dip,video,plugdev"
          + " ubuntu && rm -f \"$1\"/etc/passwd- \"$1\"/etc/group- \"$1\"/etc/shadow-"
          + " \"$1\"/etc/gshadow- \"$1\"/etc/subuid- \"$1\"/etc/subgid-";

  private static final Path MERGED_USR_HOOK =
      Path.of("/usr/share/mmdebstrap/hooks/maybe-merged-usr");

  /**
   * Brings a root file system, $1, up to its pockets: debootstrap knows one suite only. The mount
   * goes with the namespace that the command runs in.
   */
  private static final String UPGRADE =
      """
      mount -t proc proc "$1/proc"
      printf '#!/bin/sh\\nexit 101\\n' >"$1/usr/sbin/policy-rc.d"
      chmod 755 "$1/usr/sbin/policy-rc.d"
      inside() {
        root=$1
        shift
        chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
          PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
      }
      inside "$1" apt-get -q -o 'Acquire::Languages=none' -o 'Acquire::Retries=3' \
        -o 'APT::Update::Error-Mode=any' update
      inside "$1" apt-get -q -y --no-install-recommends -o 'Acquire::Retries=3' \
        -o 'Dpkg::Use-Pty=0' -o 'DPkg::Options::=--force-unsafe-io' \
        -o 'DPkg::Options::=--force-confold' dist-upgrade
      inside "$1" apt-get clean
      rm -f "$1/usr/sbin/policy-rc.d"
      """;

  private final Keyrings keyrings;
  private final Map<String, String> environment;
  private final boolean superuser;

  /**
   * A bootstrapper.
   *
   * @param keyringFolders where keyrings are looked for, the first that has one wins
   * @param environment the environment that the tools get: {@code PATH}, proxies
   * @param superuser whether the user is root
   */
  public DebianBootstrapper(
      List<Path> keyringFolders, Map<String, String> environment, boolean superuser) {
    this.keyrings = new Keyrings(keyringFolders);
    this.environment = Map.copyOf(environment);
    this.superuser = superuser;
  }

  /** One root file system to be made. */
  private record Job(
      Bootstrap recipe, Platform platform, Path keyring, Path directory, ToolRun tools) {

    String doing() {
      return "make a root file system of "
          + recipe.suite()
          + " for "
          + platform
          + " with "
          + recipe.tool().program();
    }

    Path rootfs() {
      return directory.resolve("rootfs");
    }

    Path tar() {
      return directory.resolve("rootfs.tar");
    }

    void run(List<String> command) throws IOException, InterruptedException {
      tools.run(command).requireSuccess(doing(), keyring);
    }
  }

  @Override
  public Path bootstrap(Bootstrap recipe, Platform platform, Path directory, RunLog log) {
    Programs programs = new Programs(environment);
    Job job =
        new Job(
            recipe,
            platform,
            keyrings.find(recipe.keyring()),
            directory.toAbsolutePath(),
            new ToolRun(programs, environment, log));
    requireTool(job, programs);
    boolean done = false;
    try {
      switch (recipe.tool()) {
        case MMDEBSTRAP -> mmdebstrap(job);
        case DEBOOTSTRAP -> debootstrap(job);
      }
      done = true;
      return job.tar();
    } catch (InterruptedException e) {
      throw new InterruptedRunException("trying to " + job.doing());
    } catch (IOException e) {
      throw new BootstrapException(
          "Tried to " + job.doing() + " in " + directory + ", but: " + e, e);
    } finally {
      Folders.removeQuietly(job.rootfs());
      Folders.removeQuietly(job.directory().resolve("trusted"));
      if (!done) {
        Folders.emptyQuietly(directory);
      }
    }
  }

  private void requireTool(Job job, Programs programs) {
    Tool tool = job.recipe().tool();
    if (programs.find(tool.program()).isEmpty()) {
      throw new BootstrapException(
          "Tried to "
              + job.doing()
              + ", but that is not installed: 'apt-get install "
              + tool.program()
              + "' on Debian and Ubuntu.");
    }
    if (tool == Tool.DEBOOTSTRAP && !superuser) {
      throw new BootstrapException(
          "Tried to " + job.doing() + ", but it works as root only: repeat this with sudo.");
    }
  }

  private void mmdebstrap(Job job) throws IOException, InterruptedException {
    Bootstrap recipe = job.recipe();
    if (superuser) {
      job.tools().inOwnMountNamespace();
      job.tools().variable("TMPDIR", job.directory().toString());
    }
    List<String> command = new ArrayList<>();
    command.add("mmdebstrap");
    command.add("--mode=" + (superuser ? "root" : "unshare"));
    command.add("--format=tar");
    command.add("--variant=" + recipe.flavour());
    command.add("--components=" + String.join(",", recipe.components()));
    // Of Ubuntu's required packages it is none, and without it nothing can be installed.
    command.add("--include=apt");
    // Or else mmdebstrap trusts this machine's keyrings too, and looks through those it finds.
    Path trusted = onlyTrusted(job);
    command.add("--keyring=" + trusted);
    command.add("--keyring=" + trusted.getParent());
    command.add("--skip=check/signed-by");
    command.add("--architectures=" + DebianArchitecture.of(job.platform()));
    // As in the official images: no descriptions are fetched, and nothing waits for the disk.
    command.add("--aptopt=Acquire::Languages \"none\"");
    if (recipe.mirror().filter(Base::isSnapshot).isPresent()) {
      command.add("--aptopt=Acquire::Check-Valid-Until \"false\"");
    }
    command.add("--dpkgopt=force-unsafe-io");
    if (WITH_USRMERGE.contains(recipe.suite()) && Files.isDirectory(MERGED_USR_HOOK)) {
      command.add("--hook-dir=" + MERGED_USR_HOOK);
    }
    if (WITH_USER_UBUNTU.contains(recipe.suite())) {
      command.add("--customize-hook=" + ADD_USER_UBUNTU);
    }
    // This machine's, and what debconf leaves of its last change.
    command.add(
        "--customize-hook=rm -f \"$1\"/etc/hostname \"$1\"/etc/resolv.conf"
            + " \"$1\"/var/cache/debconf/*-old");
    // A container's /dev is the engine's; unpacking device nodes takes root. An empty one is added
    // below: tar can also delete from an archive, but that loses other files of it.
    command.add("--skip=output/dev");
    command.add(recipe.suite());
    command.add(job.tar().toString());
    recipe.mirror().ifPresent(mirror -> command.addAll(PackageSources.of(recipe, mirror).lines()));
    job.run(command);
    Path empty = job.rootfs();
    Files.createDirectories(empty.resolve("dev"));
    job.run(RootfsArchive.append(job.tar(), empty, "./dev", environment));
  }

  /** A copy of the keyring, alone in a folder. */
  private Path onlyTrusted(Job job) throws IOException {
    Path folder = Files.createDirectories(job.directory().resolve("trusted"));
    if (!superuser) {
      // The user that mmdebstrap becomes has to get there.
      Files.setPosixFilePermissions(job.directory(), PosixFilePermissions.fromString("rwx--x--x"));
    }
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path copy = folder.resolve(job.recipe().keyring() + ".gpg");
    Files.copy(job.keyring(), copy);
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    return copy;
  }

  private void debootstrap(Job job) throws IOException, InterruptedException {
    Bootstrap recipe = job.recipe();
    job.tools().inOwnMountNamespace();
    List<String> command = new ArrayList<>();
    command.add("debootstrap");
    command.add("--variant=" + recipe.flavour());
    command.add("--components=" + String.join(",", recipe.components()));
    command.add("--keyring=" + job.keyring());
    command.add("--force-check-gpg");
    command.add("--arch=" + DebianArchitecture.of(job.platform()));
    command.add(recipe.suite());
    command.add(job.rootfs().toString());
    Optional<String> script = recipe.script().map(DebianBootstrapper::scriptFile);
    // With a script but no mirror, an empty one stands for the tool's own.
    recipe.mirror().or(() -> script.map(unused -> "")).ifPresent(command::add);
    script.ifPresent(command::add);
    job.run(command);
    Path sources = job.rootfs().resolve("etc/apt/sources.list");
    String mirror = PackageSources.address(Files.readString(sources));
    Files.writeString(sources, PackageSources.of(recipe, mirror).text());
    if (!recipe.pockets().isEmpty()) {
      job.run(List.of("sh", "-euc", UPGRADE, "upgrade", job.rootfs().toString()));
    }
    job.run(RootfsArchive.command(job.rootfs(), job.tar(), environment));
  }

  private static String scriptFile(String script) {
    return script.contains("/") ? script : "/usr/share/debootstrap/scripts/" + script;
  }
}
