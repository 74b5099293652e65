package dev.understudy.text;

/**
 * A number that people write with its unit or without, such as {@code 5%}, {@code 0.05} or {@code
 * 8s}: what it means, its reader knows.
 *
 * @param place where it stands
 * @param value as it counts, with variables filled in
 */
public record Measure(Place place, String value) {}
