package dev.understudy.limits;

/**
 * What a replica gets.
 *
 * @param share its share of the limit from now on, with what it used and reserved
 * @param elsewhere what all others hold or used for good
 * @param idle what others hold without needing it at the moment
 * @param usedInAll what all together used for good
 * @param replicas how many hold a share, this one among them
 * @param forgiven how much was forgiven
 * @param scarce whether somebody waited in vain just now, so that nothing should be hoarded
 */
public record Grant(
    long share,
    long elsewhere,
    long idle,
    long usedInAll,
    int replicas,
    long forgiven,
    boolean scarce) {}
