package dev.understudy.capacity;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The allowances of all targets and credentials that are in use, and the calls that wait. */
public final class Capacity {
  /** So many are kept; beyond that, those that rest make place. */
  private static final int ALLOWANCES_MAX = 4_096;

  /** What rests so long has nothing to remember but what the next reply says again. */
  private static final long REST_MILLIS = 30 * 60_000;

  /** What is known beforehand of targets; changes when the settings do. */
  public interface Book {
    Terms terms(String vendor, String model);

    /** Whether anything was bought anywhere, so that targets are looked at for it. */
    default boolean hasProvisioned() {
      return true;
    }
  }

  /** Knows nothing of anybody. */
  public static final Book EMPTY =
      new Book() {
        @Override
        public Terms terms(String vendor, String model) {
          return Terms.UNKNOWN;
        }

        @Override
        public boolean hasProvisioned() {
          return false;
        }
      };

  private final ConcurrentHashMap<AllowanceName, Allowance> allowances = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<AccountName, Account> accounts = new ConcurrentHashMap<>();
  private final WaitingLine line = new WaitingLine();
  private final InstantSource clock;
  private final ConcurrentHashMap<String, List<Allowance>> byTarget = new ConcurrentHashMap<>();
  private volatile Book book;
  private volatile boolean provisioned;
  private volatile long lookedAt = Long.MIN_VALUE;

  private record AccountName(String vendor, String credential) {}

  public Capacity(Book book, InstantSource clock) {
    this.book = book;
    this.clock = clock;
    this.provisioned = book.hasProvisioned();
  }

  /** Milliseconds of a clock that does not jump, which all moments here are of. */
  public static long now() {
    return System.nanoTime() / 1_000_000;
  }

  /** The time of day, for what vendors write as dates. */
  public Instant moment() {
    return clock.instant();
  }

  /** The calls that wait until there is room. */
  public WaitingLine line() {
    return line;
  }

  /** The allowance of a credential at a target; one that is new is as its book says. */
  public Allowance of(String vendor, String model, String credential, long now) {
    var name = new AllowanceName(vendor, model, credential);
    Allowance known = allowances.get(name);
    if (known != null) {
      return known;
    }
    if (allowances.size() >= ALLOWANCES_MAX) {
      makePlace(now);
    }
    Account account =
        accounts.computeIfAbsent(new AccountName(vendor, credential), _ -> new Account());
    var fresh = new Allowance(name, account, book.terms(vendor, model), moment(), now);
    if (allowances.size() >= ALLOWANCES_MAX) {
      // Names are a stranger's to choose: what cannot be kept serves this call alone.
      return fresh;
    }
    Allowance other = allowances.putIfAbsent(name, fresh);
    if (other != null) {
      return other;
    }
    byTarget.computeIfAbsent(name.target(), _ -> new CopyOnWriteArrayList<>()).add(fresh);
    return fresh;
  }

  private void makePlace(long now) {
    allowances
        .values()
        .removeIf(one -> one.state().inFlight() == 0 && now - one.usedAt() > REST_MILLIS);
    byTarget.values().forEach(all -> all.removeIf(one -> allowances.get(one.name()) != one));
    byTarget.values().removeIf(List::isEmpty);
    accounts
        .keySet()
        .removeIf(name ->
            allowances.keySet().stream()
                .noneMatch(kept ->
                    kept.vendor().equals(name.vendor())
                        && kept.credential().equals(name.credential())));
  }

  /** Whether anything was bought anywhere. */
  public boolean hasProvisioned() {
    return provisioned;
  }

  /**
   * The share that is left at a target, with the credential that has most; 1 if nothing is known.
   */
  public double headroom(String vendor, String model, long now) {
    List<Allowance> all = byTarget.getOrDefault(vendor + "/" + model, List.of());
    double most = all.isEmpty() ? 1 : 0;
    for (Allowance one : all) {
      most = Math.max(most, one.headroom(now));
    }
    return most;
  }

  /** Puts another book in force; calls under way stay counted. */
  public void replace(Book other) {
    book = other;
    provisioned = other.hasProvisioned();
    long now = now();
    Instant moment = moment();
    allowances
        .values()
        .forEach(
            one -> one.replace(other.terms(one.name().vendor(), one.name().model()), moment, now));
  }

  /**
   * What time brings: called several times a second by every event loop, it serves who waits, and
   * looks at the clock on the wall every few seconds.
   */
  public void tick(long now) {
    if (now - lookedAt >= 5_000 || lookedAt == Long.MIN_VALUE) {
      lookedAt = now;
      Instant moment = moment();
      allowances.values().forEach(one -> one.clock(moment));
    }
    line.serve(now);
  }

  /** All allowances, by name. */
  public List<Allowance> all() {
    var all = new ArrayList<>(allowances.values());
    all.sort(
        Comparator.comparing((Allowance one) -> one.name().target())
            .thenComparing(one -> one.name().credential()));
    return all;
  }
}
