package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Attempt;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.wire.Bytes;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Ending;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.VendorRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One try at one target: sends the request, hears the reply, and tells the call how it ended. */
final class VendorAttempt implements Sending.Sender {
  /** The longest error that is read. */
  private static final int ERROR_BYTES_MAX = 1 << 20;

  /** The longest reply in one piece that is read. */
  private static final int REPLY_BYTES_MAX = 64 << 20;

  /** How long a credential may take to get ready. */
  private static final long PREPARE_NANOS_MAX = 20_000_000_000L;

  /** An announcement is not a body: room for no more is made before it comes. */
  private static final int EXPECTED_BYTES_MAX = 64 << 10;

  private static final Bytes NO_BODY = new Bytes(0);

  /** Before the paths of what an answer lost, where those of requests have nothing. */
  private static final String REPLY = "reply.";

  private enum Phase {
    /** Nothing of a reply has come. */
    WAITING,
    BODY,
    STREAM,
    OVER
  }

  private final Course course;
  private final Candidate candidate;
  private final LoopState loop;
  private final long startedNanos;
  private final Timeouts timeouts;
  private final long holdNanos;
  private final Gate.Ticket ticket;
  private final Losses losses = new Losses();
  private Bytes body = NO_BODY;
  private Phase phase = Phase.WAITING;
  private @Nullable Sending sending;
  private @Nullable Upstream upstream;
  private @Nullable ResponseHead head;
  private @Nullable Passage passage;
  private long sentNanos;
  private long lastReadNanos;
  private long firstByteNanos;
  private boolean retriedStale;
  private boolean isBegun;
  private boolean isSettled;
  private Optional<Integer> wentOnAfter = Optional.empty();
  private Reading reading = Reading.NOTHING;

  /**
   * Prepares an attempt.
   *
   * @param ticket to be settled when it is over
   * @param holdNanos how long a stream's head without content is held back
   */
  VendorAttempt(
      Course course, Candidate candidate, LoopState loop, Gate.Ticket ticket, long holdNanos) {
    this.course = course;
    this.candidate = candidate;
    this.loop = loop;
    this.ticket = ticket;
    this.holdNanos = holdNanos;
    this.timeouts = candidate.timeouts();
    this.startedNanos = System.nanoTime();
  }

  Candidate candidate() {
    return candidate;
  }

  Losses losses() {
    return losses;
  }

  /** Losses of the answer, or of one side of its translation. */
  Losses replyLosses() {
    return losses.under(REPLY);
  }

  /** This is to go on with an answer of which the caller has so many characters. */
  void goesOnAfter(int characters) {
    wentOnAfter = Optional.of(characters);
  }

  // --- the way there ---

  void start(VendorRequest built) {
    lastReadNanos = startedNanos;
    isBegun = true;
    candidate.vitals().begun(candidate.credential().label(), startedNanos);
    var begun = new Sending(candidate, built, loop, this);
    sending = begun;
    begun.start();
  }

  @Override
  public boolean isWanted() {
    return phase == Phase.WAITING;
  }

  @Override
  public void sent(Upstream connection) {
    upstream = connection;
    sentNanos = System.nanoTime();
    lastReadNanos = sentNanos;
    ticket.sent();
  }

  @Override
  public void unsent(String reason) {
    over();
    course.failed(this, Attempt.Outcome.UNREACHED, upstreamFailure(502, reason));
  }

  private Failure upstreamFailure(int status, String reason) {
    return Failures.upstream(status, candidate.vendor().name(), reason);
  }

  // --- the way back ---

  @Override
  public void head(ResponseHead arrived) {
    head = arrived;
    lastReadNanos = System.nanoTime();
    ticket.answering(arrived.status(), arrived::header);
    Optional<String> unfit = unfit(arrived);
    if (unfit.isPresent()) {
      abandonUpstream();
      brokenBody(unfit.get());
      return;
    }
    boolean stream = candidate.operation() == Operation.CHAT_STREAM;
    if (stream && arrived.isSuccess() && isStreamType(arrived.mediaType())) {
      phase = Phase.STREAM;
      passage = course.passage(this);
    } else {
      body = new Bytes(arrived.expectedLength(EXPECTED_BYTES_MAX));
      phase = Phase.BODY;
    }
  }

