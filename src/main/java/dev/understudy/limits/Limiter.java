package dev.understudy.limits;

import dev.understudy.access.Period;
import dev.understudy.access.Scope;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls through their callers' limits, or says which one is in the way. Never waits and takes
 * no lock on a call's path.
 */
public final class Limiter {
  private static final System.Logger LOG = System.getLogger(Limiter.class.getName());
  private static final Gauges[] NO_LIMITS = {};
  private static final long IDLE_SECONDS = 600;

  private static final Clearance FREE = new Clearance.Admitted(Place.FREE);

  private final World world;
  private final Currencies currencies;
  private final long leaseNanos;
  private final ConcurrentHashMap<String, Gauges> scopes = new ConcurrentHashMap<>();
  private final Set<Place> open = ConcurrentHashMap.newKeySet();
  private final Refusals refusals;
  private final LongAdder lapsed = new LongAdder();
  private final LongAdder[] refused =
      Stream.of(Refusal.Kind.values()).map(_ -> new LongAdder()).toArray(LongAdder[]::new);

  /**
   * What all gauges share.
   *
   * @param nanos a clock that never goes back
   * @param clock the clock of calendars
   * @param zone where days and months begin
   */
  record World(
      LongSupplier nanos,
      long startNanos,
      InstantSource clock,
      ZoneId zone,
      Allotment allotment,
      SpendingBook book) {

    /** Seconds since some moment more than a minute before the start. */
    long second() {
      return SECONDS_BEFORE + (nanos.getAsLong() - startNanos) / 1_000_000_000;
    }

    long millis() {
      return clock.millis();
    }

    private static final long SECONDS_BEFORE = 1_000;
  }

  Limiter(World world, Currencies currencies, long leaseNanos) {
    this.world = world;
    this.currencies = currencies;
    this.leaseNanos = leaseNanos;
    this.refusals = new Refusals(world);
  }

  /** For a process that shares its limits with nobody and keeps nothing of them. */
  public static Limiter ofProcess() {
    return new Limiter(
        new World(
            System::nanoTime,
            System.nanoTime(),
            InstantSource.system(),
            ZoneOffset.UTC,
            Allotment.WHOLE,
            SpendingBook.NONE),
        Currencies.USD,
        Limiting.CALL_LEASE.toNanos());
  }

  /**
   * Lets a call in with its first attempt: counts it, gives it a seat, and reserves tokens and
   * money, in all scopes or in none.
   *
   * @param callerScopes the levels of the caller
   * @param demand what the first attempt may come to
   * @param patience how long the call still waits; {@link Clearance.Later} is an answer while it
   *     does
   */
  public Clearance admit(List<Scope> callerScopes, Demand demand, Patience patience) {
    long second = world.second();
    Gauges[] limited = limited(callerScopes, second);
    if (limited.length == 0) {
      return FREE;
    }
    var lack = new Lack();
    int entered = 0;
    while (entered < limited.length && enter(limited[entered], second, patience, lack)) {
      entered++;
    }
    Reservation reservation =
        entered == limited.length
            ? Reservation.take(limited, demand, currencies, second, world.millis(), patience, lack)
            : null;
    if (reservation == null) {
      for (int i = 0; i < entered; i++) {
        exit(limited[i]);
        Gauges.Rate requests = limited[i].requests();
        if (requests != null) {
          requests.window().takeBack(1, second);
        }
      }
      return lacking(lack, patience);
    }
    patience.served();
    var place = new Place(this, limited, world.nanos().getAsLong());
    place.add(reservation);
    open.add(place);
    return new Clearance.Admitted(place);
  }

  Clearance next(Place place, Demand demand, Patience patience) {
    var lack = new Lack();
    Reservation reservation =
        Reservation.take(
            place.scopes(), demand, currencies, world.second(), world.millis(), patience, lack);
    if (reservation == null) {
      return lacking(lack, patience);
    }
    patience.served();
    place.add(reservation);
    return new Clearance.Admitted(place);
  }

  private static boolean enter(Gauges scope, long second, Patience patience, Lack lack) {
    Gauges.Rate requests = scope.requests();
    long kept = Window.NONE;
    if (requests != null) {
      kept = requests.window().add(1, second, patience);
      if (kept == Window.NONE) {
        lack.of(requests.gauge(), requests.window(), 1);
        return false;
      }
    }
    Gauge seats = scope.seats();
    if (seats != null && !seats.share().take(1, patience)) {
      if (requests != null) {
        requests.window().takeBack(1, kept);
      }
      lack.of(seats);
      return false;
    }
    return true;
  }

  private static void exit(Gauges scope) {
    Gauge seats = scope.seats();
    if (seats != null) {
      seats.share().giveBack(1);
    }
  }

  private Clearance lacking(Lack lack, Patience patience) {
    Gauge gauge = lack.gauge();
    boolean impossible = lack.amount() > gauge.limit();
    if (!impossible) {
      Optional<Clearance.Waiting> waiting =
          world.allotment().lacking(gauge, lack.amount(), patience);
      if (waiting.isPresent()) {
        return new Clearance.Later(waiting.get());
      }
    }
    patience.giveUp();
    refused[gauge.kind().ordinal()].increment();
    return new Clearance.Refused(refusals.of(lack));
  }

