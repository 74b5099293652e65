package dev.understudy.gateway;

import dev.understudy.routing.Backoff;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which attempt of a call comes next: the targets in their order, with each of the vendor's keys;
 * then, where the route wants more attempts than that, once more around, after a pause.
 *
 * <p>A target that has not been tried in this call replaces the one that failed, so asking it costs
 * nothing. What burdens those who suffer already is paid from the route's budget: a target that is
 * out, and one that failed in this very call.
 */
final class Agenda {
  /** No call makes more attempts than this. */
  private static final int ATTEMPTS_MAX = 20;

  /**
   * An attempt to make.
   *
   * @param why for the record
   * @param delayNanos how long to wait before it
   */
  record Step(Candidate candidate, String why, long delayNanos) {}

  /** Pays for tries. */
  interface Purse {
    boolean pay();
  }

  private final List<Candidate> candidates;
  private final Retry retry;
  private final Purse purse;
  private final RandomGenerator random;
  private final Set<Target> done = new HashSet<>();
  private final Map<Target, Duration> asked = new HashMap<>();
  private int next;
  private int nextBefore;
  private int round;
  private int made;

  Agenda(List<Candidate> candidates, Retry retry, Purse purse, RandomGenerator random) {
    this.candidates = candidates;
    this.retry = retry;
    this.purse = purse;
    this.random = random;
  }

  /** The first attempt. */
  Optional<Step> first() {
    return step("first choice");
  }

  /**
   * What comes after an attempt that failed.
   *
   * @param rest how long its vendor asked to be left alone; zero if it did not
   */
  Optional<Step> after(Candidate failed, Retries.Next verdict, Duration rest) {
    return switch (verdict) {
      case NOBODY -> Optional.empty();
      case OTHER_CREDENTIAL -> {
        asked.merge(failed.target(), rest, (a, b) -> a.compareTo(b) < 0 ? b : a);
        yield step(
            next < candidates.size() && candidates.get(next).target().equals(failed.target())
                ? "another key of " + failed.vendor().name()
                : "fallback, as " + failed.target().name() + " refused");
      }
      case OTHER_TARGET -> {
        asked.merge(failed.target(), rest, (a, b) -> a.compareTo(b) < 0 ? b : a);
        skip(failed.target());
        yield step("fallback, as " + failed.target().name() + " failed");
      }
    };
  }

  /** What comes after a target that may not be asked; it is not asked again in this call. */
  Optional<Step> without(Candidate refused, String why) {
    done.add(refused.target());
    return step(why);
  }

  /** What comes after a key that has no room at present; another key of the same target may. */
  Optional<Step> withoutRoom(String why) {
    return step(why);
  }

  /** Another target beside the one that is being asked; empty if there is none left. */
  Optional<Step> beside(Candidate running, String why) {
    int at = next;
    while (at < candidates.size() && isOver(candidates.get(at), running.target())) {
      at++;
    }
    if (round > 0 || at >= candidates.size() || made >= max() || candidates.get(at).lastResort()) {
      return Optional.empty();
    }
    if (!purse.pay()) {
      return Optional.empty();
    }
    nextBefore = next;
    next = at;
    return step(why);
  }

  /** The step beside was not made after all: its target is still there, should the other fail. */
  void notBeside() {
    next = nextBefore;
    made--;
  }

  /** Whether a target other than this one could still be asked in this call. */
  boolean hasOther(Candidate than) {
    if (made >= max()) {
      return false;
    }
    for (int i = retry.attempts() == 0 ? next : 0; i < candidates.size(); i++) {
      if (!isOver(candidates.get(i), than.target())) {
        return true;
      }
    }
    return false;
  }

  private boolean isOver(Candidate candidate, Target running) {
    return candidate.target().equals(running) || done.contains(candidate.target());
  }

  private void skip(Target target) {
    while (next < candidates.size() && candidates.get(next).target().equals(target)) {
      next++;
    }
  }

  private int max() {
    return Math.min(ATTEMPTS_MAX, retry.attempts() == 0 ? ATTEMPTS_MAX : retry.attempts());
  }

  private Optional<Step> step(String why) {
    while (made < max()) {
      while (next < candidates.size() && done.contains(candidates.get(next).target())) {
        next++;
      }
      if (next >= candidates.size()) {
        if (retry.attempts() == 0 || done.size() == targets() || candidates.isEmpty()) {
          return Optional.empty();
        }
        next = 0;
        round++;
        continue;
      }
      Candidate candidate = candidates.get(next);
      next++;
      long delay = 0;
      if (round > 0) {
        Optional<Duration> pause =
            Backoff.before(
                retry, round, asked.getOrDefault(candidate.target(), Duration.ZERO), random);
        if (pause.isEmpty()) {
          done.add(candidate.target());
          continue;
        }
        delay = pause.get().toNanos();
      }
      boolean burdens = round > 0 || (candidate.lastResort() && made > 0);
      if (burdens && !purse.pay()) {
        return Optional.empty();
      }
      made++;
      String reason =
          round > 0
              ? "once more, after %d ms".formatted(delay / 1_000_000)
              : candidate.lastResort() ? "last resort" : why;
      return Optional.of(new Step(candidate, reason, delay));
    }
    return Optional.empty();
  }

  private int targets() {
    var all = new ArrayList<Target>();
    for (Candidate candidate : candidates) {
      if (all.isEmpty() || !all.getLast().equals(candidate.target())) {
        all.add(candidate.target());
      }
    }
    return all.size();
  }
}