  /** Why a response can be neither passed on nor read, whatever its body says. */
  private static Optional<String> unfit(ResponseHead arrived) {
    int status = arrived.status();
    if (status >= 300 && status < 400) {
      // Neither followed nor passed on: the caller would take the request, with its credential, to
      // wherever the vendor points.
      return Optional.of("it answered with a redirect (" + status + ")");
    }
    if (status == 204 || status == 205 || status >= 600) {
      return Optional.of("it answered with status " + status);
    }
    String coding = arrived.header("content-encoding").orElse("identity");
    return coding.isEmpty() || coding.equalsIgnoreCase("identity")
        ? Optional.empty()
        : Optional.of("it sent its reply in a content-encoding that was not asked for");
  }

  /** Libraries take a reply for text that does not say that it is JSON. */
  private static boolean isJson(String mediaType) {
    return mediaType.indexOf('/') < 0 || mediaType.endsWith("json");
  }

  private boolean isStreamType(String mediaType) {
    return switch (mediaType) {
      case "text/event-stream", "application/vnd.amazon.eventstream" -> true;
      // Gemini streams a JSON array to callers who do not ask for events.
      case "application/json" -> candidate.endpoint().protocol().equals(ProtocolName.GEMINI);
      default -> false;
    };
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    if (phase == Phase.OVER) {
      return;
    }
    lastReadNanos = System.nanoTime();
    Passage stream = passage;
    if (stream != null) {
      stream.body(bytes, offset, length);
      if (firstByteNanos == 0 && stream.hasContent()) {
        firstByteNanos = lastReadNanos;
        candidate.vitals().answering(firstByteNanos - startedNanos, firstByteNanos);
      }
      return;
    }
    if (firstByteNanos == 0) {
      firstByteNanos = lastReadNanos;
    }
    boolean success = head != null && head.isSuccess();
    if (body.size() + length > (success ? REPLY_BYTES_MAX : ERROR_BYTES_MAX)) {
      abandonUpstream();
      brokenBody("its reply is too long");
      return;
    }
    body.write(bytes, offset, length);
  }

  @Override
  public void readComplete() {
    Passage stream = passage;
    if (stream != null && phase == Phase.STREAM) {
      stream.readComplete();
      Upstream connection = upstream;
      if (connection != null && phase == Phase.STREAM && !course.callerKeepsUp()) {
        connection.readable(false);
      }
    }
  }

  /** The caller takes bytes again. */
  void resume() {
    Upstream connection = upstream;
    if (connection != null && phase == Phase.STREAM) {
      lastReadNanos = System.nanoTime();
      connection.readable(true);
    }
  }

  @Override
  public void end() {
    upstream = null;
    Passage stream = passage;
    if (stream != null) {
      stream.end();
    } else if (phase == Phase.BODY) {
      ResponseHead arrived = course.require(head);
      if (!arrived.isSuccess()) {
        refused(arrived);
      } else if (candidate.operation() == Operation.CHAT_STREAM) {
        notAStream(arrived);
      } else if (!isJson(arrived.mediaType())) {
        brokenBody("it answered with " + arrived.mediaType() + " instead of JSON");
      } else {
        whole(arrived);
      }
    }
  }

  @Override
  public void failed(String reason, boolean neverAnswered) {
    Upstream connection = upstream;
    upstream = null;
    if (phase == Phase.OVER) {
      return;
    }
    if (neverAnswered && connection != null && connection.isUsed() && !retriedStale) {
      // The vendor closed a connection that we kept, in the moment we used it again. It has not
      // seen the request; one try on a new connection tells.
      retriedStale = true;
      sentNanos = 0;
      course.require(sending).again();
      return;
    }
    Failure failure = upstreamFailure(502, reason);
    Passage stream = passage;
    if (stream != null) {
      stream.broken(failure);
    } else {
      over();
      course.failed(
          this, head == null ? Attempt.Outcome.UNREACHED : Attempt.Outcome.BROKEN, failure);
    }
  }

  @Override
  public void fault(RuntimeException cause) {
    upstream = null;
    course.fault(cause);
  }

  private void brokenBody(String reason) {
    over();
    course.failed(this, Attempt.Outcome.BROKEN, upstreamFailure(502, reason));
  }

