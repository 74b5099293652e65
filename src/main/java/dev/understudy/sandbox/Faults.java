package dev.understudy.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that await one server's next requests; the first of them strikes. */
public final class Faults {
  /** More than these cannot wait. */
  public static final int FAULTS_MAX = 100;

  private final List<Fault> waiting = new ArrayList<>();

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

  /** The fault that strikes the request at hand, with one use fewer left afterwards. */
  synchronized Optional<Fault> strike() {
    if (waiting.isEmpty()) {
      return Optional.empty();
    }
    Fault fault = waiting.removeFirst();
    if (fault.times() == Fault.ALWAYS) {
      waiting.addFirst(fault);
    } else if (fault.times() > 1) {
      waiting.addFirst(fault.times(fault.times() - 1));
    }
    return fault.times() == 0 ? strike() : Optional.of(fault);
  }
}
