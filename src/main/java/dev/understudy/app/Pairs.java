package dev.understudy.app;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.gateway.Twin;
import dev.understudy.rollout.PairJudge;
import dev.understudy.rollout.Readings;
import dev.understudy.rollout.Seeing;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads what was said in calls and in their copies, and has it judged: one after the other, on a
 * thread that callers' calls come before, and within bounds.
 */
final class Pairs implements AutoCloseable {
  /** Pairs that wait to be read and judged. */
  static final int WAITING_MAX = 500;

  /** What they may hold of requests and replies together. */
  private static final long BYTES_MAX = Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 16);

  /** Pairs that are put to judges that are models at once: these are waited for, not worked at. */
  private static final int ASKED_AT_ONCE = 8;

  private static final long IDLE_SECONDS = 10;
  private static final long CLOSE_SECONDS_MAX = 2;

  private static final System.Logger LOG = System.getLogger(Pairs.class.getName());

  private final Function<String, PairJudge> judges;
  private final Predicate<String> refuses;
  private final Predicate<String> maySpend;
  private final ThreadPoolExecutor reader;
  private final Semaphore asking = new Semaphore(ASKED_AT_ONCE, true);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * What is known of a pair.
   *
   * @param silent whether a judge had nothing to say that counts
   */
  record Read(Readings served, Readings copied, boolean silent) {}

  /** A pair as its records tell of it, and who hears what else is found. */
  private final class Waiting implements Runnable {
    private final Twin twin;
    private final Readings served;
    private final Readings copied;
    private final Consumer<Read> hears;

    Waiting(Twin twin, Readings served, Readings copied, Consumer<Read> hears) {
      this.twin = twin;
      this.served = served;
      this.copied = copied;
      this.hears = hears;
    }

    @Override
    public void run() {
      Optional<Read> read;
      try {
        read = look(this);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "a pair of answers could not be read", e);
        read = Optional.of(bare());
      }
      read.ifPresent(this::tell);
    }

    Read bare() {
      return new Read(served.unread(), copied.unread(), false);
    }

    void tell(Read read) {
      hears.accept(read);
      leave(this);
    }
  }

  /**
   * Has read nothing yet.
   *
   * @param judges who judges the pairs of a rollout, by its id
   * @param refuses knows a refusal by its words
   * @param maySpend whether judges of a rollout may still be paid
   * @param threads makes the thread that reads
   */
  Pairs(
      Function<String, PairJudge> judges,
      Predicate<String> refuses,
      Predicate<String> maySpend,
      ThreadFactory threads) {
    this.judges = judges;
    this.refuses = refuses;
    this.maySpend = maySpend;
    // How many wait is bounded before they come here, together with those that are being judged.
    this.reader =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    reader.allowCoreThreadTimeOut(true);
  }

  /**
   * Takes a pair to be read; neither blocks nor throws.
   *
   * @param hears is told what was found, on another thread
   * @return false if there is no room for it, and nobody will be told
   */
  boolean offer(Twin twin, Readings served, Readings copied, Consumer<Read> hears) {
    var pair = new Waiting(twin, served, copied, hears);
    int many = waiting.incrementAndGet();
    long held = bytes.addAndGet(twin.bytes());
    if (many <= WAITING_MAX && held <= BYTES_MAX) {
      try {
        reader.execute(pair);
        return true;
      } catch (RejectedExecutionException e) {
        // The gateway closes.
      }
    }
    leave(pair);
    return false;
  }

  /** Pairs that wait to be read or judged, or just are. */
  int waiting() {
    return waiting.get();
  }

  private void leave(Waiting pair) {
    waiting.decrementAndGet();
    bytes.addAndGet(-pair.twin.bytes());
  }

  /** What was found; empty if others are asked first. */
  private Optional<Read> look(Waiting pair) {
    Twin twin = pair.twin;
    Optional<ChatRequest> asked = twin.request();
    if (asked.isEmpty()) {
      return Optional.of(pair.bare());
    }
    // Where another served the caller, its answer says nothing about the one whose turn it was.
    Optional<ChatReply> reply = pair.served.error() == 0 ? twin.servedReply() : Optional.empty();
    Optional<ChatReply> copy = twin.copiedReply();
    Readings one = with(pair.served, asked.get(), reply);
    Readings other = with(pair.copied, asked.get(), copy);
    if (reply.filter(said -> !Seeing.isCut(said)).isEmpty()
        || copy.filter(said -> !Seeing.isCut(said)).isEmpty()) {
      return Optional.of(new Read(one, other, false));
    }
    String rollout = twin.split().id();
    var said = new Said(asked.get(), reply.get(), copy.get(), one, other);
    PairJudge judge = judge(rollout);
    if (!judge.asks()) {
      return Optional.of(said.by(judge));
    }
    if (!maySpend.test(rollout)) {
      return Optional.of(new Read(one, other, false));
    }
    Thread.ofVirtual().name("pair").start(() -> ask(pair, said, judge));
    return Optional.empty();
  }

  private Readings with(Readings seen, ChatRequest asked, Optional<ChatReply> reply) {
    return reply.map(said -> Seeing.with(seen, asked, said, refuses)).orElseGet(seen::unread);
  }

  private PairJudge judge(String rollout) {
    try {
      return judges.apply(rollout);
    } catch (RuntimeException e) {
      // Its suite cannot be read any more.
      return (asked, incumbent, candidate) ->
          new PairJudge.Opinion.None(String.valueOf(e.getMessage()));
    }
  }

  private void ask(Waiting pair, Said said, PairJudge judge) {
    asking.acquireUninterruptibly();
    Read read;
    try {
      read = said.by(judge);
    } finally {
      asking.release();
    }
    pair.tell(read);
  }

  /** A pair that can be judged. */
  private record Said(
      ChatRequest asked, ChatReply incumbent, ChatReply candidate, Readings one, Readings other) {
    Read by(PairJudge judge) {
      PairJudge.Opinion opinion;
      try {
        opinion = judge.judge(asked, incumbent, candidate);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        opinion = new PairJudge.Opinion.None("the gateway closes");
      } catch (RuntimeException e) {
        opinion = new PairJudge.Opinion.None(String.valueOf(e.getMessage()));
      }
      return switch (opinion) {
        case PairJudge.Opinion.Scored(double left, double right) ->
            new Read(one.withQuality(left), other.withQuality(right), false);
        case PairJudge.Opinion.None _ -> new Read(one, other, !judge.equals(PairJudge.NONE));
      };
    }
  }

  /**
   * Reads what waits, for two seconds at the most, and takes nothing more; what is left counts by
   * its records.
   */
  @Override
  public void close() {
    reader.shutdown();
    try {
      reader.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Runnable left : reader.shutdownNow()) {
      if (left instanceof Waiting pair) {
        pair.tell(pair.bare());
      }
    }
  }
}
