package dev.understudy.exchange;

import dev.understudy.chat.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The record of one call.
 *
 * @param id the exchange's name, as in the reply's header {@code x-understudy-exchange}
 * @param startedAt when the call's first byte arrived
 * @param caller who called; empty when no key was accepted
 * @param protocol the protocol the caller spoke
 * @param operation what was asked: {@code chat}, {@code count_tokens}, …
 * @param route the name the caller asked for, as text from a stranger
 * @param stream whether a stream was asked for
 * @param status the HTTP status the caller got; empty if it left before
 * @param outcome how the call ended for the caller
 * @param failureType the error's type that the caller got
 * @param attempts in the order they were made
 * @param durationNanos from the first byte in to the last byte out
 * @param firstByteNanos from the first byte in to the first byte of the reply's body out
 * @param bytesIn size of the request's body
 * @param bytesOut size of the reply's body
 * @param losses paths that a translation could not carry
 * @param traceParent the caller's place in a trace of its own, if it told
 * @param decision why it went where it went
 * @param content what was said, where that is wanted
 * @param purpose what the call was made for
 */
public record Exchange(
    String id,
    Instant startedAt,
    Optional<CallerName> caller,
    String protocol,
    String operation,
    String route,
    boolean stream,
    Optional<Integer> status,
    Attempt.Outcome outcome,
    Optional<String> failureType,
    List<Attempt> attempts,
    long durationNanos,
    Optional<Long> firstByteNanos,
    long bytesIn,
    long bytesOut,
    List<String> losses,
    Optional<TraceParent> traceParent,
    Decision decision,
    Optional<Content> content,
    Purpose purpose) {
  public Exchange {
    attempts = List.copyOf(attempts);
    losses = List.copyOf(losses);
  }

  /** A call that nothing was decided about. */
  public Exchange(
      String id,
      Instant startedAt,
      Optional<CallerName> caller,
      String protocol,
      String operation,
      String route,
      boolean stream,
      Optional<Integer> status,
      Attempt.Outcome outcome,
      Optional<String> failureType,
      List<Attempt> attempts,
      long durationNanos,
      Optional<Long> firstByteNanos,
      long bytesIn,
      long bytesOut,
      List<String> losses,
      Optional<TraceParent> traceParent) {
    this(
        id,
        startedAt,
        caller,
        protocol,
        operation,
        route,
        stream,
        status,
        outcome,
        failureType,
        attempts,
        durationNanos,
        firstByteNanos,
        bytesIn,
        bytesOut,
        losses,
        traceParent,
        Decision.NONE,
        Optional.empty(),
        Purpose.CALL);
  }

  /** A call whose caller told of no trace. */
  public Exchange(
      String id,
      Instant startedAt,
      Optional<CallerName> caller,
      String protocol,
      String operation,
      String route,
      boolean stream,
      Optional<Integer> status,
      Attempt.Outcome outcome,
      Optional<String> failureType,
      List<Attempt> attempts,
      long durationNanos,
      Optional<Long> firstByteNanos,
      long bytesIn,
      long bytesOut,
      List<String> losses) {
    this(
        id,
        startedAt,
        caller,
        protocol,
        operation,
        route,
        stream,
        status,
        outcome,
        failureType,
        attempts,
        durationNanos,
        firstByteNanos,
        bytesIn,
        bytesOut,
        losses,
        Optional.empty());
  }

  /** The same call with its attempts as given, such as priced. */
  public Exchange with(List<Attempt> attempts) {
    return with(attempts, decision);
  }

  /** The same call with a clause more on why it went as it did. */
  public Exchange because(String clause) {
    return with(attempts, decision.because(clause));
  }

  private Exchange with(List<Attempt> attempts, Decision decision) {
    return new Exchange(
        id,
        startedAt,
        caller,
        protocol,
        operation,
        route,
        stream,
        status,
        outcome,
        failureType,
        attempts,
        durationNanos,
        firstByteNanos,
        bytesIn,
        bytesOut,
        losses,
        traceParent,
        decision,
        content,
        purpose);
  }

  /** What the attempt that served the caller consumed, or the last one that was made. */
  public Usage usage() {
    return attempts.isEmpty() ? Usage.UNSAID : attempts.getLast().usage();
  }
}
