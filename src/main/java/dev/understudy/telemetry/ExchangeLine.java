package dev.understudy.telemetry;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.CallerName;
import dev.understudy.exchange.Clause;
import dev.understudy.exchange.Content;
import dev.understudy.exchange.Decision;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Exclusion;
import dev.understudy.exchange.Purpose;
import dev.understudy.money.Cost;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Spells an exchange as JSON; {@code docs/reference/telemetry.md} lists the members. */
final class ExchangeLine {
  /** More are counted, not listed. */
  private static final int LISTED_MAX = 100;

  private static final byte[] TIME = JsonBytes.name("time");
  private static final byte[] LEVEL = JsonBytes.name("level");
  private static final byte[] EVENT = JsonBytes.name("event");
  private static final byte[] ID = JsonBytes.name("id");
  private static final byte[] CALLER = JsonBytes.name("caller");
  private static final byte[] KEY_ID = JsonBytes.name("key_id");
  private static final byte[] TEAM = JsonBytes.name("team");
  private static final byte[] ORGANISATION = JsonBytes.name("organisation");
  private static final byte[] TAGS = JsonBytes.name("tags");
  private static final byte[] PROTOCOL = JsonBytes.name("protocol");
  private static final byte[] OPERATION = JsonBytes.name("operation");
  private static final byte[] ROUTE = JsonBytes.name("route");
  private static final byte[] PURPOSE = JsonBytes.name("purpose");
  private static final byte[] STREAM = JsonBytes.name("stream");
  private static final byte[] STATUS = JsonBytes.name("status");
  private static final byte[] OUTCOME = JsonBytes.name("outcome");
  private static final byte[] FAILURE_TYPE = JsonBytes.name("failure_type");
  private static final byte[] DURATION = JsonBytes.name("duration_ms");
  private static final byte[] FIRST_BYTE = JsonBytes.name("first_byte_ms");
  private static final byte[] BYTES_IN = JsonBytes.name("bytes_in");
  private static final byte[] BYTES_OUT = JsonBytes.name("bytes_out");
  private static final byte[] TRACE_ID = JsonBytes.name("trace_id");
  private static final byte[] LOSSES = JsonBytes.name("losses");
  private static final byte[] ATTEMPTS = JsonBytes.name("attempts");
  private static final byte[] DECISION = JsonBytes.name("decision");
  private static final byte[] PLAN = JsonBytes.name("plan");
  private static final byte[] RULE = JsonBytes.name("rule");
  private static final byte[] ORDER = JsonBytes.name("order");
  private static final byte[] EXCLUDED = JsonBytes.name("excluded");
  private static final byte[] WHY = JsonBytes.name("why");
  private static final byte[] STEPS = JsonBytes.name("steps");
  private static final byte[] CONTRACTS = JsonBytes.name("contracts");
  private static final byte[] ALLOWED = JsonBytes.name("allowed");
  private static final byte[] CONTRACT = JsonBytes.name("contract");
  private static final byte[] VERSION = JsonBytes.name("version");
  private static final byte[] CLAUSE = JsonBytes.name("clause");
  private static final byte[] TARGET = JsonBytes.name("target");
  private static final byte[] VENDOR = JsonBytes.name("vendor");
  private static final byte[] KIND = JsonBytes.name("kind");
  private static final byte[] MODEL = JsonBytes.name("model");
  private static final byte[] CREDENTIAL = JsonBytes.name("credential");
  private static final byte[] RELAYED = JsonBytes.name("relayed");
  private static final byte[] STARTED = JsonBytes.name("started_ms");
  private static final byte[] ENDED = JsonBytes.name("ended_ms");
  private static final byte[] DETAIL = JsonBytes.name("detail");
  private static final byte[] VENDOR_REQUEST_ID = JsonBytes.name("vendor_request_id");
  private static final byte[] REPLY_MODEL = JsonBytes.name("reply_model");
  private static final byte[] STOP_REASON = JsonBytes.name("stop_reason");
  private static final byte[] WENT_ON_AFTER = JsonBytes.name("went_on_after");
  private static final byte[] USAGE = JsonBytes.name("usage");
  private static final byte[] CONTENT = JsonBytes.name("content");
  private static final byte[] LEAVES = JsonBytes.name("leaves");
  private static final byte[] INPUT = JsonBytes.name("input");
  private static final byte[] OUTPUT = JsonBytes.name("output");
  private static final byte[] UNITS = JsonBytes.name("units");
  private static final byte[] SERVICE_TIER = JsonBytes.name("service_tier");
  private static final byte[] ESTIMATED = JsonBytes.name("estimated");
  private static final byte[] COST = JsonBytes.name("cost");
  private static final byte[] CURRENCY = JsonBytes.name("currency");
  private static final byte[] TOTAL = JsonBytes.name("total");
  private static final byte[] COUNTED = JsonBytes.name("counted");
  private static final byte[] PRICE = JsonBytes.name("price");
  private static final byte[] LINES = JsonBytes.name("lines");
  private static final byte[] UNPRICED = JsonBytes.name("unpriced");
  private static final byte[] ITEM = JsonBytes.name("item");
  private static final byte[] QUANTITY = JsonBytes.name("quantity");
  private static final byte[] REASON = JsonBytes.name("reason");
  private static final byte[] VIOLATIONS = JsonBytes.name("violations");

