package io.baseimage.pipeline;

/** A format of software bills of materials. */
public interface SbomFormat {

  /** The media type of its documents, for example {@code application/vnd.cyclonedx+json}. */
  String mediaType();

  /** An image's inventory as a document; the same image gives the same bytes. */
  byte[] write(EngineImage image, Inventory inventory);

  /**
   * What a document says that is in an image, be it of this toolkit or of another.
   *
   * @throws IllegalArgumentException if it is no such document
   */
  Inventory read(byte[] document);
}
