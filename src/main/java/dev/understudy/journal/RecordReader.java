package dev.understudy.journal;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.CallerName;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Decision;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Exclusion;
import dev.understudy.exchange.Purpose;
import dev.understudy.exchange.TraceParent;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link RecordWriter} has spelt, of this version or an older one. One call after
 * another is of the same vendor, model and route, so the words that were read last are used again.
 */
final class RecordReader {
  private static final int WORDS = 256;
  private static final int WORD_LENGTH_MAX = 60;

  private static final Leaf.Direction[] DIRECTIONS = Leaf.Direction.values();
  private static final Leaf.Modality[] MODALITIES = Leaf.Modality.values();
  private static final Leaf.Cache[] CACHES = Leaf.Cache.values();
  private static final Leaf.Phase[] PHASES = Leaf.Phase.values();

  /** By what they hash to, the last one of each. */
  private final @Nullable String[] words = new @Nullable String[WORDS];

  private byte[] bytes = {};
  private int end;
  private int at;

  /**
   * Reads one call.
   *
   * @throws IllegalArgumentException if it is none
   */
  Exchange read(byte[] of, int offset, int length) {
    bytes = of;
    at = offset;
    end = offset + length;
    try {
      return exchange();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("no record of a call", e);
    }
  }

  /** Whether a record is of a call that goes on; since version 2. */
  static boolean isSoFar(byte[] bytes, int offset) {
    return bytes[offset] == 0;
  }

  private Exchange exchange() {
    String name = ownText();
    String id = name.isEmpty() ? ownText() : name;
    Instant startedAt = Instant.ofEpochSecond(number(), number());
    Optional<CallerName> caller = flag() ? Optional.of(caller()) : Optional.empty();
    String protocol = text();
    String operation = text();
    String route = text();
    Purpose purpose = Purpose.of(text());
    boolean stream = flag();
    Optional<Integer> status = optional();
    Attempt.Outcome outcome = Attempt.Outcome.valueOf(text());
    Optional<String> failureType = words();
    long durationNanos = number();
    Optional<Long> firstByteNanos = moment();
    long bytesIn = number();
    long bytesOut = number();
    List<String> losses = texts();
    Optional<TraceParent> traceParent =
        flag() ? Optional.of(new TraceParent(ownText(), ownText(), flag())) : Optional.empty();
    Decision decided = decision();
    List<Attempt> attempts = attempts();
    // Clauses came later: a record of an older version ends before them.
    Decision decision = at < end ? decided.under(clauses()) : decided;
    return new Exchange(
        id,
        startedAt,
        caller,
        protocol,
        operation,
        route,
        stream,
        status,
        outcome,
        failureType,
        attempts,
        durationNanos,
        firstByteNanos,
        bytesIn,
        bytesOut,
        losses,
        traceParent,
        decision,
        Optional.empty(),
        purpose);
  }

  private CallerName caller() {
    String name = text();
    String keyId = text();
    String team = text();
    String organisation = text();
    int count = (int) number();
    var tags = new HashMap<String, String>();
    for (int i = 0; i < count; i++) {
      tags.put(text(), text());
    }
    return new CallerName(name, keyId, team, organisation, tags);
  }

  private Decision decision() {
    long plan = number();
    String rule = text();
    List<String> order = texts();
    int count = (int) number();
    var excluded = new ArrayList<Exclusion>();
    for (int i = 0; i < count; i++) {
      excluded.add(new Exclusion(text(), text(), text()));
    }
    return new Decision(plan, rule, order, excluded, texts());
  }

  private List<Clause> clauses() {
    int count = (int) number();
    var clauses = new ArrayList<Clause>();
    for (int i = 0; i < count; i++) {
      clauses.add(new Clause(text(), flag(), text(), (int) number(), text()));
    }
    return clauses;
  }

  private List<Attempt> attempts() {
    int count = (int) number();
    var attempts = new ArrayList<Attempt>();
    for (int i = 0; i < count; i++) {
      attempts.add(attempt());
    }
    return attempts;
  }

