package dev.understudy.gateway;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Content;
import dev.understudy.exchange.Exchange;
import dev.understudy.limits.Tariff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers what is to be told of one call when it is over. */
final class CallRecord {
  private final Asked asked;
  private final Tariff tariff;
  private final List<Attempt> attempts = new ArrayList<>();
  private final DecisionNotes notes;
  private @Nullable Envelope envelope;
  private int status;
  private long firstByteNanos;
  private int told;
  private String failureType = "";

  CallRecord(Asked asked, long plan, Tariff tariff) {
    this.asked = asked;
    this.tariff = tariff;
    this.notes = new DecisionNotes(plan);
  }

  void peeked(Envelope seen) {
    envelope = seen;
  }

  /** An attempt is over; its record, with what it cost: budgets go by that, and so does the log. */
  Attempt add(VendorAttempt attempt, Attempt.Outcome outcome, Optional<String> detail) {
    Attempt made =
        tariff.priced(
            AttemptRecord.of(attempt, outcome, detail, asked.startedNanos(), asked.length()),
            operation(),
            asked.startedAt());
    attempts.add(made);
    return made;
  }

  DecisionNotes notes() {
    return notes;
  }

  /** The attempts that are over. */
  List<Attempt> attempted() {
    return List.copyOf(attempts);
  }

  /** How many attempts are over. */
  int attempts() {
    return attempts.size();
  }

  /** The caller is told this status. */
  void status(int told) {
    status = told;
  }

  /** The first byte of the reply's body goes out. */
  void firstByte() {
    firstByteNanos = System.nanoTime();
  }

  /** The caller is told of a failure of this type. */
  void failure(String type) {
    failureType = type;
  }

  /** The call so far, if attempts are over that no record told of yet. */
  Optional<Exchange> soFar(CallerReply reply) {
    if (attempts.size() == told) {
      return Optional.empty();
    }
    told = attempts.size();
    return Optional.of(exchange(Attempt.Outcome.BROKEN, reply, List.of(), Optional.empty()));
  }

  Exchange exchange(
      Attempt.Outcome outcome, CallerReply reply, List<String> losses, Optional<Content> content) {
    Envelope peeked = envelope;
    return new Exchange(
        asked.exchangeId(),
        asked.startedAt(),
        Optional.of(asked.caller().forRecords()),
        asked.door().protocol().text(),
        operation(),
        peeked == null ? "" : shortened(peeked.model()),
        peeked != null && peeked.stream(),
        status == 0 ? Optional.empty() : Optional.of(status),
        outcome,
        failureType.isEmpty() ? Optional.empty() : Optional.of(failureType),
        attempts,
        System.nanoTime() - asked.startedNanos(),
        firstByteNanos == 0 ? Optional.empty() : Optional.of(firstByteNanos - asked.startedNanos()),
        asked.length(),
        reply.bodyBytes(),
        losses,
        asked.traceParent(),
        notes.decision(),
        content,
        asked.purpose());
  }

  private String operation() {
    return asked.door().ask() == Door.Ask.COUNT_TOKENS ? "count_tokens" : "chat";
  }

  private static String shortened(String name) {
    return name.length() > Door.NAME_MAX ? name.substring(0, Door.NAME_MAX) : name;
  }
}
