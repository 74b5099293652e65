package dev.understudy.protocol.bedrock;

import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.protocol.Dialect;
import java.util.Optional;

/** The two seals that Converse knows: a signed thought, and one that is encrypted as a whole. */
final class ConverseSeal {
  /** The data are {@code reasoningText.signature}. */
  static final String SIGNATURE = "signature";

  /** The data are {@code redactedContent}, base64. */
  static final String REDACTED = "redactedContent";

  private ConverseSeal() {}

  static Seal of(String kind, String data, Dialect dialect) {
    return new Seal(ProtocolName.BEDROCK_CONVERSE, Optional.of(dialect.vendor()), kind, data);
  }
}