  void settle(Reservation attempt, Demand actual) {
    attempt.settle(actual, world.second());
  }

  void leave(Place place) {
    if (place.end(world.second())) {
      open.remove(place);
      for (Gauges scope : place.scopes()) {
        exit(scope);
      }
    }
  }

  private Gauges[] limited(List<Scope> callerScopes, long second) {
    int count = 0;
    for (int i = 0; i < callerScopes.size(); i++) {
      if (!callerScopes.get(i).limits().isEmpty()) {
        count++;
      }
    }
    if (count == 0) {
      return NO_LIMITS;
    }
    var limited = new Gauges[count];
    int next = 0;
    for (int i = 0; i < callerScopes.size(); i++) {
      Scope scope = callerScopes.get(i);
      if (!scope.limits().isEmpty()) {
        Gauges gauges = gauges(scope);
        gauges.usedAt(second);
        limited[next++] = gauges;
      }
    }
    return limited;
  }

  private Gauges gauges(Scope scope) {
    Gauges known = scopes.get(scope.id());
    if (known != null && known.scope().equals(scope)) {
      return known;
    }
    return scopes.compute(
        scope.id(),
        (id, now) ->
            now == null
                ? Gauges.open(scope, world)
                : now.scope().equals(scope) ? now : now.with(scope, world));
  }

  /** How a caller stands by the minute. */
  public Standing standing(List<Scope> callerScopes) {
    return standing(limited(callerScopes, world.second()));
  }

  Standing standing(Gauges[] limited) {
    long second = world.second();
    Gauges.Rate requests = null;
    Gauges.Rate tokens = null;
    for (Gauges scope : limited) {
      requests = tighter(requests, scope.requests());
      tokens = tighter(tokens, scope.tokens());
    }
    return new Standing(left(requests, second), left(tokens, second));
  }

  private static Gauges.@Nullable Rate tighter(
      Gauges.@Nullable Rate one, Gauges.@Nullable Rate other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    double left = (double) one.gauge().left() / one.gauge().limit();
    return (double) other.gauge().left() / other.gauge().limit() < left ? other : one;
  }

  private static Optional<Standing.Left> left(Gauges.@Nullable Rate rate, long second) {
    if (rate == null) {
      return Optional.empty();
    }
    long used = rate.window().used(second);
    return Optional.of(
        new Standing.Left(
            rate.gauge().limit(),
            rate.gauge().left(),
            used == 0 ? 0 : rate.window().secondsUntilFree(used, second)));
  }

  /**
   * Takes away the places that nobody touched for the length of a lease, and forgets scopes that
   * nobody uses. To be called now and then.
   */
  void sweep() {
    long now = world.nanos().getAsLong();
    for (Place place : open) {
      if (now - place.touchedNanos() > leaseNanos) {
        lapsed.increment();
        LOG.log(
            System.Logger.Level.WARNING,
            "a call held its place in the limits for {0} s without a sign of life; it is taken away",
            leaseNanos / 1_000_000_000);
        leave(place);
      }
    }
    for (String id : List.copyOf(scopes.keySet())) {
      scopes.computeIfPresent(
          id,
          (_, gauges) -> {
            // Long unused, so that no call holds it that has looked it up but taken nothing yet.
            if (world.second() - gauges.usedAt() < IDLE_SECONDS
                || !gauges.isIdle(world.second(), world.millis())) {
              return gauges;
            }
            gauges.close(world.allotment());
            return null;
          });
    }
  }

  /** Places that were taken away because their calls gave no sign of life. */
  public long lapsed() {
    return lapsed.sum();
  }

  /** How much scopes use that have limits, used of late or not. */
  public List<Use> uses(List<Scope> all) {
    for (Scope scope : all) {
      if (!scope.limits().isEmpty()) {
        gauges(scope).usedAt(world.second());
      }
    }
    return uses();
  }

  /** How often calls were refused by a kind of limit. */
  public long refusals(Refusal.Kind kind) {
    return refused[kind.ordinal()].sum();
  }

  /** How much every scope uses that was used of late, by its id. */
  public List<Use> uses() {
    long second = world.second();
    long millis = world.millis();
    return scopes.values().stream()
        .map(gauges -> gauges.use(second, millis))
        .sorted(Comparator.comparing(Use::scope))
        .toList();
  }

  /**
   * Starts the budgets of a scope anew, those of one period or all.
   *
   * @return how many there are
   */
  public int startAnew(String scope, Optional<Period> period) {
    Gauges gauges = scopes.get(scope);
    int started = 0;
    for (Purse purse : gauges == null ? new Purse[0] : gauges.purses()) {
      if (period.isEmpty() || period.get() == purse.budget().period()) {
        purse.forgive(world.millis());
        started++;
      }
    }
    return started;
  }

  Collection<Gauges> scopes() {
    return new ArrayList<>(scopes.values());
  }

  World world() {
    return world;
  }
}
