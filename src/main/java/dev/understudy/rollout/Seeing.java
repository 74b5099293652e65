package dev.understudy.rollout;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tool;
import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Reads out of a call's record, and out of what was said, how it went by each metric. */
public final class Seeing {
  /** Vendors' words for an end that is a refusal, in lower case. */
  private static final Set<String> REFUSALS =
      Set.of(
          "refusal",
          "content_filter",
          "content_filtered",
          "guardrail_intervened",
          "safety",
          "prohibited_content",
          "blocklist",
          "spii");

  /** Refusals of a request that are the vendor's or our own affair, not the request's. */
  private static final Set<Integer> NOT_THE_REQUEST = Set.of(401, 402, 403, 404, 408, 409, 429);

  private static final double NANOS_PER_MILLI = 1e6;

  private Seeing() {}

  /**
   * How a target did in a call.
   *
   * @param passedOver whether its own failing kept it from being asked in its turn: to callers it
   *     is as if it had failed them
   * @return empty if the call says nothing about it: it was not asked, the caller left, or the
   *     request was refused as it would be by anybody
   */
  public static Optional<Readings> of(Exchange exchange, String target, boolean passedOver) {
    for (Attempt attempt : exchange.attempts().reversed()) {
      if (attempt.target().equals(target)) {
        return of(exchange, attempt);
      }
    }
    return passedOver ? Optional.of(Readings.FAILED) : Optional.empty();
  }

  /**
   * How a target did in a call that was its to serve: what another answered in its place, since it
   * had no room or was too slow to be waited for, it has failed, or it would seem to do well
   * however little it can take.
   *
   * @param withoutRoom whether it had no room
   */
  public static Optional<Readings> inTurn(
      Exchange exchange, String target, boolean passedOver, boolean withoutRoom) {
    return withoutRoom || isGivenUp(exchange, target)
        ? Optional.of(Readings.FAILED)
        : of(exchange, target, passedOver);
  }

  /** Whether it was asked, and another that was asked beside it was faster. */
  private static boolean isGivenUp(Exchange exchange, String target) {
    if (exchange.outcome() != Attempt.Outcome.ANSWERED) {
      return false;
    }
    boolean asked = false;
    for (Attempt attempt : exchange.attempts()) {
      if (attempt.target().equals(target)) {
        if (attempt.outcome() != Attempt.Outcome.ABANDONED) {
          return false;
        }
        asked = true;
      }
    }
    return asked;
  }

  private static Optional<Readings> of(Exchange exchange, Attempt attempt) {
    return switch (attempt.outcome()) {
      case ANSWERED -> Optional.of(answered(attempt));
      case ABANDONED -> Optional.empty();
      case UNREACHED, BROKEN -> Optional.of(Readings.FAILED);
      case REFUSED -> refused(exchange, attempt);
    };
  }

  private static Optional<Readings> refused(Exchange exchange, Attempt attempt) {
    int status = attempt.status().orElse(500);
    boolean mayBeTheRequest = status < 500 && !NOT_THE_REQUEST.contains(status);
    // What another answered was no fault of the request.
    return mayBeTheRequest && exchange.outcome() != Attempt.Outcome.ANSWERED
        ? Optional.empty()
        : Optional.of(Readings.FAILED);
  }

  private static Readings answered(Attempt attempt) {
    boolean refusal =
        attempt.stopReason().map(r -> REFUSALS.contains(r.toLowerCase(Locale.ROOT))).orElse(false);
    return new Readings(
        0,
        refusal ? 1 : 0,
        Double.NaN,
        Double.NaN,
        (attempt.endedNanos() - attempt.startedNanos()) / NANOS_PER_MILLI,
        attempt
            .firstByteNanos()
            .map(first -> (first - attempt.startedNanos()) / NANOS_PER_MILLI)
            .orElse(Double.NaN),
        attempt
            .cost()
            .filter(cost -> cost.isWhole())
            .map(cost -> cost.total().amount().doubleValue())
            .orElse(Double.NaN));
  }

