package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The addresses under {@code /sandbox/} with which a test steers a running sandbox vendor. */
final class ControlDesk {
  /** A longer body is listed up to here. */
  private static final int LISTED_BYTES_MAX = 1 << 20;

  private static final Set<String> SECRETS =
      Set.of("authorization", "x-api-key", "x-goog-api-key", "api-key");

  private final SandboxServer server;

  ControlDesk(SandboxServer server) {
    this.server = server;
  }

  Answer answer(Call call) {
    try {
      return switch (call.method() + " " + call.path()) {
        case "GET /sandbox/faults" -> faults();
        case "PUT /sandbox/faults" -> {
          set(call);
          yield faults();
        }
        case "DELETE /sandbox/faults" -> {
          server.faults().clear();
          yield faults();
        }
        case "GET /sandbox/requests" -> requests();
        case "DELETE /sandbox/requests" -> {
          server.forgetRequests();
          yield requests();
        }
        case "GET /sandbox/pace" -> pace();
        case "PUT /sandbox/pace" -> {
          server.pace(Steering.pace(call.body(), server.pace()));
          yield pace();
        }
        case "GET /sandbox/limits" -> limits();
        case "PUT /sandbox/limits" -> {
          server.limit(Steering.limit(call.body(), server.limit()));
          yield limits();
        }
        case "DELETE /sandbox/limits" -> {
          server.limit(RateLimit.NONE);
          yield limits();
        }
        default ->
            error(
                404,
                "unknown; known: /sandbox/faults, /sandbox/requests, /sandbox/pace,"
                    + " /sandbox/limits");
      };
    } catch (IllegalArgumentException | Malformed e) {
      return error(400, e.getMessage() + "");
    }
  }

  private void set(Call call) {
    List<Fault> faults = new ArrayList<>(Steering.faults(call.body()));
    // What refuses connections cannot wait for a connection.
    for (Fault fault : List.copyOf(faults)) {
      if (fault.kind() == FaultKind.REFUSE) {
        faults.remove(fault);
        server.loopback().refuseFor(fault.detail("millis", 1000));
      }
    }
    server.faults().set(faults);
  }

  private Answer faults() {
    ArrayNode list = Json.array();
    server.faults().waiting().forEach(fault -> list.add(fault.specification()));
    ObjectNode body = Json.object();
    body.set("faults", list);
    return Answer.json(200, body, 0);
  }

  private Answer requests() {
    ArrayNode list = Json.array();
    for (SeenRequest seen : server.requests()) {
      ObjectNode one = list.addObject();
      one.put("number", seen.number()).put("method", seen.method()).put("uri", seen.uri());
      ObjectNode headers = one.putObject("headers");
      seen.headers().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(header -> headers.put(header.getKey(), shown(header)));
      int length = Math.min(seen.body().length, LISTED_BYTES_MAX);
      one.put("body", new String(seen.body(), 0, length, StandardCharsets.UTF_8));
      one.put("bodyBytes", seen.body().length);
      one.put("outcome", seen.outcome()).put("tokensSent", seen.tokensSent());
    }
    ObjectNode body = Json.object();
    body.put("count", server.requestCount());
    body.set("requests", list);
    return Answer.json(200, body, 0);
  }

  /** Keys are shown by their last four characters: somebody may have sent a real one. */
  private static String shown(Map.Entry<String, String> header) {
    String value = header.getValue();
    if (!SECRETS.contains(header.getKey())) {
      return value;
    }
    return value.length() <= 8 ? "…" : "…" + value.substring(value.length() - 4);
  }

  private Answer limits() {
    RateLimit limit = server.limit();
    ObjectNode body = Json.object();
    body.put("requests", limit.requests());
    body.put("tokens", limit.tokens());
    body.put("provisioned", limit.provisioned());
    body.put("taken", server.takenCount());
    body.put("refused", server.turnedAwayCount());
    return Answer.json(200, body, 0);
  }

  private Answer pace() {
    Pace pace = server.pace();
    ObjectNode body = Json.object();
    body.put("firstTokenMillis", pace.firstTokenMillis());
    body.put("tokensPerSecond", pace.tokensPerSecond());
    body.put("tokensPerEvent", pace.tokensPerEvent());
    body.put("heartbeatMillis", pace.heartbeatMillis());
    return Answer.json(200, body, 0);
  }

  private static Answer error(int status, String message) {
    ObjectNode body = Json.object();
    body.put("error", message);
    return Answer.json(status, body, 0);
  }
}
