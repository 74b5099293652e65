package dev.understudy.exchange;

/**
 * A contract's clause that decided whether a target may answer a call.
 *
 * @param target as {@code vendor/model}
 * @param allowed whether it was allowed by the clause; false: denied
 * @param contract the contract's id
 * @param version which version of the contract, from 1
 * @param clause the clause's id
 */
public record Clause(String target, boolean allowed, String contract, int version, String clause) {}
