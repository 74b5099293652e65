package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.protocol.FailureBody;
import dev.understudy.protocol.Inbound;
import dev.understudy.protocol.ReplyContext;
import dev.understudy.protocol.wire.Bytes;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives a caller the one reply of a call, with the headers that say who served it. */
final class CallAnswer {
  private static final byte[] EXCHANGE = HeadBytes.constant("x-understudy-exchange: ");
  private static final byte[] TARGET = HeadBytes.constant("x-understudy-target: ");
  private static final byte[] ATTEMPTS = HeadBytes.constant("x-understudy-attempts: ");

  private final Asked asked;
  private final CallerReply reply;
  private final CallRecord record;
  private final Inbound callers;
  private final Optional<Turnstile> turnstile;

  CallAnswer(Asked asked, CallerReply reply, CallRecord record, Optional<Turnstile> turnstile) {
    this.asked = asked;
    this.reply = reply;
    this.record = record;
    this.turnstile = turnstile;
    this.callers = Protocols.inbound(asked.door().protocol());
  }

  /** The first bytes of a stream go to the caller. */
  void begin(VendorAttempt attempt, ResponseHead head, Wording wording) {
    Candidate candidate = attempt.candidate();
    int status = candidate.relay() ? head.status() : 200;
    record.status(status);
    record.firstByte();
    ReplyHeaders ours = served(attempt);
    if (!candidate.relay()) {
      named(ours, head);
    }
    if (head.header("cache-control").isEmpty()) {
      ours.add("cache-control", "no-cache");
    }
    reply.begin(status, streamType(candidate, head, wording), head, ours);
  }

  private String streamType(Candidate candidate, ResponseHead head, Wording wording) {
    if (!candidate.relay()) {
      ReplyContext context = wording.replyContext(candidate);
      return callers.streamMediaType(context);
    }
    return switch (candidate.endpoint().framing()) {
      case PLAIN -> head.header("content-type").orElse("text/event-stream");
      case BEDROCK_CHUNKS -> "text/event-stream";
    };
  }

  /** A whole reply of a vendor. */
  void whole(VendorAttempt attempt, ResponseHead head, Bytes body) {
    boolean relay = attempt.candidate().relay();
    int status = relay ? head.status() : 200;
    record.status(status);
    record.firstByte();
    String mediaType =
        relay ? head.header("content-type").orElse("application/json") : "application/json";
    ReplyHeaders ours = served(attempt);
    if (!relay) {
      named(ours, head);
    }
    reply.whole(status, mediaType, head, ours, body.array(), 0, body.size());
    reply.flush();
  }

  /** An answer of ours that is an estimate. */
  void estimate(Bytes body) {
    record.status(200);
    ReplyHeaders headers = headers(record.attempts()).add("x-understudy-estimated", "true");
    reply.whole(200, "application/json", null, headers, body.array(), 0, body.size());
    reply.flush();
  }

  /**
   * What a caller is told whom nobody served.
   *
   * @param attempts how many were made
   */
  void unserved(Unserved answer, int attempts) {
    Failure failure = answer.failure();
    record.status(failure.status());
    record.failure(failure.type());
    ReplyHeaders headers = headers(attempts);
    answer.candidate().ifPresent(c -> headers.add(TARGET, c.target().name()));
    @Nullable ResponseHead head = answer.head().orElse(null);
    boolean relay =
        head != null
            && answer.candidate().map(Candidate::relay).orElse(false)
            && FailureBody.isDocument(answer.relayed());
    if (head != null && relay) {
      byte[] body = answer.relayed();
      String mediaType = head.header("content-type").orElse("application/json");
      reply.whole(failure.status(), mediaType, head, headers, body, 0, body.length);
    } else {
      if (head == null) {
        failure.retryAfterSeconds().ifPresent(s -> headers.add("retry-after", Long.toString(s)));
      }
      var out = new Bytes();
      callers.writeFailure(failure, out);
      named(headers, head);
      reply.whole(failure.status(), "application/json", head, headers, out.array(), 0, out.size());
    }
    reply.flush();
  }

  /**
   * Names the request where the caller's library looks for that: another vendor's name for it
   * stands elsewhere, if anywhere.
   */
  private void named(ReplyHeaders headers, @Nullable ResponseHead head) {
    String name =
        asked.door().protocol().equals(ProtocolName.ANTHROPIC_MESSAGES)
            ? "request-id"
            : "x-request-id";
    if (!asked.door().protocol().equals(ProtocolName.GEMINI)
        && (head == null || head.header(name).isEmpty())) {
      headers.add(name, asked.exchangeId());
    }
  }

  private ReplyHeaders headers(int attempts) {
    ReplyHeaders headers =
        reply.headers().add(EXCHANGE, asked.exchangeId()).add(ATTEMPTS, attempts, "");
    addLimits(headers);
    return headers;
  }

  private void addLimits(ReplyHeaders headers) {
    if (turnstile.isPresent()) {
      turnstile.get().addTo(headers, Instant.now());
    }
  }

  private ReplyHeaders served(VendorAttempt attempt) {
    ReplyHeaders headers =
        reply
            .headers()
            .add(EXCHANGE, asked.exchangeId())
            .add(TARGET, attempt.candidate().target().name())
            .add(ATTEMPTS, record.attempts() + 1, "");
    if (!attempt.losses().isEmpty()) {
      headers.add("x-understudy-losses", LossText.of(attempt.losses()));
    }
    addLimits(headers);
    return headers;
  }
}
