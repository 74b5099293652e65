package dev.understudy.chat;

import java.util.Optional;

/**
 * Where the bytes of an image, a sound, a video or a document are. Nothing here is ever fetched.
 */
public sealed interface Source {

  /** The bytes themselves, in base64 as the caller wrote it. */
  record Inline(String mediaType, String base64) implements Source {}

  /** An address that the vendor is to fetch. */
  record Url(String url, Optional<String> mediaType) implements Source {}

  /** A file that was uploaded to a vendor of this protocol before. */
  record FileId(ProtocolName origin, String id, Optional<String> mediaType) implements Source {}

  /** A document given as plain text. */
  record PlainText(String text) implements Source {}
}
