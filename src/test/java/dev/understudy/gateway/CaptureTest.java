package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.events;
import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.exchange.Content;
import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Journal;
import dev.understudy.json.Json;
import dev.understudy.routing.Plan;
import dev.understudy.vendor.Vendors;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What was said is in records when it is wanted, and only then. */
class CaptureTest {
  private static final String CLAUDE =
      """
      {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "content": [
        {"type": "text", "text": "It is sunny"},
        {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Oslo"}}],
       "stop_reason": "tool_use", "stop_sequence": null,
       "usage": {"input_tokens": 3, "output_tokens": 4}}
      """;

  private static final String STREAM =
      """
      data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"It is "}}]}

      data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"sunny"}}]}

      data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  private static String ask(String to, boolean stream, String text) {
    return "{\"model\":\"%s/m\",\"stream\":%s,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},{\"role\":\"user\",\"content\":%s}]}"
        .formatted(
            to, stream, Json.text(Json.object().put("x", text)).replaceAll("^\\{\"x\":|}$", ""));
  }

  @Test
  void aTranslatedCallIsToldInTheWordsOfOpenTelemetry() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, CLAUDE))) {
      Content said = said(4_000, vendor, ask("anthropic", false, "How is the weather?"));

      assertThat(Json.parse(said.input()))
          .isEqualTo(
              Json.parse(
                  """
                  [{"role": "system", "parts": [{"type": "text", "content": "Be brief"}]},
                   {"role": "user", "parts": [{"type": "text", "content": "How is the weather?"}]}]
                  """));
      assertThat(Json.parse(said.output()))
          .isEqualTo(
              Json.parse(
                  """
                  [{"role": "assistant", "parts": [
                     {"type": "text", "content": "It is sunny"},
                     {"type": "tool_call", "id": "toolu_1", "name": "weather",
                      "arguments": "{\\"city\\": \\"Oslo\\"}"}],
                    "finish_reason": "tool_calls"}]
                  """));
      assertThat(said.toString()).doesNotContain("sunny");
    }
  }

  @Test
  void aRelayedStreamIsPutTogether() throws Exception {
    try (var vendor = new ScriptedVendor(events(STREAM))) {
      Content said = said(4_000, vendor, ask("openai", true, "Hello"));

      JsonNode message = Json.parse(said.output()).get(0);
      assertThat(message.at("/parts/0/content").stringValue()).isEqualTo("It is sunny");
      assertThat(message.get("finish_reason").stringValue()).isEqualTo("end");
    }
  }

  @Test
  void eitherSideIsBounded() throws Exception {
    try (var vendor =
        new ScriptedVendor(json(200, CLAUDE.replace("sunny", "sunny ".repeat(900))))) {
      Content said = said(500, vendor, ask("anthropic", false, "word ".repeat(9_000)));

      assertThat(said.input().length()).isLessThan(900);
      assertThat(said.output().length()).isLessThan(900);
      assertThat(Json.parse(said.input()).at("/1/parts/0/content").stringValue()).endsWith("…");
    }
  }

  @Test
  void whatLooksLikeAKeyIsLeftOut() throws Exception {
    for (String secret :
        List.of(
            "sk-ant-REDACTED",
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "AIzaSyA1234567890abcdefghijklmnopqrstuv",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcDEF123456",
            "hunter2hunter2")) {
      try (var vendor = new ScriptedVendor(json(200, CLAUDE.replace("sunny", secret)))) {
        String text = "my password=%s and Bearer %s, so there".formatted(secret, secret);
        Content said = said(4_000, vendor, ask("anthropic", false, text));

        assertThat(said.input()).contains("[redacted]", "so there").doesNotContain(secret);
        if (!secret.startsWith("hunter2")) { // a word like any other where nothing names it
          assertThat(said.output()).contains("[redacted]").doesNotContain(secret);
        }
      }
    }
    String pem = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----";
    assertThat(Redaction.of("a " + pem + " b")).isEqualTo("a [redacted] b");
    assertThat(Redaction.of("the token count is 12, ask for bearer bonds: no key here"))
        .isEqualTo("the token count is 12, ask for bearer bonds: no key here");
  }

  @Test
  void withoutTheWishNothingIsKept() throws Exception {
    try (var vendor = new ScriptedVendor(json(200, CLAUDE));
        var house =
            new House(
                Callers.NONE,
                List.of(),
                House.vendor("anthropic", vendor.port(), ProtocolName.ANTHROPIC_MESSAGES))) {
      house.post("/v1/chat/completions", ask("anthropic", false, "Hello"));

      assertThat(house.exchange().content()).isEmpty();
    }
  }

  private static Content said(int charsMax, ScriptedVendor vendor, String body) throws Exception {
    var exchanges = new LinkedBlockingQueue<Exchange>();
    Journal plain = exchanges::add;
    var vendors =
        new Vendors(
            List.of(
                House.vendor("anthropic", vendor.port(), ProtocolName.ANTHROPIC_MESSAGES),
                House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT)));
    try (var gateway =
            new Gateway(
                new Gateway.Settings("127.0.0.1", 0, 1, 1 << 20, 32 << 10, 100),
                new Plan(
                    List.of(),
                    List.of(Plan.VendorName.of("anthropic"), Plan.VendorName.of("openai"))),
                vendors,
                Callers.NONE,
                plain.withContent(charsMax),
                InstantSource.system());
        var client = HttpClient.newHttpClient()) {
      client.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + gateway.port() + "/v1/chat/completions"))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
      Exchange exchange = exchanges.poll(10, TimeUnit.SECONDS);
      if (exchange == null) {
        throw new AssertionError("no exchange was recorded");
      }
      return exchange.content().orElseThrow();
    }
  }
}
