package dev.understudy.contract;

import java.time.Duration;
import java.util.Optional;

/**
 * When an exclusivity does not hold.
 *
 * @param name for records
 * @param outageOf while this party's service is out; empty if that does not matter
 * @param longerThan once it has been out so long
 * @param drain so long after its return others may still be asked
 * @param scope for which calls; they must surely be within
 */
public record CarveOut(
    String name, Optional<Party> outageOf, Duration longerThan, Duration drain, Scope scope) {}
