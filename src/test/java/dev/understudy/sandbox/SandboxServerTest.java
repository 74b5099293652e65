package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The vendors in the box, asked with the JDK's client. */
final class SandboxServerTest {
  private static Sandbox sandbox;
  private static SandboxServer bedrock;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.defaults());
    bedrock = SandboxServer.start("bedrock");
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    bedrock.close();
    sandbox.close();
  }

  private static HttpResponse<byte[]> send(String method, String url, String body)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("anthropic-version", "2023-06-01")
            .method(method, BodyPublishers.ofString(body));
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static JsonNode json(String url, String body) throws Exception {
    return Json.parse(send("POST", url, body).body());
  }

  private static String chat(String vendor, String body) throws Exception {
    var reply = send("POST", sandbox.url(vendor) + "/chat/completions", body);
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Test
  void startsTheVendorsOfANewcomer() {
    assertThat(sandbox.vendors())
        .containsExactly("openai", "anthropic", "google", "xai", "deepseek", "meta", "mai");
    assertThatThrownBy(() -> sandbox.port("cohere"))
        .hasMessage(
            "no sandbox vendor \"cohere\"; running: openai, anthropic, google, xai, deepseek, meta,"
                + " mai");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "xai", "deepseek", "meta", "mai"})
  void answersChatInPlaceOfEachVendor(String vendor) throws Exception {
    var reply =
        Json.parse(
            chat(
                vendor, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"));

    assertThat(reply.at("/choices/0/message/content").asString())
        .isEqualTo(
            "This is the sandbox's answer in place of %s/m: you said \"Hi\".".formatted(vendor));
    int sum =
        reply.at("/usage/prompt_tokens").asInt() + reply.at("/usage/completion_tokens").asInt();
    // xAI leaves the reasoning out of the completion.
    int apart =
        vendor.equals("xai")
            ? reply.at("/usage/completion_tokens_details/reasoning_tokens").asInt()
            : 0;
    assertThat(reply.at("/usage/total_tokens").asInt()).isEqualTo(sum + apart);
  }

  @Test
  void countsDeepSeeksCacheTwice() throws Exception {
    String long1 = "word ".repeat(1200);
    var reply =
        Json.parse(
            chat(
                "deepseek",
                """
                {"model":"deepseek-reasoner","messages":[{"role":"user","content":"%s"},
                 {"role":"assistant","content":"ok"},{"role":"user","content":"Go on"}]}\
                """
                    .formatted(long1)));

    var usage = reply.path("usage");
    assertThat(usage.path("prompt_cache_hit_tokens").asInt())
        .isPositive()
        .isEqualTo(usage.at("/prompt_tokens_details/cached_tokens").asInt());
    assertThat(
            usage.path("prompt_cache_hit_tokens").asInt()
                + usage.path("prompt_cache_miss_tokens").asInt())
        .isEqualTo(usage.path("prompt_tokens").asInt());
    assertThat(reply.at("/choices/0/message/reasoning_content").asString()).contains("thinks");
  }

  @Test
  void answersInTheSchemaAskedFor() throws Exception {
    var reply =
        json(
            sandbox.url("google") + "/v1beta/models/gemini-2.5-flash:generateContent",
            """
            {"contents":[{"parts":[{"text":"Hi"}]}],"generationConfig":{
             "responseMimeType":"application/json","responseSchema":{"type":"OBJECT",
              "properties":{"n":{"type":"INTEGER"}},"required":["n"]}}}\
            """);

    assertThat(reply.at("/candidates/0/content/parts/0/text").asString()).isEqualTo("{\"n\":1}");
  }

  @Test
  void streamsGeminiAsOneArray() throws Exception {
    var chunks =
        json(
            sandbox.url("google") + "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
            "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}");

    assertThat(chunks.isArray()).isTrue();
    assertThat(chunks.get(chunks.size() - 1).at("/candidates/0/finishReason").asString())
        .isEqualTo("STOP");
  }

  @Test
  void sealsReasoningOfResponsesAndKnowsItsOwnSeal() throws Exception {
    String ask =
        """
        {"model":"gpt-5.1","store":false,"reasoning":{"effort":"high","summary":"auto"},
         "include":["reasoning.encrypted_content"],"input":%s}\
        """;
    String url = sandbox.url("openai") + "/responses";
    var first = json(url, ask.formatted("\"Hi\""));
    var again = Json.array();
    first.path("output").forEach(again::add);
    again.addObject().put("role", "user").put("content", "And?");

    assertThat(json(url, ask.formatted(Json.text(again))).path("status").asString())
        .isEqualTo("completed");
    String foreign =
        Json.text(again).replaceFirst("encrypted_content\":\"c2", "encrypted_content\":\"Zz");
    assertThat(json(url, ask.formatted(foreign)).at("/error/code").asString())
        .isEqualTo("invalid_encrypted_content");
  }

  @Test
  void refusesJsonThatIsNoneInTheVendorsForm() throws Exception {
    assertThat(
            json(sandbox.url("anthropic") + "/v1/messages", "{\"a\"").at("/error/type").asString())
        .isEqualTo("invalid_request_error");
    assertThat(json(bedrock.url() + "/model/m/converse", "{").path("message").asString())
        .contains("not valid JSON");
    var reply = send("POST", sandbox.url("google") + "/v1beta/models/m:generateContent", "[]");
    assertThat(reply.statusCode()).isEqualTo(400);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("INVALID_ARGUMENT");
  }

  @Test
  void streamsConverseInChecksummedFrames() throws Exception {
    var reply =
        send(
            "POST",
            bedrock.url() + "/model/us.anthropic.claude-v1%3A0/converse-stream",
            """
            {"messages":[{"role":"user","content":[{"text":"Weather?"}]}],"toolConfig":{"tools":[
             {"toolSpec":{"name":"weather","inputSchema":{"json":{"type":"object",
              "properties":{"city":{"type":"string"}}}}}}]}}\
            """);

    assertThat(reply.headers().firstValue("content-type"))
        .hasValue("application/vnd.amazon.eventstream");
    var frames = frames(reply.body());
    assertThat(frames.getFirst()).startsWith("messageStart {");
    assertThat(frames.get(frames.size() - 2)).contains("\"stopReason\":\"tool_use\"");
    assertThat(frames.getLast()).startsWith("metadata ").contains("\"totalTokens\"");
  }

  @Test
  void streamsClaudeByInvokeModel() throws Exception {
    var reply =
        send(
            "POST",
            bedrock.url() + "/model/anthropic.claude-v1/invoke-with-response-stream",
            """
            {"anthropic_version":"bedrock-2023-05-31","max_tokens":50,
             "messages":[{"role":"user","content":"Hi"}]}\
            """);

    assertThat(frames(reply.body())).allMatch(frame -> frame.startsWith("chunk {\"bytes\":\""));
  }

  @Test
  void isSteeredAndLookedAtOverHttp() throws Exception {
    String origin = "http://127.0.0.1:" + sandbox.port("meta");
    send("DELETE", origin + "/sandbox/requests", "");
    send("PUT", origin + "/sandbox/faults", "503 times once\nslow millis 1");

    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
    assertThat(send("POST", origin + "/compat/v1/chat/completions", body).statusCode())
        .isEqualTo(503);
    var waiting = send("GET", origin + "/sandbox/faults", "").body();
    assertThat(new String(waiting, StandardCharsets.UTF_8))
        .isEqualTo("{\"faults\":[\"slow millis 1\"]}");
    send("DELETE", origin + "/sandbox/faults", "");

    var seen = Json.parse(send("GET", origin + "/sandbox/requests", "").body()).path("requests");
    assertThat(seen.size()).isEqualTo(1);
    assertThat(seen.get(0).path("body").asString()).isEqualTo(body);
    assertThat(seen.get(0).path("outcome").asString()).isEqualTo("complete");
  }

  @Test
  void refusesToBeSteeredByWhatItDoesNotKnow() throws Exception {
    String origin = "http://127.0.0.1:" + sandbox.port("meta") + "/sandbox/";
    send("PUT", origin + "faults", "503 times once");

    assertThat(wrong(origin + "limits", "{\"requests\":5,\"tokns\":7}"))
        .isEqualTo(
            "unknown member \"tokns\"; near: tokens; known: requests, tokens, provisioned, left");
    assertThat(wrong(origin + "limits", "{\"requests\":\"5\"}"))
        .isEqualTo("requests: a number is needed, not a string");
    assertThat(wrong(origin + "limits", "{\"requests\":-1}")).contains("cannot be negative");
    assertThat(wrong(origin + "limits", "{\"left\":4294967300}"))
        .isEqualTo("left: 4294967300 is out of bounds");
    assertThat(wrong(origin + "pace", "{\"tokensPerMinute\":5}"))
        .startsWith("unknown member \"tokensPerMinute\"");
    assertThat(wrong(origin + "pace", "{\"tokensPerEvent\":4294967297}"))
        .isEqualTo("tokensPerEvent: 4294967297 is out of bounds");
    assertThat(wrong(origin + "faults", "{\"fault\":[\"429\"]}"))
        .isEqualTo("unknown member \"fault\"; near: faults; known: faults");
    assertThat(wrong(origin + "faults", "{\"faults\":[429]}"))
        .isEqualTo("faults[0]: a string is needed, not a number");

    assertThat(text(send("GET", origin + "limits", "").body())).contains("\"requests\":0");
    assertThat(text(send("GET", origin + "faults", "").body())).contains("503 times 1");
    send("DELETE", origin + "faults", "");
  }

  private static String wrong(String address, String body) throws Exception {
    var reply = send("PUT", address, body);
    assertThat(reply.statusCode()).isEqualTo(400);
    return Json.parse(reply.body()).path("error").asString();
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Test
  void beatsWhileItWaitsAndNoticesACallerWhoLeaves() throws Exception {
    var slow = new Pace(300, 20, 1, 100);
    try (var server = SandboxServer.start(SandboxProfile.of("anthropic").withPace(slow))) {
      String body =
          "{\"model\":\"m\",\"max_tokens\":99,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
      try (var socket = new Socket("127.0.0.1", server.port())) {
        String head =
            "POST /v1/messages HTTP/1.1\r\nanthropic-version: 1\r\ncontent-length: %d\r\n\r\n";
        socket.getOutputStream().write((head.formatted(body.length()) + body).getBytes());
        String read = readUntil(socket, "text_delta");
        assertThat(read.indexOf("event: ping")).isLessThan(read.indexOf("message_start"));
      }
      for (int i = 0; i < 200 && !outcome(server).equals("caller left"); i++) {
        Thread.sleep(25);
      }
      assertThat(outcome(server)).isEqualTo("caller left");
    }
  }

  private static String outcome(SandboxServer server) {
    return server.requests().getFirst().outcome();
  }

  private static String readUntil(Socket socket, String word) throws IOException {
    socket.setSoTimeout(10_000);
    var text = new StringBuilder();
    byte[] buffer = new byte[4096];
    while (!text.toString().contains(word)) {
      int count = socket.getInputStream().read(buffer);
      assertThat(count).isPositive();
      text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
    }
    return text.toString();
  }

  /** The events of a binary stream as type and payload, their checksums checked. */
  private static List<String> frames(byte[] bytes) {
    List<String> frames = new ArrayList<>();
    var in = ByteBuffer.wrap(bytes);
    while (in.hasRemaining()) {
      int start = in.position();
      int total = in.getInt();
      int headers = in.getInt();
      assertThat(in.getInt()).isEqualTo(crc(bytes, start, 8));
      String text = new String(bytes, start + 12, headers, StandardCharsets.ISO_8859_1);
      int length = bytes[start + 12 + 12 + 2];
      String type = text.substring(12 + 3, 12 + 3 + length);
      frames.add(
          type
              + " "
              + new String(
                  Arrays.copyOfRange(bytes, start + 12 + headers, start + total - 4),
                  StandardCharsets.UTF_8));
      in.position(start + total - 4);
      assertThat(in.getInt()).isEqualTo(crc(bytes, start, total - 4));
    }
    return frames;
  }

  private static int crc(byte[] bytes, int from, int length) {
    var crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
