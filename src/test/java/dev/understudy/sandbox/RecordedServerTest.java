package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Recorded exchanges come back as they were. */
final class RecordedServerTest {
  private static final RecordedExchange STREAM =
      new RecordedExchange(
          "openai-chat-1",
          "openai",
          "chat",
          true,
          Set.of(),
          "/v1/chat/completions",
          Map.of(),
          "{\"model\":\"gpt-4o\",\"n\":1.0,\"stream\":true}".getBytes(StandardCharsets.UTF_8),
          200,
          Map.of("content-type", "text/event-stream", "x-request-id", "req_1"),
          "data: {}\r\n\r\n: ping\n\ndata: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));

  private static HttpResponse<byte[]> post(
      HttpClient client, int port, String path, byte[] body, String id) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .POST(BodyPublishers.ofByteArray(body));
    if (!id.isEmpty()) {
      request.header("x-sandbox-exchange", id);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Test
  void findsAnExchangeByWhatTheRequestSaysAndRepliesByteForByte() throws Exception {
    try (var server = RecordedServer.start(Recordings.of(List.of(STREAM)), 0, 1);
        var client = HttpClient.newHttpClient()) {
      byte[] spliced =
          "{\"stream\": true, \"stream_options\":{\"include_usage\":true},\"n\":1.0,\"model\":\"x\"}"
              .getBytes(StandardCharsets.UTF_8);

      var reply = post(client, server.port(), "/openai/v1/chat/completions", spliced, "");

      assertThat(reply.statusCode()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo(STREAM.reply());
      assertThat(reply.headers().firstValue("x-request-id")).hasValue("req_1");
      assertThat(reply.headers().firstValue("x-sandbox-exchange")).hasValue("openai-chat-1");
    }
  }

  @Test
  void saysWhenNobodyRecordedTheRequest() throws Exception {
    try (var server = RecordedServer.start(Recordings.of(List.of(STREAM)));
        var client = HttpClient.newHttpClient()) {
      var reply = post(client, server.port(), "/v1/responses", "{}".getBytes(), "");

      assertThat(reply.statusCode()).isEqualTo(404);
    }
  }

  @Test
  void findsTheOperationInEveryVendorsPath() {
    assertThat(Recordings.operation("/v1/chat/completions?api-version=1")).isEqualTo("completions");
    assertThat(Recordings.operation("/v1beta/models/gemini-2.5-flash:generateContent"))
        .isEqualTo("generateContent");
    assertThat(Recordings.operation("/model/us.anthropic.claude-v1%3A0/converse-stream"))
        .isEqualTo("converse-stream");
  }

  @Test
  void repliesWithEveryRecordedExchange() throws Exception {
    Path folder =
        Path.of(System.getProperty("understudy.shared", "../shared")).resolve("exchanges");
    assumeTrue(Files.isDirectory(folder), "no recorded exchanges at " + folder);
    var recordings = Recordings.read(folder);

    try (var server = RecordedServer.start(recordings);
        var client = HttpClient.newHttpClient()) {
      for (RecordedExchange exchange : recordings.exchanges()) {
        var byId = post(client, server.port(), exchange.path(), exchange.request(), exchange.id());
        assertThat(byId.statusCode()).as(exchange.id()).isEqualTo(exchange.status());
        assertThat(byId.body()).as(exchange.id()).isEqualTo(exchange.reply());
        assertThat(recordings.matching(exchange.path(), exchange.request()))
            .as(exchange.id())
            .isPresent();
      }
    }
  }
}
