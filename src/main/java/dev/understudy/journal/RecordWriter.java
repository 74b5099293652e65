package dev.understudy.journal;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.CallerName;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Decision;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Exclusion;
import dev.understudy.exchange.TraceParent;
import dev.understudy.money.Cost;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spells a finished call in few bytes, as {@link RecordReader} reads it: numbers in groups of seven
 * bits, texts with their lengths. What was said in the call is left out.
 */
final class RecordWriter {
  /** Which version of this spelling is written; readers know all up to it. */
  static final int VERSION = 2;

  /** More paths are counted by the log, and not listed. */
  private static final int LISTED_MAX = 100;

  private byte[] bytes = new byte[4 << 10];
  private int length;

  /** Spells one call in place of what was spelt before; its length. */
  int spell(Exchange exchange) {
    length = 0;
    exchange(exchange);
    return length;
  }

  /** The same of a call that goes on: no call has an empty name, so that one goes before it. */
  int spellSoFar(Exchange exchange) {
    length = 0;
    text("");
    exchange(exchange);
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  private void exchange(Exchange e) {
    text(e.id());
    Instant startedAt = e.startedAt();
    number(startedAt.getEpochSecond());
    number(startedAt.getNano());
    flag(e.caller().isPresent());
    if (e.caller().isPresent()) {
      caller(e.caller().get());
    }
    text(e.protocol());
    text(e.operation());
    text(e.route());
    text(e.purpose().word());
    flag(e.stream());
    optional(e.status());
    text(e.outcome().name());
    words(e.failureType());
    number(e.durationNanos());
    moment(e.firstByteNanos());
    number(e.bytesIn());
    number(e.bytesOut());
    texts(e.losses());
    flag(e.traceParent().isPresent());
    if (e.traceParent().isPresent()) {
      TraceParent trace = e.traceParent().get();
      text(trace.traceId());
      text(trace.spanId());
      flag(trace.sampled());
    }
    decision(e.decision());
    number(e.attempts().size());
    for (int i = 0; i < e.attempts().size(); i++) {
      attempt(e.attempts().get(i));
    }
    clauses(e.decision().contracts());
  }

  /**
   * At the end, and only if there are any: older records have none, and older readers stop here.
   */
  private void clauses(List<Clause> clauses) {
    int listed = Math.min(clauses.size(), LISTED_MAX);
    if (listed > 0) {
      number(listed);
    }
    for (int i = 0; i < listed; i++) {
      Clause one = clauses.get(i);
      text(one.target());
      flag(one.allowed());
      text(one.contract());
      number(one.version());
      text(one.clause());
    }
  }

  private void caller(CallerName caller) {
    text(caller.name());
    text(caller.keyId());
    text(caller.team());
    text(caller.organisation());
    number(caller.tags().size());
    for (Map.Entry<String, String> tag : caller.tags().entrySet()) {
      text(tag.getKey());
      text(tag.getValue());
    }
  }

  private void decision(Decision decision) {
    number(decision.plan());
    text(decision.rule());
    texts(decision.order());
    int listed = Math.min(decision.excluded().size(), LISTED_MAX);
    number(listed);
    for (int i = 0; i < listed; i++) {
      Exclusion one = decision.excluded().get(i);
      text(one.target());
      text(one.rule());
      text(one.why());
    }
    texts(decision.steps());
  }

  private void attempt(Attempt a) {
    text(a.target());
    text(a.vendor());
    text(a.kind());
    text(a.model());
    text(a.credential());
    text(a.protocol());
    flag(a.relayed());
    number(a.startedNanos());
    moment(a.firstByteNanos());
    number(a.endedNanos());
    optional(a.status());
    text(a.outcome().name());
    words(a.detail());
    words(a.vendorRequestId());
    words(a.replyModel());
    words(a.stopReason());
    optional(a.wentOnAfter());
    usage(a.usage());
    flag(a.cost().isPresent());
    if (a.cost().isPresent()) {
      cost(a.cost().get());
    }
  }

  private void usage(Usage usage) {
    number(usage.tokens().byLeaf().size());
    for (Map.Entry<Leaf, Long> entry : usage.tokens().byLeaf().entrySet()) {
      Leaf leaf = entry.getKey();
      one(leaf.direction().ordinal());
      one(leaf.modality().ordinal());
      one(leaf.cache().ordinal());
      one(leaf.phase().ordinal());
      number(entry.getValue());
    }
    number(usage.units().size());
    for (Map.Entry<String, BigDecimal> unit : usage.units().entrySet()) {
      text(unit.getKey());
      decimal(unit.getValue());
    }
    words(usage.serviceTier());
    words(usage.vendorJson());
    flag(usage.estimated());
    texts(usage.violations());
  }

  private void cost(Cost cost) {
    text(cost.currency().getCurrencyCode());
    text(cost.price());
    number(cost.lines().size());
    for (int i = 0; i < cost.lines().size(); i++) {
      Cost.Line line = cost.lines().get(i);
      text(line.item());
      decimal(line.quantity());
      flag(line.each().isPresent());
      if (line.each().isPresent()) {
        decimal(line.each().get());
      }
      decimal(line.amount().amount());
    }
    number(cost.unpriced().size());
    for (Cost.Unpriced one : cost.unpriced()) {
      text(one.item());
      decimal(one.quantity());
      text(one.reason());
      decimal(one.counted().amount());
    }
  }

  private void texts(List<String> texts) {
    int listed = Math.min(texts.size(), LISTED_MAX);
    number(texts.size() > listed ? listed + 1 : listed);
    for (int i = 0; i < listed; i++) {
      text(texts.get(i));
    }
    if (texts.size() > listed) {
      text("… and " + (texts.size() - listed) + " more");
    }
  }

  private void words(Optional<String> text) {
    flag(text.isPresent());
    if (text.isPresent()) {
      text(text.get());
    }
  }

  private void optional(Optional<Integer> value) {
    flag(value.isPresent());
    if (value.isPresent()) {
      number(value.get());
    }
  }

  private void moment(Optional<Long> value) {
    flag(value.isPresent());
    if (value.isPresent()) {
      number(value.get());
    }
  }

  private void text(String text) {
    int chars = text.length();
    reserve(chars + 5);
    int begin = length;
    number(chars);
    int at = length;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length = begin;
        foreign(text);
        return;
      }
      bytes[at++] = (byte) c;
    }
    length = at;
  }

  /** Not only ASCII: as many bytes as it takes. */
  private void foreign(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    number(encoded.length);
    reserve(encoded.length);
    System.arraycopy(encoded, 0, bytes, length, encoded.length);
    length += encoded.length;
  }

  private void decimal(BigDecimal value) {
    number(value.scale());
    BigInteger unscaled = value.unscaledValue();
    if (unscaled.bitLength() < Long.SIZE) {
      one(0);
      number(unscaled.longValue());
      return;
    }
    one(1);
    byte[] digits = unscaled.toByteArray();
    number(digits.length);
    reserve(digits.length);
    System.arraycopy(digits, 0, bytes, length, digits.length);
    length += digits.length;
  }

  private void flag(boolean value) {
    one(value ? 1 : 0);
  }

  private void one(int value) {
    reserve(1);
    bytes[length++] = (byte) value;
  }

  /** Small numbers of either sign take few bytes. */
  private void number(long value) {
    reserve(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
