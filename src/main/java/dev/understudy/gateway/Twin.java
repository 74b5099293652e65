package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.routing.Split;
import java.util.List;
import java.util.Optional;

/**
 * A call and its copy. What was said is read when it is asked for, which takes time that no event
 * loop has.
 */
public final class Twin {
  private final Split split;
  private final Asked asked;
  private final Exchange served;
  private final Turn turn;
  private final KeptReply servedReply;
  private final Exchange copied;
  private final String copiedTo;
  private final KeptReply copiedReply;

  Twin(
      Split split,
      Asked asked,
      Exchange served,
      Turn turn,
      KeptReply servedReply,
      Exchange copied,
      String copiedTo,
      KeptReply copiedReply) {
    this.split = split;
    this.asked = asked;
    this.served = served;
    this.turn = turn;
    this.servedReply = servedReply;
    this.copied = copied;
    this.copiedTo = copiedTo;
    this.copiedReply = copiedReply;
  }

  public Split split() {
    return split;
  }

  /** The record of the caller's call. */
  public Exchange served() {
    return served;
  }

  /** Whose call that was. */
  public Turn turn() {
    return turn;
  }

  /** Who the copy was put to, as {@code vendor/model}. */
  public String copiedTo() {
    return copiedTo;
  }

  /** Whether what it had failed before kept the copy from being put to it. */
  public boolean isCopyKeptOut() {
    return copied.attempts().isEmpty() && Turn.isKeptOut(copied, copiedTo, List.of());
  }

  /** The record of the copy. */
  public Exchange copied() {
    return copied;
  }

  /** What it holds of requests and replies. */
  public long bytes() {
    return (long) asked.length() + servedReply.size() + copiedReply.size();
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