  private void refused(ResponseHead arrived) {
    over();
    byte[] error = body.toByteArray();
    ticket.refused(arrived.status(), arrived::header, error);
    if (course.require(sending).isQuotedIn(error)) {
      course.failed(
          this,
          Attempt.Outcome.REFUSED,
          Failures.upstream(
              502,
              candidate.vendor().name(),
              "it answered %d, and its message quotes the credential, so it is withheld"
                  .formatted(arrived.status())));
      return;
    }
    Failure failure =
        outbound().readFailure(arrived.status(), error, candidate.endpoint().dialect());
    Optional<Long> retryAfter = RetryAfter.seconds(arrived);
    course.refused(this, retryAfter.map(failure::withRetryAfter).orElse(failure), arrived, error);
  }

  private void notAStream(ResponseHead arrived) {
    brokenBody(
        "it answered a wish for a stream with "
            + (arrived.mediaType().isEmpty() ? "no content type" : arrived.mediaType()));
  }

  private void whole(ResponseHead arrived) {
    var reply = new WholeReply(candidate);
    // Of its own until the reply is made: the call may end while that is done aside.
    var lost = new Losses();
    Losses ofReply = lost.under(REPLY);
    loop.aside()
        .work(
            body.size(),
            scanner ->
                candidate.operation() == Operation.COUNT_TOKENS
                    ? reply.counted(body, course.callers())
                    : candidate.relay()
                        ? reply.relayed(body, scanner)
                        : reply.translated(
                            body,
                            ofReply,
                            course.isStrict(),
                            course.callers(),
                            () -> course.replyContext(candidate)),
            result -> {
              if (phase != Phase.OVER) {
                losses.addAll(lost);
                made(arrived, result);
              }
            },
            course::fault);
  }

  private void made(ResponseHead arrived, WholeReply.Result result) {
    over();
    switch (result) {
      case WholeReply.Result.Good good -> {
        reading = good.reading();
        course.answeredWhole(this, arrived, good.body(), good.fault());
      }
      case WholeReply.Result.Bad bad -> {
        reading = bad.reading();
        course.failed(this, Attempt.Outcome.BROKEN, bad.failure());
      }
      case WholeReply.Result.Unwanted unwanted -> {
        reading = unwanted.reading();
        course.failed(this, Attempt.Outcome.REFUSED, unwanted.failure());
      }
    }
  }

  Outbound outbound() {
    return Protocols.outbound(candidate.endpoint().protocol());
  }

  // --- what passages tell ---

  /** The first bytes go to the caller: from here on there is no other target. */
  void commit() {
    course.commit(this, course.require(head));
  }

  /** The stream came to its own end. */
  void answered(Optional<String> fault) {
    over();
    course.answeredStream(this, fault);
  }

  /** The stream broke, and the caller has been told. */
  void brokenOff(Failure failure) {
    abandonUpstream();
    over();
    heard(failure);
    course.brokenOff(this, failure);
  }

  /** The stream broke after its first byte, and the caller has not been told yet. */
  void brokeOff(Failure failure) {
    abandonUpstream();
    over();
    heard(failure);
    course.brokeOff(this, course.require(passage), failure);
  }

  /** The stream broke before the caller saw anything of it. */
  void failedBeforeFirstByte(Failure failure) {
    abandonUpstream();
    over();
    heard(failure);
    course.failed(this, Attempt.Outcome.BROKEN, failure);
  }

  /** An error event says of the vendor's capacity what an error with that status would say. */
  private void heard(Failure failure) {
    ResponseHead arrived = head;
    if (arrived != null && failure.vendorJson().isPresent()) {
      byte[] said = failure.vendorJson().get().getBytes(StandardCharsets.UTF_8);
      ticket.refused(failure.status(), arrived::header, said);
    }
  }

  // --- time ---

