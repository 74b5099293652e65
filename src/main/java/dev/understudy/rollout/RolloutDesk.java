package dev.understudy.rollout;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Steers rollouts: gathers what is seen of them, decides, keeps, and publishes what is in force.
 *
 * <p>Several gateways may share a store. Each brings in what it has seen by compare and set, so
 * that whoever saves has decided, once, on all that was saved before.
 */
public final class RolloutDesk implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RolloutDesk.class.getName());

  /** So often it looks: twice of it is how late others obey. */
  private static final long TICK_MILLIS = 400;

  /** Observations that may wait to be kept; further ones are dropped, whatever they say. */
  private static final int WAITING_MAX = 50_000;

  /** So often a change is decided again because somebody else was quicker. */
  private static final int TRIES_MAX = 20;

  private final RolloutStore store;
  private final BooleanSupplier isThere;
  private final InstantSource clock;
  private final Consumer<List<RolloutState>> publish;
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();
  private final Runnable standBack;
  private final Thread ticking;
  private volatile RolloutStore.Kept kept = RolloutStore.Kept.NONE;
  private volatile boolean closed;

  private record Seen(String rollout, Observation observation) {}

  /**
   * A desk that has not begun to look.
   *
   * @param isThere whether the store has anything in it, so that it need not be opened to look
   * @param publish hears of all rollouts whenever one has changed
   * @param standBack lets its thread come after others, once there is a rollout to weigh: that
   *     takes milliseconds, which callers must not wait for
   */
  public RolloutDesk(
      RolloutStore store,
      BooleanSupplier isThere,
      InstantSource clock,
      Consumer<List<RolloutState>> publish,
      Runnable standBack) {
    this.store = store;
    this.isThere = isThere;
    this.clock = clock;
    this.publish = publish;
    this.standBack = standBack;
    this.ticking = Thread.ofPlatform().daemon().name("rollouts").unstarted(this::run);
  }

  /** Begins to look. */
  public void start() {
    ticking.start();
  }

  /** Notes an observation; neither blocks nor throws. */
  public void observe(String rollout, Observation observation) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      dropped.incrementAndGet();
      return;
    }
    seen.add(new Seen(rollout, observation));
  }

  /** Observations that were dropped because too many waited. */
  public long dropped() {
    return dropped.get();
  }

  /** All rollouts as this gateway knows them, in the order in which they began. */
  public List<RolloutState> rollouts() {
    return kept.rollouts();
  }

  /** The rollout of that name or id; of several of a name the last. */
  public Optional<RolloutState> find(String name) {
    return find(kept.rollouts(), name);
  }

  private static Optional<RolloutState> find(List<RolloutState> all, String name) {
    return all.stream()
        .filter(one -> one.name().equals(name) || one.id().equals(name))
        .reduce((_, later) -> later);
  }

  /**
   * Takes up what others did by now.
   *
   * @throws IOException if the store cannot be asked
   */
  public synchronized void refresh() throws IOException {
    if (isThere.getAsBoolean() && store.version() != kept.version()) {
      use(store.load());
    }
  }

  /** All steps of a rollout. */
  public List<Step> steps(String id) throws IOException {
    return store.steps(id);
  }

  // --- what operators do ---

  /**
   * Begins a rollout.
   *
   * @throws Steering.Unfit if the route is under one already
   * @throws IOException if it cannot be kept
   */
  public synchronized RolloutState begin(RolloutState.Beginning as, String by)
      throws IOException, Steering.Unfit {
    for (int tried = 0; tried < TRIES_MAX; tried++) {
      use(store.load());
      for (RolloutState other : kept.rollouts()) {
        if (other.isOpen() && other.route().equals(as.route())) {
          throw new Steering.Unfit(
              "route %s is under rollout %s already, which is %s"
                  .formatted(as.route(), other.name(), other.status().word()));
        }
        if (other.isOpen() && other.name().equals(as.name())) {
          throw new Steering.Unfit("rollout %s is under way already".formatted(as.name()));
        }
      }
      Progress progress = Steering.begin(as, by, clock.instant());
      if (save(progress)) {
        return progress.state();
      }
    }
    throw new IOException("others changed rollouts at the same time, again and again");
  }

  /**
   * Follows an operator's wish.
   *
   * @return empty if there is no such rollout
   * @throws Steering.Unfit if the rollout does not stand so that it could be followed
   * @throws IOException if it cannot be kept
   */
  public synchronized Optional<RolloutState> follow(
      String name, Steering.Wish wish, String why, String by) throws IOException, Steering.Unfit {
    for (int tried = 0; tried < TRIES_MAX; tried++) {
      use(store.load());
      Optional<RolloutState> found = find(name);
      if (found.isEmpty()) {
        return found;
      }
      Progress progress = Steering.follow(found.get(), wish, why, by, clock.instant());
      if (save(progress)) {
        return Optional.of(progress.state());
      }
    }
    throw new IOException("others changed rollouts at the same time, again and again");
  }

  // --- what goes by itself ---

  private void run() {
    boolean away = false;
    boolean behind = false;
    while (!closed) {
      try {
        if (!behind && kept.rollouts().stream().anyMatch(RolloutState::isOpen)) {
          behind = true;
          standBack.run();
        }
        tick();
        if (away) {
          LOG.log(Level.INFO, "rollouts are kept again");
        }
        away = false;
      } catch (IOException | RuntimeException e) {
        if (!away && !closed) {
          LOG.log(Level.WARNING, "rollouts stay as they are: {0}", e.getMessage());
        }
        away = true;
      }
      try {
        Thread.sleep(TICK_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Looks once: takes up what others did, and brings in what was seen here. */
  synchronized void tick() throws IOException {
    if (!isThere.getAsBoolean()) {
      return;
    }
    refresh();
    Map<String, List<Observation>> news = drain();
    for (RolloutState one : kept.rollouts()) {
      List<Observation> of = news.getOrDefault(one.id(), List.of());
      if (one.isOpen() || !of.isEmpty()) {
        bringIn(one.id(), of);
      }
    }
  }

  private void bringIn(String id, List<Observation> of) throws IOException {
    try {
      for (int tried = 0; tried < TRIES_MAX; tried++) {
        Optional<RolloutState> now = find(id);
        if (now.isEmpty()) {
          return;
        }
        Instant at = clock.instant();
        Progress progress = Steering.after(now.get(), of, at);
        boolean unchanged =
            of.isEmpty()
                && progress.steps().isEmpty()
                && progress.state().status() == now.get().status();
        if (unchanged || save(progress)) {
          return;
        }
        use(store.load());
      }
    } catch (IOException e) {
      // For the next look; were there too many, the bound would hold.
      of.forEach(one -> observe(id, one));
      throw e;
    }
  }

  private Map<String, List<Observation>> drain() {
    var all = new LinkedHashMap<String, List<Observation>>();
    for (Seen one = seen.poll(); one != null; one = seen.poll()) {
      waiting.decrementAndGet();
      all.computeIfAbsent(one.rollout(), _ -> new ArrayList<>()).add(one.observation());
    }
    return all;
  }

  private boolean save(Progress progress) throws IOException {
    long onTopOf = kept.version();
    if (!store.save(progress.state(), progress.steps(), onTopOf)) {
      return false;
    }
    var all = new ArrayList<RolloutState>();
    boolean there = false;
    for (RolloutState one : kept.rollouts()) {
      boolean same = one.id().equals(progress.state().id());
      there |= same;
      all.add(same ? progress.state() : one);
    }
    if (!there) {
      all.add(progress.state());
    }
    for (Step step : progress.steps()) {
      LOG.log(
          Level.INFO,
          "rollout {0}: {1}, {2} to {3}: {4}",
          progress.state().name(),
          step.kind().word(),
          Shares.stage(step.from()),
          Shares.stage(step.to()),
          step.clause());
    }
    use(new RolloutStore.Kept(onTopOf + 1, all));
    return true;
  }

  private void use(RolloutStore.Kept now) {
    if (now.version() == kept.version()) {
      return;
    }
    kept = now;
    publish.accept(now.rollouts());
  }

  @Override
  public void close() {
    closed = true;
    ticking.interrupt();
    try {
      if (ticking.getState() != Thread.State.NEW) {
        ticking.join(Duration.ofSeconds(5));
      }
      // What was seen last is kept too: a stop is no reason to forget it.
      tick();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "what was seen last of rollouts is not kept: {0}", e.getMessage());
    }
  }
}