  private ExchangeLine() {}

  /** One line, its end included, with what was said if that is wanted and known. */
  static void spell(Exchange exchange, boolean content, JsonBytes out) {
    out.clear();
    write(exchange, content, out);
    out.newline();
  }

  static void write(Exchange exchange, boolean content, JsonBytes out) {
    out.open('{');
    out.member(TIME);
    out.time(exchange.startedAt());
    out.member(LEVEL);
    out.text(level(exchange.outcome()));
    out.member(EVENT);
    out.text("exchange");
    text(out, ID, exchange.id());
    if (exchange.caller().isPresent()) {
      caller(exchange.caller().get(), out);
    }
    text(out, PROTOCOL, exchange.protocol());
    text(out, OPERATION, exchange.operation());
    text(out, ROUTE, exchange.route());
    if (exchange.purpose() != Purpose.CALL) {
      text(out, PURPOSE, exchange.purpose().word());
    }
    out.member(STREAM);
    out.flag(exchange.stream());
    if (exchange.status().isPresent()) {
      number(out, STATUS, exchange.status().get());
    }
    text(out, OUTCOME, Words.of(exchange.outcome()));
    if (exchange.failureType().isPresent()) {
      text(out, FAILURE_TYPE, exchange.failureType().get());
    }
    millis(out, DURATION, exchange.durationNanos());
    if (exchange.firstByteNanos().isPresent()) {
      millis(out, FIRST_BYTE, exchange.firstByteNanos().get());
    }
    number(out, BYTES_IN, exchange.bytesIn());
    number(out, BYTES_OUT, exchange.bytesOut());
    if (exchange.traceParent().isPresent()) {
      text(out, TRACE_ID, exchange.traceParent().get().traceId());
    }
    texts(out, LOSSES, exchange.losses());
    out.member(ATTEMPTS);
    out.open('[');
    for (Attempt attempt : exchange.attempts()) {
      write(attempt, out);
    }
    out.close(']');
    if (!exchange.decision().isEmpty()) {
      write(exchange.decision(), out);
    }
    if (content && exchange.content().isPresent()) {
      Content said = exchange.content().get();
      out.member(CONTENT);
      out.object("{\"input\":" + said.input() + ",\"output\":" + said.output() + "}");
    }
    out.close('}');
  }

  private static void write(Decision decision, JsonBytes out) {
    out.member(DECISION);
    out.open('{');
    number(out, PLAN, decision.plan());
    text(out, RULE, decision.rule());
    texts(out, ORDER, decision.order());
    if (!decision.excluded().isEmpty()) {
      out.member(EXCLUDED);
      out.open('[');
      for (Exclusion one : decision.excluded()) {
        out.open('{');
        text(out, TARGET, one.target());
        text(out, RULE, one.rule());
        text(out, WHY, one.why());
        out.close('}');
      }
      out.close(']');
    }
    texts(out, STEPS, decision.steps());
    if (!decision.contracts().isEmpty()) {
      out.member(CONTRACTS);
      out.open('[');
      for (Clause one : decision.contracts()) {
        out.open('{');
        text(out, TARGET, one.target());
        out.member(ALLOWED);
        out.flag(one.allowed());
        text(out, CONTRACT, one.contract());
        number(out, VERSION, one.version());
        text(out, CLAUSE, one.clause());
        out.close('}');
      }
      out.close(']');
    }
    out.close('}');
  }

  private static void caller(CallerName caller, JsonBytes out) {
    text(out, CALLER, caller.name());
    text(out, KEY_ID, caller.keyId());
    text(out, TEAM, caller.team());
    text(out, ORGANISATION, caller.organisation());
    if (!caller.tags().isEmpty()) {
      out.member(TAGS);
      out.open('{');
      // Operators choose these names: in any letters, quotes among them.
      caller
          .tags()
          .forEach((name, value) -> {
            out.member(name);
            out.text(value);
          });
      out.close('}');
    }
  }

