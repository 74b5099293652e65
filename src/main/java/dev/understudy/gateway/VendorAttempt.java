package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.exchange.Attempt;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Outbound;
import dev.understudy.routing.BreakerRule;
import dev.understudy.routing.Delivery;
import dev.understudy.routing.Ending;
import dev.understudy.vendor.VendorRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One try at one target: sends the request, hears the reply, and tells the call how it ended. */
final class VendorAttempt implements Sending.Sender {
  /** Before the paths of what an answer lost, where those of requests have nothing. */
  static final String REPLY = "reply.";

  private final Course course;
  private final Candidate candidate;
  private final LoopState loop;
  private final Timing timing;
  private final Gate.Ticket ticket;
  private final Losses losses = new Losses();
  private final Delivery delivery;
  private @Nullable Sending sending;
  private @Nullable Upstream upstream;
  private @Nullable ResponseHead head;

  /** One of these takes the body, once the head said which. */
  private @Nullable Passage passage;

  private @Nullable Gathering gathering;
  private boolean over;
  private boolean retriedStale;
  private boolean isSettled;
  private boolean refusedInStream;

  /** Whether it ended with the whole request on its way to the vendor. */
  private boolean sentAll;

  private Optional<Integer> wentOnAfter = Optional.empty();
  private Reading reading = Reading.NOTHING;

  /**
   * Prepares an attempt.
   *
   * @param ticket to be settled when it is over
   * @param delivery how the answer is to come
   * @param holdNanos how long a stream's head without content is held back
   */
  VendorAttempt(
      Course course,
      Candidate candidate,
      Delivery delivery,
      LoopState loop,
      Gate.Ticket ticket,
      long holdNanos) {
    this.course = course;
    this.candidate = candidate;
    this.delivery = delivery;
    this.loop = loop;
    this.ticket = ticket;
    this.timing = new Timing(candidate.timeouts(), holdNanos);
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
    candidate.vitals().begun(candidate.credential().label(), timing.startedNanos());
    var begun = new Sending(candidate, built, loop, this);
    sending = begun;
    begun.start();
  }

  @Override
  public boolean isWanted() {
    return !over && head == null;
  }

  @Override
  public void sent(Upstream connection) {
    upstream = connection;
    timing.sent();
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
    timing.read();
    ticket.answering(arrived.status(), arrived::header);
    Optional<String> unfit = ResponseForm.unfit(arrived);
    if (unfit.isPresent()) {
      abandonUpstream();
      unreadable(unfit.get());
      return;
    }
    if (ResponseForm.isStream(arrived, candidate)) {
      passage = course.passage(this);
    } else {
      gathering = new Gathering(this, course, arrived, loop.bodies());
    }
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    if (over) {
      return;
    }
    timing.read();
    Passage stream = passage;
    if (stream != null) {
      stream.body(bytes, offset, length);
      if (!timing.hasFirstByte() && stream.hasContent()) {
        timing.answerRead();
        candidate
            .vitals()
            .answering(Delivery.STREAMED, timing.untilFirstByteNanos(), timing.firstByteNanos());
      }
      return;
    }
    timing.answerRead();
    if (!course.require(gathering).add(bytes, offset, length)) {
      abandonUpstream();
      unreadable("its reply is too long");
    }
  }

  @Override
  public void readComplete() {
    Passage stream = passage;
    if (stream != null && !over) {
      stream.readComplete();
      Upstream connection = upstream;
      if (connection != null && !over && !course.callerKeepsUp()) {
        connection.readable(false);
      }
    }
  }

  /** The caller takes bytes again. */
  void resume() {
    Upstream connection = upstream;
    if (connection != null && passage != null && !over) {
      timing.read();
      connection.readable(true);
    }
  }

  @Override
  public void end() {
    upstream = null;
    Passage stream = passage;
    if (stream != null) {
      stream.end();
      return;
    }
    Gathering whole = gathering;
    if (whole != null && !over) {
      whole.end(loop);
    }
  }

  @Override
  public void failed(String reason, boolean neverAnswered, boolean allSent) {
    Upstream connection = upstream;
    upstream = null;
    if (over) {
      return;
    }
    if (neverAnswered && connection != null && connection.isUsed() && !retriedStale) {
      // The vendor closed a connection that we kept, in the moment we used it again. It has not
      // seen the request; one try on a new connection tells.
      retriedStale = true;
      timing.sendsAgain();
      course.require(sending).again();
      return;
    }
    sentAll = allSent;
    broken(upstreamFailure(502, reason));
  }

  @Override
  public void fault(RuntimeException cause) {
    sentAll = upstream != null;
    upstream = null;
    course.fault(cause);
  }

