package dev.understudy.protocol.cohere;

import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Seal;
import dev.understudy.protocol.Dialect;
import java.util.Optional;

/**
 * Marks Cohere's thoughts as Cohere's. It signs nothing itself; the mark says in which of its two
 * places a thought stood, so that the next turn can bring it back there, and keeps other vendors'
 * thoughts out.
 */
final class CohereSeal {
  /** A block of content of type {@code thinking}. */
  static final String THINKING = "thinking";

  /** The member {@code tool_plan} beside the tool calls. */
  static final String TOOL_PLAN = "tool_plan";

  private CohereSeal() {}

  static Seal of(String kind, Dialect dialect) {
    return new Seal(ProtocolName.COHERE_CHAT, Optional.of(dialect.vendor()), kind, "");
  }
}
