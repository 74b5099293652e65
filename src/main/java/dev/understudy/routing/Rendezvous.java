package dev.understudy.routing;

/**
 * Gives each pair of a session and a target a score, so that every session has an order of targets
 * of its own: who takes the highest keeps its sessions when others come and go, and only the
 * sessions of one that goes move.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Rendezvous_hashing">Rendezvous hashing</a>, with
 *     weights
 */
final class Rendezvous {
  private static final double UNIT = 0x1.0p-53;

  private Rendezvous() {}

  static double score(long session, String target, double weight) {
    return weight / -Math.log(unit(session, target));
  }

  /** A number between 0 and 1 that a session and a name always have together. */
  static double unit(long session, String name) {
    long hash = mix(session ^ mix(hash(name)));
    return ((hash >>> 11) + 0.5) * UNIT;
  }

  /** FNV-1a over the characters: the same on every machine and at every start. */
  static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** The finish of MurmurHash3, which spreads every bit over all. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
