package dev.understudy.chat;

import java.util.Optional;

/**
 * Where a piece of an answer comes from.
 *
 * @param start first character of the answer's text part that it supports, in UTF-16 units, or
 *     empty
 * @param end one past the last such character
 * @param json the citation as its protocol wrote it, so that the same protocol can carry all of it
 */
public record Citation(
    Optional<String> url,
    Optional<String> title,
    Optional<String> citedText,
    Optional<Long> start,
    Optional<Long> end,
    ProtocolName origin,
    String json) {}
