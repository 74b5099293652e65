package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.routing.Split;
import java.util.Optional;

/**
 * A call and its copy. What was said is read when it is asked for, which takes time that no event
 * loop has.
 */
public final class Twin {
  private final Split split;
  private final long session;
  private final Asked asked;
  private final Exchange served;
  private final KeptReply servedReply;
  private final Exchange copied;
  private final KeptReply copiedReply;

  Twin(
      Split split,
      long session,
      Asked asked,
      Exchange served,
      KeptReply servedReply,
      Exchange copied,
      KeptReply copiedReply) {
    this.split = split;
    this.session = session;
    this.asked = asked;
    this.served = served;
    this.servedReply = servedReply;
    this.copied = copied;
    this.copiedReply = copiedReply;
  }

  public Split split() {
    return split;
  }

  /** What the call belongs to. */
  public long session() {
    return session;
  }

  /** The record of the caller's call. */
  public Exchange served() {
    return served;
  }

  /** The record of the copy. */
  public Exchange copied() {
    return copied;
  }

  /** What was asked; empty if it cannot be read. */
  public Optional<ChatRequest> request() {
    try {
      return Optional.of(
          new Wording(
                  asked,
                  Envelope.peek(asked.door(), asked.body(), asked.length(), new JsonScanner()))
              .read());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  /** What the caller was answered; empty for an error, or if it cannot be read. */
  public Optional<ChatReply> servedReply() {
    return isGood(served) ? servedReply.read(asked.door().protocol()) : Optional.empty();
  }

  /** What the copy was answered; likewise. */
  public Optional<ChatReply> copiedReply() {
    return isGood(copied) ? copiedReply.read(asked.door().protocol()) : Optional.empty();
  }

  private static boolean isGood(Exchange exchange) {
    return exchange.outcome() == dev.understudy.exchange.Attempt.Outcome.ANSWERED;
  }
}
