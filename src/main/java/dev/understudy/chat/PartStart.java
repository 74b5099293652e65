package dev.understudy.chat;

import java.util.Optional;

/** What kind of part opens in a streamed answer. */
public sealed interface PartStart {

  record Text() implements PartStart {}

  record Reasoning() implements PartStart {}

  record Refusal() implements PartStart {}

  /** The deltas that follow are pieces of the call's input, as JSON text. */
  record ToolCall(String callId, String tool, Optional<Seal> seal) implements PartStart {}

  /** A part that arrives in one piece; no delta follows. */
  record Whole(Part part) implements PartStart {}
}
