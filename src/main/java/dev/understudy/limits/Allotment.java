package dev.understudy.limits;

import java.util.Optional;

/** Decides how much of each limit this process may use. */
interface Allotment {
  /** What a new gauge may use before anything is agreed on. */
  long atFirst(long limit);

  void opened(Gauge gauge);

  /** The gauge's limit is another one now. */
  void changed(Gauge gauge);

  void closed(Gauge gauge);

  /** Whether it sees to it itself that what was used of a budget is forgiven, in all replicas. */
  boolean forgives(Gauge gauge);

  /**
   * Hears that a call would need more than this process may use.
   *
   * @return a way to wait until more was asked for; empty if there is no more to be had, or the
   *     call has waited long enough
   */
  Optional<Clearance.Waiting> lacking(Gauge gauge, long amount, Patience patience);

  /** This process is the only one: all limits are its own. */
  Allotment WHOLE =
      new Allotment() {
        @Override
        public long atFirst(long limit) {
          return limit;
        }

        @Override
        public void opened(Gauge gauge) {}

        @Override
        public void changed(Gauge gauge) {
          gauge.share().allow(gauge.limit());
        }

        @Override
        public void closed(Gauge gauge) {}

        @Override
        public boolean forgives(Gauge gauge) {
          return false;
        }

        @Override
        public Optional<Clearance.Waiting> lacking(Gauge gauge, long amount, Patience patience) {
          return Optional.empty();
        }
      };
}