  private Attempt attempt() {
    String target = text();
    String vendor = text();
    String kind = text();
    String model = text();
    String credential = text();
    String protocol = text();
    boolean relayed = flag();
    long startedNanos = number();
    Optional<Long> firstByteNanos = moment();
    long endedNanos = number();
    Optional<Integer> status = optional();
    Attempt.Outcome outcome = Attempt.Outcome.valueOf(text());
    Optional<String> detail = words();
    Optional<String> vendorRequestId = flag() ? Optional.of(ownText()) : Optional.empty();
    Optional<String> replyModel = words();
    Optional<String> stopReason = words();
    Optional<Integer> wentOnAfter = optional();
    Usage usage = usage();
    Optional<Cost> cost = flag() ? Optional.of(cost()) : Optional.empty();
    return new Attempt(
        target,
        vendor,
        kind,
        model,
        credential,
        protocol,
        relayed,
        startedNanos,
        firstByteNanos,
        endedNanos,
        status,
        outcome,
        detail,
        vendorRequestId,
        replyModel,
        stopReason,
        usage,
        cost,
        wentOnAfter);
  }

  private Usage usage() {
    int leaves = (int) number();
    var tokens = new TreeMap<Leaf, Long>();
    for (int i = 0; i < leaves; i++) {
      var leaf =
          new Leaf(
              DIRECTIONS[bytes[at++]],
              MODALITIES[bytes[at++]],
              CACHES[bytes[at++]],
              PHASES[bytes[at++]]);
      tokens.put(leaf, number());
    }
    int count = (int) number();
    Map<String, BigDecimal> units = new HashMap<>();
    for (int i = 0; i < count; i++) {
      units.put(text(), decimal());
    }
    return new Usage(new Tokens(tokens), units, words(), words(), flag(), texts());
  }

  private Cost cost() {
    Currency currency = Currencies.of(text());
    String price = text();
    int count = (int) number();
    var lines = new ArrayList<Cost.Line>(count);
    for (int i = 0; i < count; i++) {
      String item = text();
      BigDecimal quantity = decimal();
      Optional<BigDecimal> each = flag() ? Optional.of(decimal()) : Optional.empty();
      lines.add(new Cost.Line(item, quantity, each, Money.of(decimal(), currency)));
    }
    int open = (int) number();
    var unpriced = new ArrayList<Cost.Unpriced>();
    for (int i = 0; i < open; i++) {
      unpriced.add(new Cost.Unpriced(text(), decimal(), text(), Money.of(decimal(), currency)));
    }
    return Cost.of(lines, unpriced, currency, price);
  }

  private List<String> texts() {
    int count = (int) number();
    var texts = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      texts.add(text());
    }
    return texts;
  }

  private Optional<String> words() {
    return flag() ? Optional.of(text()) : Optional.empty();
  }

  private Optional<Integer> optional() {
    return flag() ? Optional.of((int) number()) : Optional.empty();
  }

  private Optional<Long> moment() {
    return flag() ? Optional.of(number()) : Optional.empty();
  }

  /** A text that other calls are likely to have too. */
  private String text() {
    int length = (int) number();
    if (length > WORD_LENGTH_MAX) {
      return fresh(length);
    }
    int hash = 0;
    for (int i = at; i < at + length; i++) {
      hash = hash * 31 + bytes[i];
    }
    int place = (hash ^ hash >>> 16) & (WORDS - 1);
    String known = words[place];
    if (known != null && isNext(known, length)) {
      at += length;
      return known;
    }
    String text = fresh(length);
    words[place] = text;
    return text;
  }

  /** Whether that is what follows; only of ASCII can this be told without reading it. */
  private boolean isNext(String known, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[at + i] < 0 || known.charAt(i) != bytes[at + i]) {
        return false;
      }
    }
    return true;
  }

  /** A text that no other call has. */
  private String ownText() {
    return fresh((int) number());
  }

  private String fresh(int length) {
    var text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  private BigDecimal decimal() {
    int scale = (int) number();
    if (bytes[at++] == 0) {
      return BigDecimal.valueOf(number(), scale);
    }
    int length = (int) number();
    var unscaled = new BigInteger(bytes, at, length);
    at += length;
    return new BigDecimal(unscaled, scale);
  }

  private boolean flag() {
    return bytes[at++] != 0;
  }

  private long number() {
    long rest = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at++];
      rest |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return (rest >>> 1) ^ -(rest & 1);
      }
    }
  }
}
