package dev.understudy.limits;

/**
 * What a replica says of one limit, and asks for.
 *
 * @param key the limit's name among replicas
 * @param lasting how long what was used counts after the replica fell silent
 * @param replica who asks
 * @param limit the whole limit
 * @param used what the replica used for good
 * @param taken likewise, with what is reserved
 * @param held the share it holds: it may have been taken from since
 * @param want the share it would like
 * @param must how much more than it holds is waited for
 * @param leaseMillis for how long a share stays its own without another word
 * @param keptMillis for how long the limit's record is kept without any word
 * @param forgive whether all that was used until now is to be forgiven
 */
public record Claim(
    String key,
    Lasting lasting,
    String replica,
    long limit,
    long used,
    long taken,
    long held,
    long want,
    long must,
    long leaseMillis,
    long keptMillis,
    boolean forgive) {

  /** How long what a silent replica used goes on counting. */
  public enum Lasting {
    /** Not at all: a concurrent call ends with its process. */
    CALL,
    /** For a minute from its last word. */
    MINUTE,
    /** For the rest of the budget's period. */
    PERIOD
  }
}
