package dev.understudy.vendor;

/**
 * How a vendor counts the tokens of some of its models against its limits.
 *
 * @param output how often an output token counts
 * @param cached how much an input token counts that was read from the vendor's cache, 0 to 1
 * @param holdsMax whether all of {@code max_tokens} is set aside until the answer is there
 */
public record Counting(ModelNames models, double output, double cached, boolean holdsMax) {}
