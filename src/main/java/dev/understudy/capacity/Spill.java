package dev.understudy.capacity;

/** Decides whether new sessions leave bought capacity, so that it does not change to and fro. */
final class Spill {
  private Spill() {}

  /**
   * Whether they do from now on.
   *
   * @param spilling whether they did until now
   * @param used the share in use, 0 to 1
   */
  static boolean next(boolean spilling, double used, double enter, double leave) {
    return spilling ? used > leave : used >= enter;
  }
}
