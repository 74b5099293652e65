package dev.understudy.gateway;

import java.time.Instant;
import java.util.Map;

/**
 * What a caller sent, whole.
 *
 * @param caller who was let in
 * @param body the request's body, of which {@code length} bytes are filled
 * @param strict whether what a translation loses is to be refused
 * @param headers those that go on to a vendor of the same protocol, names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Asked(
    Door door,
    String caller,
    byte[] body,
    int length,
    boolean strict,
    Map<String, String> headers,
    String exchangeId,
    Instant startedAt,
    long startedNanos) {}
