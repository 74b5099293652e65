package dev.understudy.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request that a sandbox server saw.
 *
 * @param number counts from 1 per server
 * @param headers names in lower case; values of one name joined by a comma
 * @param outcome {@code waiting}, {@code replying}, {@code complete}, {@code broken by fault} or
 *     {@code caller left}
 * @param tokensSent how many tokens of the answer had been written so far
 */
@SuppressWarnings("ArrayRecordComponent") // looked at, never compared
public record SeenRequest(
    long number,
    String method,
    String uri,
    Map<String, String> headers,
    byte[] body,
    String outcome,
    int tokensSent) {

  public SeenRequest {
    headers = Map.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  SeenRequest with(String newOutcome, int tokens) {
    return new SeenRequest(number, method, uri, headers, body, newOutcome, tokens);
  }
}
