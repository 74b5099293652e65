package dev.understudy.limits;

/** Where it is kept what was spent, so that a restart forgets nothing. */
interface SpendingBook {
  /** Gives a new period what was spent in it before the restart, if anything was. */
  void restore(String scope, String currency, Spending spending);

  /** Something was spent, or forgiven: it is to be written down soon. Never waits. */
  void dirty(String scope, String currency, Spending spending);

  /** Keeps nothing. */
  SpendingBook NONE =
      new SpendingBook() {
        @Override
        public void restore(String scope, String currency, Spending spending) {}

        @Override
        public void dirty(String scope, String currency, Spending spending) {}
      };
}
