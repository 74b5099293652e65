package dev.understudy.app;

import com.sun.net.httpserver.HttpServer;
import dev.understudy.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Puts suites to vendors from the command line, and to models of a test's own. */
class Qualifying {
  @TempDir Path folder;

  record Ended(int code, String out, String err) {}

  Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  String suite(int cases, String check) throws IOException {
    var text =
        new StringBuilder("suite: box\nmetric: pass\nmargin: 0.05\nsystem: Be brief.\ncases:\n");
    for (int i = 0; i < cases; i++) {
      text.append("  - {id: c%d, input: question %d, checks: [%s]}\n".formatted(i, i, check));
    }
    return Files.writeString(folder.resolve("suite.yaml"), text).toString();
  }

  String[] arguments(String suite, String candidate, String... more) {
    return Stream.concat(
            Stream.of(
                "qualify",
                suite,
                "--candidate",
                candidate,
                "--incumbent",
                "anthropic/claude-sonnet-4-5",
                "--data",
                folder.resolve("data").toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  List<Path> runs() throws IOException {
    try (Stream<Path> below = Files.list(folder.resolve("data/qualify"))) {
      return below.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** A model of one's own that answers as a function of what it is asked; also a judge. */
  static HttpServer model(Function<JsonNode, String> says, List<String> asked) throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          JsonNode body = Json.parse(exchange.getRequestBody().readAllBytes());
          synchronized (asked) {
            asked.add(body.path("model").asString());
          }
          var reply = Json.object();
          reply.put("id", "x").put("object", "chat.completion").put("created", 1);
          reply.put("model", body.path("model").asString());
          var choice = reply.putArray("choices").addObject();
          choice.put("index", 0).put("finish_reason", "stop");
          choice.putObject("message").put("role", "assistant").put("content", says.apply(body));
          reply
              .putObject("usage")
              .put("prompt_tokens", 100)
              .put("completion_tokens", 20)
              .put("total_tokens", 120);
          byte[] bytes = Json.bytes(reply);
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  /** Judges prefer what says "good"; models say what their names say. */
  static String said(JsonNode body) {
    String model = body.path("model").asString();
    JsonNode messages = body.path("messages");
    String text = messages.get(messages.size() - 1).path("content").asString();
    if (model.equals("nonsense")) {
      return "I like both of them.";
    }
    if (model.equals("judge")) {
      int good = text.indexOf("good", text.indexOf("[first answer"));
      int second = text.indexOf("[second answer");
      boolean both = text.lastIndexOf("good") > second && good > 0 && good < second;
      String better = both || good < 0 ? "tie" : good < second ? "first" : "second";
      return "{\"reason\": \"it is\", \"better\": \"" + better + "\"}";
    }
    return model + " answers " + text + " with a word of its own";
  }

  String config(HttpServer server) throws IOException {
    return Files.writeString(
            folder.resolve("understudy.yaml"),
            """
            sandbox: false
            vendors:
              own: {protocol: openai-chat, url: "http://127.0.0.1:%d/v1", key: none}
            """
                .formatted(server.getAddress().getPort()))
        .toString();
  }

  String compared(int cases, String judges) throws IOException {
    var text =
        new StringBuilder(
            "suite: compared\nmetric: preference\nmargin: 0.1\njudge: {targets: [%s]}\ncases:\n"
                .formatted(judges));
    for (int i = 0; i < cases; i++) {
      text.append("  - {id: c%d, input: question number %d please}\n".formatted(i, i * 7919));
    }
    return Files.writeString(folder.resolve("compared.yaml"), text).toString();
  }

  String[] own(String suite, String config, String... more) {
    return Stream.concat(
            Stream.of(
                "qualify",
                suite,
                "--config",
                config,
                "--incumbent",
                "own/plain",
                "--data",
                folder.resolve("data").toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }
}
