package dev.understudy.exchange;

/**
 * Why one target was not asked.
 *
 * @param target as {@code vendor/model}
 * @param rule one word for the rule or state, such as {@code condition}, {@code capability}, {@code
 *     breaker}, {@code limit}
 * @param why a clause for people, without what was said in the call
 */
public record Exclusion(String target, String rule, String why) {}
