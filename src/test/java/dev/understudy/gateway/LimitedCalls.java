package dev.understudy.gateway;

import dev.understudy.access.Budget;
import dev.understudy.access.Caller;
import dev.understudy.access.Callers;
import dev.understudy.access.Limits;
import dev.understudy.access.Reach;
import dev.understudy.access.Scope;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.limits.Currencies;
import dev.understudy.limits.Limiting;
import dev.understudy.limits.Tariff;
import dev.understudy.pricing.Prices;
import dev.understudy.routing.Route;
import dev.understudy.vendor.Vendor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose caller is held to limits and budgets, and what was used of them. */
class LimitedCalls {
  /** 100 tokens in and 10 out: at the price of what has none, 0.00225 USD. */
  static final String ANSWER =
      """
      {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
      "message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],
      "usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110}}
      """;

  static final long COST = 2_250_000;

  static final String ASK =
      "{\"model\":\"v/m\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  static final String STREAM = ASK.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");

  static final String PIECE =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"0123456789012345678901234567890123456789\"},"
          + "\"finish_reason\":null}]}\n\n";

  static final String LAST =
      "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
          + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

  @TempDir Path data;
  Limiting limiting;

  @BeforeEach
  void open() throws IOException {
    limiting = Limiting.alone(data, ZoneOffset.UTC, Currencies.USD);
  }

  @AfterEach
  void close() {
    limiting.close();
  }

  House house(Limits limits, Route route, Vendor... vendors) throws IOException {
    return house(List.of(new Scope("key:k", limits)), route, vendors);
  }

  House house(List<Scope> scopes, Route route, Vendor... vendors) throws IOException {
    var caller = new Caller("k", "k", "t", "o", Map.of(), Reach.ANY, scopes);
    return new House(
        Patience.USUAL,
        new Gateway.Limits(limiting.limiter(), new Tariff(() -> Prices.NONE, Currencies.USD)),
        new Callers(List.of(), caller),
        List.of(route),
        vendors);
  }

  House house(Limits limits, ScriptedVendor vendor, ProtocolName protocol) throws IOException {
    return house(limits, House.route("r", "v/m"), House.vendor("v", vendor.port(), protocol));
  }

  static Limits limits(long requests, long tokens, int calls, String... budgets) {
    return new Limits(
        requests == 0 ? OptionalLong.empty() : OptionalLong.of(requests),
        tokens == 0 ? OptionalLong.empty() : OptionalLong.of(tokens),
        calls == 0 ? OptionalInt.empty() : OptionalInt.of(calls),
        Stream.of(budgets).map(Budget::parse).toList());
  }

  static String code(HttpResponse<String> refusal) {
    return Json.parseObject(refusal.body()).at("/error/code").asString();
  }

  static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** What is spent of the caller's budgets, in billionths. */
  long spent() {
    return limiting.limiter().uses().getFirst().budgets().getFirst().spentNanos();
  }

  long reserved() {
    return limiting.limiter().uses().getFirst().budgets().getFirst().reservedNanos();
  }

  static HttpRequest request(House house) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + house.gateway.port() + "/v1/chat/completions"))
        .POST(HttpRequest.BodyPublishers.ofString(ASK))
        .build();
  }
}
