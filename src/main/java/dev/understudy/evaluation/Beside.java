package dev.understudy.evaluation;

import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The files beside a suite, all of which count for its hash. */
final class Beside {
  private static final long BYTES_MAX = 256L << 20;

  private final Path suite;
  private final Problems problems;
  private final MessageDigest digest;

  Beside(Path suite, Problems problems) {
    this.suite = suite;
    this.problems = problems;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  Path path(Text said) {
    return suite.resolveSibling(said.value());
  }

  /** A whole file; empty if it cannot be read, which has been said. */
  Optional<byte[]> bytes(Text said) {
    Path path = path(said);
    try {
      if (Files.size(path) > BYTES_MAX) {
        problems.add(said.place(), path + " is larger than " + BYTES_MAX + " bytes");
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(path);
      digest(bytes);
      return Optional.of(bytes);
    } catch (IOException e) {
      problems.add(said.place(), path + " cannot be read");
      return Optional.empty();
    }
  }

  /** A whole file as text, without the mark that some programs write before it. */
  Optional<String> text(Text said) {
    Optional<byte[]> bytes = bytes(said);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.get()));
      return Optional.of(text.toString().replaceFirst("^\uFEFF", ""));
    } catch (CharacterCodingException e) {
      problems.add(said.place(), path(said) + " is not UTF-8 text");
      return Optional.empty();
    }
  }

  void digest(byte[] bytes) {
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  /** Of everything that was read; once, at the end. */
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
