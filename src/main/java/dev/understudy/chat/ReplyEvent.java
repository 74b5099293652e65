package dev.understudy.chat;

import java.util.List;
import java.util.Optional;

/**
 * An answer on its way.
 *
 * <p>Grammar: {@code Started (Opened (Delta | Cited)* Closed)* (Ended | Broken)}, with {@link
 * Counted} and {@link Heartbeat} anywhere in between, and {@link Broken} possible from the start.
 * One part is open at a time, and parts are numbered from 0.
 */
public sealed interface ReplyEvent {

  record Started(String id, String model) implements ReplyEvent {}

  record Opened(int index, PartStart part) implements ReplyEvent {}

  /** More of the open part's text, thought, refusal or tool input. */
  record Delta(int index, String text, List<TokenLogprob> logprobs) implements ReplyEvent {
    public Delta {
      logprobs = List.copyOf(logprobs);
    }

    public Delta(int index, String text) {
      this(index, text, List.of());
    }
  }

  /** Something supports the open text part. */
  record Cited(int index, Citation citation) implements ReplyEvent {}

  /** The open part is complete; a thought may have been sealed. */
  record Closed(int index, Optional<Seal> seal) implements ReplyEvent {
    public Closed(int index) {
      this(index, Optional.empty());
    }
  }

  /** What was consumed so far; replaces what was counted before. */
  record Counted(Usage usage) implements ReplyEvent {}

  record Ended(Stop stop) implements ReplyEvent {}

  /** The vendor broke off with an error of its own, in the stream. */
  record Broken(Failure failure) implements ReplyEvent {}

  /** The vendor is still there. */
  record Heartbeat() implements ReplyEvent {}
}
