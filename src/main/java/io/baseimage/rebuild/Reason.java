package io.baseimage.rebuild;

import io.baseimage.image.ImageReference;
import io.baseimage.pipeline.Upgrade;
import java.util.List;

/** Why a published image is not what a build would give now. */
public sealed interface Reason {

  /** For programs, in one word. */
  String kind();

  /** For people, in one line. */
  String text();

  /**
   * The base's name in its registry leads to another image.
   *
   * @param before the digest that was built on
   * @param after the digest that is there now
   */
  record NewBase(String name, String before, String after) implements Reason {
    @Override
    public String kind() {
      return "base";
    }

    @Override
    public String text() {
      return "new base " + name + ": " + shortened(before) + " → " + shortened(after);
    }

    private static String shortened(String digest) {
      return digest.substring(0, Math.min(digest.length(), "sha256:".length() + 12));
    }
  }

  /** The variant names another base. */
  record OtherBase(String before, String after) implements Reason {
    /** Replaces control characters: one of them is what an image says of itself. */
    public OtherBase {
      before = before.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String kind() {
      return "base";
    }

    @Override
    public String text() {
      return "another base: " + before + " → " + after;
    }
  }

  /** The distribution has a newer version of a package. */
  record NewerPackage(Upgrade upgrade) implements Reason {
    @Override
    public String kind() {
      return upgrade.security() == Upgrade.Security.YES ? "security" : "package";
    }

    @Override
    public String text() {
      return (upgrade.security() == Upgrade.Security.YES ? "security: " : "upgrade: ")
          + upgrade.name()
          + " "
          + upgrade.before()
          + " → "
          + upgrade.after();
    }
  }

  /** Something of the toolkit or of the variant's file is another. */
  enum Changed implements Reason {
    VARIANT("variant", "the variant has changed"),
    TEMPLATE("template", "the templates have changed"),
    RUNTIME("runtime", "the runtime has changed"),
    TOOLKIT("toolkit", "built by an older toolkit, which did not note what it was made of");

    private final String kind;
    private final String text;

    Changed(String kind, String text) {
      this.kind = kind;
      this.text = text;
    }

    @Override
    public String kind() {
      return kind;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /**
   * The runtime has changed, and nothing else counts.
   *
   * @param files the paths of those that are others, new or gone
   */
  record ChangedFiles(List<String> files) implements Reason {
    private static final int MOST = 20;

    /** Copies the list. */
    public ChangedFiles {
      files = List.copyOf(files);
    }

    @Override
    public String kind() {
      return Changed.RUNTIME.kind();
    }

    @Override
    public String text() {
      int more = files.size() - MOST;
      return Changed.RUNTIME.text()
          + ": "
          + String.join(", ", files.subList(0, Math.min(MOST, files.size())))
          + (more > 0 ? " and " + more + " more" : "");
    }
  }

  /**
   * It is older than it may be.
   *
   * @param days its age
   * @param limit the most that it may be, in days
   */
  record TooOld(long days, int limit) implements Reason {
    @Override
    public String kind() {
      return "age";
    }

    @Override
    public String text() {
      return "built " + days + " days ago, more than " + limit;
    }
  }

  /** There is none yet. */
  record Unpublished(ImageReference repository) implements Reason {
    @Override
    public String kind() {
      return "unpublished";
    }

    @Override
    public String text() {
      return "nothing is published yet";
    }
  }

  /** Somebody wants it. */
  record AskedFor() implements Reason {
    @Override
    public String kind() {
      return "asked";
    }

    @Override
    public String text() {
      return "asked for";
    }
  }
}
