package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.protocol.SealText;
import java.util.Optional;

/**
 * How seals travel in thinking blocks.
 *
 * <p>The protocol's own are of two kinds: the signature of a thought, and a thought that is
 * encrypted whole. Seals of other protocols travel as signatures, wrapped; one that belongs to a
 * tool call stands in an empty thinking block right before the call.
 */
final class Seals {
  static final ProtocolName HOME = ProtocolName.ANTHROPIC_MESSAGES;
  static final String SIGNATURE = "signature";
  static final String REDACTED = "redacted";

  /** What the kind of a seal begins with that belongs to a tool call, in every protocol. */
  static final String OF_CALL = "call:";

  private Seals() {}

  static boolean isRedacted(Seal seal) {
    return seal.protocol().equals(HOME) && seal.kind().equals(REDACTED);
  }

  static boolean isOfCall(Seal seal) {
    return seal.kind().startsWith(OF_CALL);
  }

  static String write(Seal seal) {
    return SealText.write(seal, HOME);
  }

  /** A seal from a block's field; an empty one seals nothing. */
  static Optional<Seal> read(String text, String bareKind) {
    return text.isEmpty() ? Optional.empty() : Optional.of(SealText.read(text, HOME, bareKind));
  }

  /** The seal as issued by {@code vendor}, where the text itself does not say who issued it. */
  static Optional<Seal> read(String text, String bareKind, String vendor) {
    return read(text, bareKind)
        .map(seal ->
            seal.vendor().isEmpty() && seal.protocol().equals(HOME)
                ? new Seal(HOME, Optional.of(vendor), seal.kind(), seal.data())
                : seal);
  }
}