  /** What came is no answer, and cannot be read as one. */
  void unreadable(String reason) {
    over();
    course.failed(this, Attempt.Outcome.BROKEN, upstreamFailure(502, reason));
  }

  /** The vendor answered with an error. */
  void refused(ResponseHead arrived, byte[] error) {
    over();
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

  Outbound outbound() {
    return Protocols.outbound(candidate.endpoint().protocol());
  }

  // --- what passages tell ---

  /** The first bytes go to the caller: from here on there is no other target. */
  void commit() {
    course.require(sending).letGo();
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
    course.failed(
        this, refusedInStream ? Attempt.Outcome.REFUSED : Attempt.Outcome.BROKEN, failure);
  }

  /** An error event says of the vendor's capacity what an error with that status would say. */
  private void heard(Failure failure) {
    ResponseHead arrived = head;
    if (arrived != null && failure.vendorJson().isPresent()) {
      refusedInStream = passage != null && !passage.hasContent();
      byte[] said = failure.vendorJson().get().getBytes(StandardCharsets.UTF_8);
      ticket.refused(failure.status(), arrived::header, said);
    }
  }

  // --- time ---

  void checkTime(long now) {
    if (over) {
      return;
    }
    Sending begun = sending;
    if (begun == null || !begun.isPrepared()) {
      if (begun != null && timing.isTooLateToPrepare(now)) {
        begun.giveUpPreparing();
      }
      return;
    }
    Passage stream = passage;
    boolean content = stream == null ? head != null : stream.hasContent();
    Optional<String> passed = timing.passed(now, head != null, content, course.callerKeepsUp());
    if (passed.isPresent()) {
      timedOut(passed.get());
    } else if (stream != null && !content && timing.isHeldLongEnough(now)) {
      stream.release();
      stream.readComplete();
    }
  }

  private void timedOut(String reason) {
    abandonUpstream();
    broken(upstreamFailure(504, reason));
  }

  private void broken(Failure failure) {
    Passage stream = passage;
    if (stream != null) {
      stream.broken(failure);
    } else {
      over();
      course.failed(this, hadAll() ? Attempt.Outcome.BROKEN : Attempt.Outcome.UNREACHED, failure);
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
      sentAll = connection.hasSentAll();
      connection.abandon();
    }
  }

  boolean isOver() {
    return over;
  }

  /** It is over, and this was learned from a reply in one piece. */
  void over(Reading learned) {
    over();
    reading = learned;
  }

  private void over() {
    over = true;
    Passage stream = passage;
    if (stream != null) {
      reading = stream.reading();
    }
  }

  // --- the record ---

  /** Whether nothing of an answer has come yet. */
  boolean isSilent() {
    return !over && sending != null && !timing.hasFirstByte();
  }

  Delivery delivery() {
    return delivery;
  }

  Timing timing() {
    return timing;
  }

  /** The head of the response; empty until it has come. */
  Optional<ResponseHead> head() {
    return Optional.ofNullable(head);
  }

  /** How many characters the caller had of an answer that this was to go on with. */
  Optional<Integer> wentOnAfter() {
    return wentOnAfter;
  }

  /** It is stopped before anything came: that it was not quicker is worth knowing all the same. */
  void noteSilence() {
    if (isSilent()) {
      long now = System.nanoTime();
      candidate.vitals().waited(delivery, now - timing.startedNanos(), now);
    }
  }

  /** An answer in one piece is there; its first bytes may have come long before its last. */
  void noteWhole() {
    long now = System.nanoTime();
    candidate.vitals().answering(Delivery.WHOLE, now - timing.startedNanos(), now);
  }

  /** Says what was learned of the target, and settles what was taken for the attempt; once. */
  void settle(Attempt record, Ending ending, BreakerRule rule) {
    if (isSettled) {
      return;
    }
    isSettled = true;
    if (sending != null) {
      candidate
          .vitals()
          .ended(
              candidate.credential().label(),
              ending,
              timing.startedNanos(),
              rule,
              System.nanoTime());
    }
    ticket.over(record);
  }

  /** How an answer ended well. */
  Ending answered() {
    return new Ending.Answered(timing.untilFirstByteNanos());
  }

  Reading reading() {
    return reading;
  }

  /** What takes the answer, if it is a stream. */
  Optional<Passage> passage() {
    return Optional.ofNullable(passage);
  }

  /** Whether the vendor had the whole request, so that it may have read it, and bill it. */
  boolean hadAll() {
    return sentAll || head != null;
  }

  /** Whether the vendor's stream was an error and nothing else: nobody pays for that. */
  boolean isRefusedInStream() {
    return refusedInStream;
  }
}
