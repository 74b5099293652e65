package dev.understudy.evaluation;

/**
 * One message of a case's conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 */
public record Turn(String role, String text) {}
