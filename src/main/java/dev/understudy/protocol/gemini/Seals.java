package dev.understudy.protocol.gemini;

import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.protocol.SealText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Thought signatures: bytes in base64 that the vendor wants back on the very part they came with.
 *
 * <p>A seal of another protocol travels to callers as the base64 of its {@link SealText}, because
 * Google's clients decode the field.
 */
final class Seals {
  /** The signature of a function call. */
  static final String CALL = "call:thoughtSignature";

  /** The signature of the text, or other content, that stands before it. */
  static final String TEXT = "text:thoughtSignature";

  /** The signature of a thought that is shown. */
  static final String THOUGHT = "thought:thoughtSignature";

  /**
   * What Google's documentation offers for calls that no Gemini model signed, so that Gemini 3 does
   * not refuse them (ai.google.dev, "Thought signatures", questions and answers).
   */
  static final String SKIP =
      Base64.getEncoder()
          .encodeToString("skip_thought_signature_validator".getBytes(StandardCharsets.US_ASCII));

  private Seals() {}

  /** What a caller brought; empty for the placeholder, which seals nothing. */
  static Optional<Seal> read(String signature, String kind) {
    String standard = Media.standardBase64(signature);
    if (standard.equals(SKIP) || signature.equals("skip_thought_signature_validator")) {
      return Optional.empty();
    }
    if (standard.startsWith(GeminiInbound.WRAPPED_MARK)) {
      try {
        var text = new String(Base64.getDecoder().decode(standard), StandardCharsets.UTF_8);
        Optional<Seal> wrapped = SealText.unwrap(text);
        if (wrapped.isPresent()) {
          return wrapped;
        }
      } catch (IllegalArgumentException e) {
        // Not ours after all: it stays what it was.
      }
    }
    return Optional.of(new Seal(ProtocolName.GEMINI, Optional.empty(), kind, standard));
  }

  /** What callers carry until the next turn. */
  static String toCaller(Seal seal) {
    return seal.protocol().equals(ProtocolName.GEMINI)
        ? seal.data()
        : Base64.getEncoder().encodeToString(SealText.wrap(seal).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether the seal belongs on the part before the empty thought that carries it. */
  static boolean belongsToPartBefore(Seal seal) {
    return seal.protocol().equals(ProtocolName.GEMINI) && seal.kind().equals(TEXT);
  }
}