  private static void write(Attempt attempt, JsonBytes out) {
    out.open('{');
    text(out, TARGET, attempt.target());
    text(out, VENDOR, attempt.vendor());
    text(out, KIND, attempt.kind());
    text(out, MODEL, attempt.model());
    text(out, CREDENTIAL, attempt.credential());
    text(out, PROTOCOL, attempt.protocol());
    out.member(RELAYED);
    out.flag(attempt.relayed());
    millis(out, STARTED, attempt.startedNanos());
    if (attempt.firstByteNanos().isPresent()) {
      millis(out, FIRST_BYTE, attempt.firstByteNanos().get());
    }
    millis(out, ENDED, attempt.endedNanos());
    if (attempt.status().isPresent()) {
      number(out, STATUS, attempt.status().get());
    }
    text(out, OUTCOME, Words.of(attempt.outcome()));
    if (attempt.detail().isPresent()) {
      text(out, DETAIL, attempt.detail().get());
    }
    if (attempt.vendorRequestId().isPresent()) {
      text(out, VENDOR_REQUEST_ID, attempt.vendorRequestId().get());
    }
    if (attempt.replyModel().isPresent()) {
      text(out, REPLY_MODEL, attempt.replyModel().get());
    }
    if (attempt.stopReason().isPresent()) {
      text(out, STOP_REASON, attempt.stopReason().get());
    }
    if (attempt.wentOnAfter().isPresent()) {
      number(out, WENT_ON_AFTER, attempt.wentOnAfter().get());
    }
    write(attempt.usage(), out);
    if (attempt.cost().isPresent()) {
      write(attempt.cost().get(), out);
    }
    out.close('}');
  }

  private static void write(Cost cost, JsonBytes out) {
    out.member(COST);
    out.open('{');
    text(out, CURRENCY, cost.currency().getCurrencyCode());
    amount(out, TOTAL, cost.total());
    out.member(LINES);
    out.open('{');
    for (int i = 0; i < cost.lines().size(); i++) {
      Cost.Line line = cost.lines().get(i);
      out.member(line.item());
      out.literal(line.amount().amount().toPlainString());
    }
    out.close('}');
    if (!cost.isWhole()) {
      amount(out, COUNTED, cost.counted());
      out.member(UNPRICED);
      out.open('[');
      int listed = Math.min(cost.unpriced().size(), LISTED_MAX);
      for (int i = 0; i < listed; i++) {
        Cost.Unpriced unpriced = cost.unpriced().get(i);
        out.open('{');
        text(out, ITEM, unpriced.item());
        out.member(QUANTITY);
        out.literal(unpriced.quantity().toPlainString());
        text(out, REASON, unpriced.reason());
        out.close('}');
      }
      out.close(']');
    }
    if (!cost.price().isEmpty()) {
      text(out, PRICE, cost.price());
    }
    out.close('}');
  }

  /** A number in plain digits: amounts are bounded in length, and a reader must not round them. */
  private static void amount(JsonBytes out, byte[] name, Money money) {
    out.member(name);
    out.literal(money.amount().toPlainString());
  }

  private static void write(Usage usage, JsonBytes out) {
    out.member(USAGE);
    out.open('{');
    out.member(LEAVES);
    out.open('{');
    long input = 0;
    long output = 0;
    for (Map.Entry<Leaf, Long> entry : usage.tokens().byLeaf().entrySet()) {
      long count = entry.getValue();
      out.member(entry.getKey().name());
      out.number(count);
      switch (entry.getKey().direction()) {
        case INPUT -> input += count;
        case OUTPUT -> output += count;
      }
    }
    out.close('}');
    // Absent is not zero: a sum of nothing said is not said either.
    if (!usage.tokens().isEmpty()) {
      number(out, INPUT, input);
      number(out, OUTPUT, output);
    }
    if (!usage.units().isEmpty()) {
      out.member(UNITS);
      out.open('{');
      for (Map.Entry<String, BigDecimal> unit : usage.units().entrySet()) {
        out.member(unit.getKey());
        // Never the plain form: 1E+999999999 would be a line of a gigabyte.
        out.literal(unit.getValue().toString());
      }
      out.close('}');
    }
    if (usage.serviceTier().isPresent()) {
      text(out, SERVICE_TIER, usage.serviceTier().get());
    }
    out.member(ESTIMATED);
    out.flag(usage.estimated());
    texts(out, VIOLATIONS, usage.violations());
    if (usage.vendorJson().isPresent()) {
      out.member(VENDOR);
      out.object(usage.vendorJson().get());
    }
    out.close('}');
  }

  private static String level(Attempt.Outcome outcome) {
    return switch (outcome) {
      case ANSWERED, ABANDONED -> "info";
      case REFUSED, UNREACHED, BROKEN -> "warn";
    };
  }

  private static void text(JsonBytes out, byte[] name, String value) {
    out.member(name);
    out.text(value);
  }

  private static void number(JsonBytes out, byte[] name, long value) {
    out.member(name);
    out.number(value);
  }

  private static void millis(JsonBytes out, byte[] name, long nanos) {
    out.member(name);
    out.millis(nanos);
  }

  private static void texts(JsonBytes out, byte[] name, List<String> values) {
    out.member(name);
    out.open('[');
    int listed = Math.min(values.size(), LISTED_MAX);
    for (int i = 0; i < listed; i++) {
      out.text(values.get(i));
    }
    if (listed < values.size()) {
      out.text("… and " + (values.size() - listed) + " more");
    }
    out.close(']');
  }
}