  void checkTime(long now) {
    if (phase == Phase.OVER) {
      return;
    }
    Sending begun = sending;
    if (begun == null || !begun.isPrepared()) {
      if (begun != null && now - startedNanos > PREPARE_NANOS_MAX) {
        begun.giveUpPreparing();
      }
      return;
    }
    if (now - startedNanos > timeouts.total().toNanos()) {
      timedOut("it took longer than " + timeouts.total().toSeconds() + " s in all");
      return;
    }
    if (sentNanos == 0) {
      return; // the connection has a timeout of its own
    }
    Passage stream = passage;
    boolean content = stream == null ? head != null : stream.hasContent();
    if (!content && now - sentNanos > timeouts.firstToken().toNanos()) {
      timedOut("nothing came for " + millis(timeouts.firstToken()));
    } else if (head != null
        && course.callerKeepsUp()
        && now - lastReadNanos > timeouts.idle().toNanos()) {
      timedOut("it fell silent for " + millis(timeouts.idle()));
    } else if (stream != null && !content && now - sentNanos > holdNanos) {
      stream.release();
      stream.readComplete();
    }
  }

  private static String millis(java.time.Duration duration) {
    return duration.toMillis() + " ms";
  }

  private void timedOut(String reason) {
    abandonUpstream();
    Failure failure = upstreamFailure(504, reason);
    Passage stream = passage;
    if (stream != null) {
      stream.broken(failure);
    } else {
      over();
      course.failed(
          this, head == null ? Attempt.Outcome.UNREACHED : Attempt.Outcome.BROKEN, failure);
    }
  }

  /** Nobody wants the answer any more: the vendor is stopped at once. */
  void abandon() {
    abandonUpstream();
    over();
  }

  private void abandonUpstream() {
    Upstream connection = upstream;
    upstream = null;
    if (connection != null) {
      connection.abandon();
    }
  }

  private void over() {
    phase = Phase.OVER;
    Passage stream = passage;
    if (stream != null) {
      reading = stream.reading();
    }
  }

  // --- the record ---

  /** Whether nothing of an answer has come yet. */
  boolean isSilent() {
    return phase != Phase.OVER && sending != null && firstByteNanos == 0;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** It is stopped before anything came: that it was not quicker is worth knowing all the same. */
  void noteSilence() {
    if (isBegun && isSilent()) {
      long now = System.nanoTime();
      candidate.vitals().waited(now - startedNanos, now);
    }
  }

  /** Says what was learned of the target, and settles what was taken for the attempt; once. */
  void settle(Attempt record, Ending ending, BreakerRule rule) {
    if (isSettled) {
      return;
    }
    isSettled = true;
    if (isBegun) {
      candidate
          .vitals()
          .ended(candidate.credential().label(), ending, startedNanos, rule, System.nanoTime());
    }
    ticket.over(record);
  }

  /** How an answer ended well. */
  Ending answered() {
    return new Ending.Answered(firstByteNanos == 0 ? 0 : firstByteNanos - startedNanos);
  }

  Reading reading() {
    return reading;
  }

  Attempt record(Attempt.Outcome outcome, Optional<String> detail, long callStartedNanos) {
    Attempt plain = plain(outcome, detail, callStartedNanos);
    return wentOnAfter.map(plain::goingOnAfter).orElse(plain);
  }

  private Attempt plain(Attempt.Outcome outcome, Optional<String> detail, long callStartedNanos) {
    return new Attempt(
        candidate.target().name(),
        candidate.vendor().name(),
        candidate.vendor().kind(),
        candidate.target().model(),
        candidate.credential().label(),
        candidate.endpoint().protocol().text(),
        candidate.relay(),
        startedNanos - callStartedNanos,
        firstByteNanos == 0 ? Optional.empty() : Optional.of(firstByteNanos - callStartedNanos),
        System.nanoTime() - callStartedNanos,
        head == null ? Optional.empty() : Optional.of(head.status()),
        outcome,
        detail,
        vendorRequestId(),
        reading.model().isEmpty() ? Optional.empty() : Optional.of(reading.model()),
        reading.stopReason(),
        Estimates.complete(reading, outcome, course.promptBytes() + wentOnAfter.orElse(0)));
  }

  private Optional<String> vendorRequestId() {
    ResponseHead arrived = head;
    if (arrived == null) {
      return Optional.empty();
    }
    return arrived
        .header("x-request-id")
        .or(() -> arrived.header("request-id"))
        .or(() -> arrived.header("x-amzn-requestid"))
        .or(() -> arrived.header("apim-request-id"));
  }
}
