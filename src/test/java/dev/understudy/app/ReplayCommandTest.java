package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor started from a folder of recordings by hand. */
final class ReplayCommandTest {
  private static final String HELLO =
      """
      {"id":"hello-1","vendor":"openai","api":"chat","stream":false,\
      "request":{"path":"/v1/chat/completions","headers":{},"body":{"model":"gpt-5.1","messages":[{"role":"user","content":"Hello"}]}},\
      "response":{"status":200,"headers":{"content-type":"application/json"},"body":{"choices":[{"n":1}]}}}
      """;

  @TempDir private Path folder;

  private static String refused(String... arguments) {
    var err = new StringWriter();
    int code = Commands.line(Map.of(), arguments).setErr(new PrintWriter(err)).execute(arguments);
    assertThat(code).isNotZero();
    return err.toString();
  }

  @Test
  void itAnswersAsWasRecordedUntilItIsStopped() throws Exception {
    Files.writeString(folder.resolve("chats.jsonl"), HELLO);
    String[] arguments = {"replay", folder.toString()};
    try (var said = new PipedReader();
        var out = new PrintWriter(new PipedWriter(said));
        var lines = new BufferedReader(said)) {
      var running =
          new FutureTask<>(() -> Commands.line(Map.of(), arguments).setOut(out).execute(arguments));
      Thread thread = Thread.ofPlatform().start(running);
      String line = lines.readLine();
      assertThat(line)
          .startsWith("1 exchanges of 1 vendors are answered again at http://127.0.0.1:");

      String address = line.substring(line.indexOf("http"));
      try (var client = HttpClient.newHttpClient()) {
        var request =
            HttpRequest.newBuilder(URI.create(address + "/chat/completions"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"messages\": [{\"role\":\"user\",\"content\":\"Hello\"}], \"model\": \"other\"}"))
                .build();
        var reply = client.send(request, BodyHandlers.ofString());
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"choices\":[{\"n\":1}]}");
      }
      thread.interrupt();
      assertThat(running.get()).isZero();
    }
  }

  @Test
  void whatIsNoRecordingIsRefusedInOneLine() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jsonl"), HELLO + "{\"id\":\n");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(refused("replay", folder.resolve("gone").toString())).contains("is not there");
    assertThat(refused("replay", empty.toString())).contains("holds no recorded exchange");
    assertThat(refused("replay", broken.toString())).contains("broken.jsonl:2");
    assertThat(refused("replay", broken.toString(), "--port", "70000")).contains("0 to 65535");
  }
}
