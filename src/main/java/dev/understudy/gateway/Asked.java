package dev.understudy.gateway;

import dev.understudy.access.Caller;
import dev.understudy.exchange.Purpose;
import dev.understudy.exchange.TraceParent;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a caller sent, whole.
 *
 * @param caller who was let in
 * @param body the request's body, of which {@code length} bytes are filled
 * @param tags what the caller says the call is for
 * @param region where the call is to be answered; empty if anywhere
 * @param priority how urgent the caller says the call is; empty if it does not say
 * @param strict whether what a translation loses is to be refused
 * @param purpose what the call is made for; whoever is no caller's own knows it best
 * @param traceParent where the call stands in a trace of the caller's
 * @param headers those that go on to a vendor of the same protocol, names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Asked(
    Door door,
    Caller caller,
    byte[] body,
    int length,
    Set<String> tags,
    String region,
    String priority,
    boolean strict,
    Map<String, String> headers,
    String exchangeId,
    Instant startedAt,
    long startedNanos,
    Optional<TraceParent> traceParent,
    Purpose purpose) {}
