package dev.understudy.exchange;

import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import java.util.Optional;

/**
 * One try at one target.
 *
 * @param target as {@code vendor/model}
 * @param vendor the vendor's name in the settings
 * @param kind the vendor's kind in the catalogue, such as {@code anthropic}
 * @param model the vendor's name for the model as asked
 * @param credential a label of the key that was used, never the key
 * @param protocol the protocol spoken to the vendor
 * @param relayed true: the vendor's bytes went to the caller as they were; false: translated
 * @param startedNanos nanoseconds after the exchange began
 * @param firstByteNanos likewise, when the vendor's first byte of content came; empty if none did
 * @param endedNanos likewise, when the attempt was over
 * @param status the vendor's HTTP status; empty if it never answered
 * @param outcome how it ended
 * @param detail the failure in a clause, without what was said in the call
 * @param vendorRequestId the vendor's own name for the request, from its headers
 * @param replyModel the model that answered, in the vendor's words
 * @param stopReason why the answer ended, in the vendor's words
 * @param usage what it consumed
 * @param cost what that came to; empty where nothing was consumed, or before it is priced
 * @param wentOnAfter for an attempt that was to go on with an answer that broke off: how many
 *     characters of it the caller had
 */
public record Attempt(
    String target,
    String vendor,
    String kind,
    String model,
    String credential,
    String protocol,
    boolean relayed,
    long startedNanos,
    Optional<Long> firstByteNanos,
    long endedNanos,
    Optional<Integer> status,
    Outcome outcome,
    Optional<String> detail,
    Optional<String> vendorRequestId,
    Optional<String> replyModel,
    Optional<String> stopReason,
    Usage usage,
    Optional<Cost> cost,
    Optional<Integer> wentOnAfter) {

  /** An attempt that is not priced yet, and answered, or was to answer, from the start. */
  public Attempt(
      String target,
      String vendor,
      String kind,
      String model,
      String credential,
      String protocol,
      boolean relayed,
      long startedNanos,
      Optional<Long> firstByteNanos,
      long endedNanos,
      Optional<Integer> status,
      Outcome outcome,
      Optional<String> detail,
      Optional<String> vendorRequestId,
      Optional<String> replyModel,
      Optional<String> stopReason,
      Usage usage) {
    this(
        target,
        vendor,
        kind,
        model,
        credential,
        protocol,
        relayed,
        startedNanos,
        firstByteNanos,
        endedNanos,
        status,
        outcome,
        detail,
        vendorRequestId,
        replyModel,
        stopReason,
        usage,
        Optional.empty(),
        Optional.empty());
  }

  /** Whether the vendor had the request and said nothing: only the prompt of it is reckoned. */
  public boolean isSilence() {
    return outcome == Outcome.BROKEN && status.isEmpty();
  }

  /** The same, priced. */
  public Attempt with(Cost cost) {
    return new Attempt(
        target,
        vendor,
        kind,
        model,
        credential,
        protocol,
        relayed,
        startedNanos,
        firstByteNanos,
        endedNanos,
        status,
        outcome,
        detail,
        vendorRequestId,
        replyModel,
        stopReason,
        usage,
        Optional.of(cost),
        wentOnAfter);
  }

  /** The same as an attempt to go on with an answer of which the caller had so many characters. */
  public Attempt goingOnAfter(int characters) {
    return new Attempt(
        target,
        vendor,
        kind,
        model,
        credential,
        protocol,
        relayed,
        startedNanos,
        firstByteNanos,
        endedNanos,
        status,
        outcome,
        detail,
        vendorRequestId,
        replyModel,
        stopReason,
        usage,
        cost,
        Optional.of(characters));
  }

  /** How an attempt, or a whole exchange, ended. */
  public enum Outcome {
    /** A whole answer. */
    ANSWERED,
    /** The vendor, or the gateway, answered with an error. */
    REFUSED,
    /** The vendor never had the whole request. */
    UNREACHED,
    /** The vendor had the request, and no answer came of it, or not all of one. */
    BROKEN,
    /** The caller left before the end. */
    ABANDONED
  }
}
