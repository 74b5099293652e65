package dev.understudy.app;

import dev.understudy.access.Caller;
import dev.understudy.access.DeskRefusal;
import dev.understudy.access.KeyDesk;
import dev.understudy.access.Terms;
import dev.understudy.admin.AdminClient;
import dev.understudy.app.settings.BadSettings;
import dev.understudy.app.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Walks through a start and a few calls once, so that the JVM can write down what they need: the
 * launcher keeps that as the ahead-of-time cache.
 */
@Command(
    name = "train",
    description = "Record what a start needs, for the JVM's ahead-of-time cache.",
    hidden = true)
final class Train implements Callable<Integer> {
  private static final List<String> MODELS =
      List.of(
          "openai/gpt-5.1",
          "anthropic/claude-sonnet-4-5",
          "google/gemini-2.5-flash",
          "mai/m",
          "assistant");

  /** Blocks that most files have; no vendor but those of the sandbox is called. */
  private static final String FILE =
      """
      sandbox: true
      vendors:
        local: {protocol: openai-chat, url: "http://127.0.0.1:9/v1", key: none}
        azure: {kind: azure-openai, url: "https://x.openai.azure.com", key: "${TRAINED_KEY}"}
      routes:
        assistant: {serve: openai/gpt-5.1, fallback: [anthropic/claude-sonnet-4-5, local/m]}
        spread: {targets: [{target: openai/gpt-5.1, weight: 9}, {target: google/gemini-2.5-flash}]}
      """;

  @Override
  public Integer call() throws IOException, BadSettings, DeskRefusal, AdminClient.NoAnswer {
    Path data = Files.createTempDirectory("understudy");
    Path file = Files.writeString(data.resolve("understudy.yaml"), FILE);
    Serving.plain("serve", "--config", file.toString(), "--port", "0");
    Settings settings =
        UsualSettings.read(Optional.of(file), Map.of("TRAINED_KEY", "a-key-that-opens-nothing"))
            .withPorts(0, 0);
    try (Running running = start(settings, data)) {
      new AdminClient(URI.create("http://127.0.0.1:" + running.adminPort()), running.freshToken())
          .get("/admin/keys");
      Greeting.lines(running);
      for (String model : MODELS) {
        for (boolean stream : new boolean[] {false, true}) {
          ask(running.gateway().port(), "/v1/chat/completions", model, stream, "messages");
          ask(running.gateway().port(), "/v1/messages", model, stream, "messages");
          ask(running.gateway().port(), "/v1/responses", model, stream, "input");
        }
      }
      get(running.adminPort(), "/metrics");
      running
          .keyring()
          .desk()
          .create(
              new KeyDesk.Wish(
                  Optional.empty(), Caller.DEFAULT, Map.of(), Terms.NONE, Optional.empty()));
    }
    // Once more, with keys to read.
    try (Running running = start(settings, data)) {
      running.keyring().desk().reload();
    } finally {
      Running.removeAll(data);
    }
    return 0;
  }

  private static Running start(Settings settings, Path data) throws IOException {
    return Running.start(settings, Map.of(), OutputStream.nullOutputStream(), data);
  }

  private static void ask(int port, String path, String model, boolean stream, String field)
      throws IOException {
    String body =
        "{\"model\":\"%s\",\"max_tokens\":64,\"stream\":%s,\"%s\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(model, stream, field);
    send(
        port,
        "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, body.length(), body));
  }

  private static void get(int port, String path) throws IOException {
    send(port, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path));
  }

  private static void send(int port, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      if (socket.getInputStream().readAllBytes().length == 0) {
        throw new IOException("no answer");
      }
    }
  }
}