  /**
   * The same with what the answer itself shows.
   *
   * @param refuses knows a refusal by its words
   */
  public static Readings with(
      Readings seen, ChatRequest asked, ChatReply reply, Predicate<String> refuses) {
    String said = text(reply);
    boolean refusal =
        reply.stop().reason() == Stop.Reason.REFUSAL
            || reply.stop().reason() == Stop.Reason.CONTENT_FILTER
            || reply.parts().stream().anyMatch(Part.Refusal.class::isInstance)
            || refuses.test(said);
    double misformed = isCut(reply) || refusal ? Double.NaN : keepsForm(asked, reply, said) ? 0 : 1;
    return new Readings(
        seen.error(),
        refusal ? 1 : 0,
        misformed,
        seen.quality(),
        seen.millis(),
        seen.firstMillis(),
        seen.cost());
  }

  /** All text of an answer. */
  public static String text(ChatReply reply) {
    var said = new StringBuilder();
    for (Part part : reply.parts()) {
      if (part instanceof Part.Text text) {
        said.append(text.text());
      } else if (part instanceof Part.Refusal refusal) {
        said.append(refusal.text());
      }
    }
    return said.toString();
  }

  /** Whether a limit on its length ended an answer: how it would have gone on nobody knows. */
  public static boolean isCut(ChatReply reply) {
    return reply.stop().reason() == Stop.Reason.MAX_TOKENS
        || reply.stop().reason() == Stop.Reason.CONTEXT_WINDOW;
  }

  /** Whether JSON is JSON with what its schema demands, and tools are some that were offered. */
  private static boolean keepsForm(ChatRequest asked, ChatReply reply, String said) {
    Map<String, Optional<String>> offered = new HashMap<>();
    boolean others = false;
    for (Tool tool : asked.tools()) {
      switch (tool) {
        case Tool.Function function -> offered.put(function.name(), function.schemaJson());
        case Tool.Foreign _ -> others = true;
        case Tool.CachePoint _ -> {}
      }
    }
    boolean calls = false;
    for (Part part : reply.parts()) {
      if (part instanceof Part.ToolCall call) {
        calls = true;
        if (!offered.containsKey(call.tool()) && !others) {
          return false;
        }
        if (!holds(call.inputJson(), offered.getOrDefault(call.tool(), Optional.empty()))) {
          return false;
        }
      }
    }
    if (calls) {
      return true;
    }
    return switch (asked.format()) {
      case ReplyFormat.Text _ -> true;
      case ReplyFormat.JsonObject _ -> holds(said, Optional.empty());
      case ReplyFormat.JsonSchema schema -> holds(said, Optional.of(schema.schemaJson()));
    };
  }

  /** Whether a text is a JSON object with the members that a schema requires, at every depth. */
  private static boolean holds(String json, Optional<String> schema) {
    try {
      JsonNode value = Json.parse(json.isBlank() ? "{}" : json);
      return value.isObject()
          && (schema.isEmpty() || schema.get().isBlank() || has(value, Json.parse(schema.get())));
    } catch (Malformed e) {
      return false;
    }
  }

  private static boolean has(JsonNode value, JsonNode schema) {
    if (!fits(value, schema.path("type").asString(""))) {
      return false;
    }
    if (value.isObject()) {
      for (JsonNode name : schema.path("required")) {
        if (!value.has(name.asString(""))) {
          return false;
        }
      }
      for (var member : value.properties()) {
        if (!has(member.getValue(), schema.path("properties").path(member.getKey()))) {
          return false;
        }
      }
    }
    for (JsonNode element : value.isArray() ? value : List.<JsonNode>of()) {
      if (!has(element, schema.path("items"))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a value is of a type; of several, or of none that is known, any will do. */
  private static boolean fits(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "integer" -> value.isNumber() && value.asDouble() == Math.rint(value.asDouble());
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> true;
    };
  }
}
