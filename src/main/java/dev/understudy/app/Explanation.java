package dev.understudy.app;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Makes sentences of an exchange's record. */
final class Explanation {
  private Explanation() {}

  static List<String> lines(JsonNode exchange) {
    var lines = new ArrayList<String>();
    lines.add(head(exchange));
    JsonNode decision = exchange.path("decision");
    if (decision.isMissingNode()) {
      lines.add("No target was considered.");
    } else {
      considered(decision, lines);
    }
    JsonNode attempts = exchange.path("attempts");
    for (int i = 0; i < attempts.size(); i++) {
      lines.add(attempt(i, attempts.get(i), decision.path("steps").path(i).asString("")));
    }
    if (attempts.isEmpty()) {
      lines.add("No vendor was asked.");
    }
    lines.add(end(exchange));
    return lines;
  }

  private static String head(JsonNode exchange) {
    return "%s: %s asked for %s in %s%s, %s."
        .formatted(
            text(exchange, "id"),
            exchange.path("caller").asString("somebody"),
            text(exchange, "route").isEmpty() ? "nothing" : text(exchange, "route"),
            text(exchange, "protocol"),
            exchange.path("stream").asBoolean(false) ? " as a stream" : "",
            text(exchange, "time"));
  }

  private static void considered(JsonNode decision, List<String> lines) {
    List<String> order = texts(decision.path("order"));
    if (order.isEmpty()) {
      lines.add("By plan %d no target could be asked.".formatted(decision.path("plan").asLong()));
    } else if (order.size() == 1) {
      lines.add(
          "By plan %d only %s could be asked."
              .formatted(decision.path("plan").asLong(), order.getFirst()));
    } else {
      lines.add(
          "By plan %d the order was %s (%s)."
              .formatted(
                  decision.path("plan").asLong(),
                  String.join(", ", order),
                  text(decision, "rule")));
    }
    for (JsonNode one : decision.path("excluded")) {
      lines.add(
          "%s was left out, by %s: %s."
              .formatted(text(one, "target"), text(one, "rule"), text(one, "why")));
    }
    for (JsonNode one : decision.path("contracts")) {
      lines.add(
          "Contract %s, version %d, clause %s %s %s."
              .formatted(
                  text(one, "contract"),
                  one.path("version").asInt(0),
                  text(one, "clause"),
                  one.path("allowed").asBoolean(false) ? "allowed" : "denied",
                  text(one, "target")));
    }
  }

  private static String attempt(int index, JsonNode attempt, String why) {
    String took =
        "after %d ms"
            .formatted(
                Math.round(
                    attempt.path("ended_ms").asDouble(0) - attempt.path("started_ms").asDouble(0)));
    String status =
        attempt.path("status").isMissingNode()
            ? ""
            : " with status " + attempt.path("status").asInt(0);
    String detail = text(attempt, "detail").isEmpty() ? "" : ": " + text(attempt, "detail");
    String ended =
        switch (text(attempt, "outcome")) {
          case "answered" -> "it answered" + status + " " + took;
          case "refused" -> "it refused" + status + " " + took + detail;
          case "unreached" -> "it did not answer, given up " + took + detail;
          case "broken" -> "its answer broke off " + took + detail;
          case "abandoned" -> "it was stopped " + took + detail;
          default -> "it ended as " + text(attempt, "outcome") + " " + took + detail;
        };
    return "%d. %s with key %s%s: %s."
        .formatted(
            index + 1,
            text(attempt, "target"),
            text(attempt, "credential"),
            why.isEmpty() ? "" : " (" + why + ")",
            ended);
  }

  private static String end(JsonNode exchange) {
    String status =
        exchange.path("status").isMissingNode()
            ? "no status"
            : "status " + exchange.path("status").asInt(0);
    String failure =
        text(exchange, "failure_type").isEmpty() ? "" : " (" + text(exchange, "failure_type") + ")";
    return switch (text(exchange, "outcome")) {
      case "abandoned" -> "The caller left.";
      case "answered" -> "The caller got a whole answer, " + status + ".";
      case "broken" -> "The caller got an answer that ends in an error" + failure + ".";
      default -> "The caller got an error, " + status + failure + ".";
    };
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    array.forEach(one -> texts.add(one.asString("")));
    return texts;
  }
}
