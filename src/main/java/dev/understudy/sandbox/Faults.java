package dev.understudy.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The faults that await one server's next requests; the first of them strikes. */
public final class Faults {
  /** More than these cannot wait. */
  public static final int FAULTS_MAX = 100;

  private final List<Fault> waiting = new ArrayList<>();

  /** Of a fixed seed: the same requests in the same order meet the same faults. */
  private final SplittableRandom chance = new SplittableRandom(20_261_127);

  /** Puts these in place of what waited. */
  public synchronized void set(List<Fault> faults) {
    if (faults.size() > FAULTS_MAX) {
      throw new IllegalArgumentException(
          "%d faults; %d can wait".formatted(faults.size(), FAULTS_MAX));
    }
    waiting.clear();
    waiting.addAll(faults);
  }

  /** Puts the faults of these specifications in place of what waited. */
  public void set(String... specifications) {
    set(List.of(specifications).stream().map(Fault::parse).toList());
  }

  public synchronized void clear() {
    waiting.clear();
  }

  public synchronized List<Fault> waiting() {
    return List.copyOf(waiting);
  }

  /**
   * The fault that strikes the request at hand, with one use fewer left afterwards. One that
   * befalls a percentage leaves the others to those behind it.
   */
  synchronized Optional<Fault> strike() {
    for (int i = 0; i < waiting.size(); i++) {
      Fault fault = waiting.get(i);
      if (fault.times() == 0) {
        waiting.remove(i--);
      } else if (befalls(fault)) {
        if (fault.times() == 1) {
          waiting.remove(i);
        } else if (fault.times() != Fault.ALWAYS) {
          waiting.set(i, fault.times(fault.times() - 1));
        }
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  /** Whether a fault befalls this request: always, or in a percentage of them. */
  synchronized boolean befalls(Fault fault) {
    return !fault.has("percent") || chance.nextInt(100) < fault.detail("percent", 100);
  }
}
