package dev.understudy.gateway;

import dev.understudy.evaluation.Comparer;
import dev.understudy.evaluation.Turn;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares targets at a gateway's callers' door, as any caller would, in the Chat protocol. */
public final class HttpComparer implements Comparer {
  /** More of an answer is not read. */
  private static final int BYTES_MAX = 4 << 20;

  private static final String DATA = "data:";

  private final Supplier<URI> door;

  /**
   * Will ask.
   *
   * @param door the address of the callers' door, once it is known
   */
  public HttpComparer(Supplier<URI> door) {
    this.door = door;
  }

  @Override
  public void compare(Asked asked, Consumer<Compared> each) throws InterruptedException {
    var answers = new ArrayBlockingQueue<Compared>(asked.targets().size());
    try (var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build()) {
      for (String target : asked.targets()) {
        Thread.ofVirtual().start(() -> answers.add(ask(client, target, asked)));
      }
      for (int i = 0; i < asked.targets().size(); i++) {
        each.accept(answers.take());
      }
    }
  }

  private Compared ask(HttpClient client, String target, Asked asked) {
    long started = System.nanoTime();
    var heard = new Heard(target, started);
    Thread asking = Thread.currentThread();
    // The client's own patience ends with the head; an answer that trickles must end too.
    Thread watch =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(asked.patience());
                asking.interrupt();
              } catch (InterruptedException e) {
                // It answered in time.
              }
            });
    try {
      HttpResponse<InputStream> reply =
          client.send(request(target, asked), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = reply.body()) {
        heard.head(reply);
        if (reply.statusCode() == 200 && asked.stream()) {
          heard.stream(in);
        } else {
          heard.whole(in.readNBytes(BYTES_MAX));
        }
      }
    } catch (InterruptedException e) {
      heard.error = "no answer within " + asked.patience().toSeconds() + " s";
    } catch (IOException e) {
      heard.error =
          Thread.interrupted() || System.nanoTime() - started >= asked.patience().toNanos()
              ? "no answer within " + asked.patience().toSeconds() + " s"
              : "the connection broke off: " + e.getClass().getSimpleName();
    } catch (Malformed | IllegalArgumentException e) {
      heard.error = "the reply cannot be read: " + e.getMessage();
    } finally {
      watch.interrupt();
    }
    return heard.compared();
  }

  private HttpRequest request(String target, Asked asked) {
    ObjectNode body = Json.object();
    body.put("model", target);
    var messages = body.putArray("messages");
    for (Turn turn : asked.turns()) {
      messages.addObject().put("role", turn.role()).put("content", turn.text());
    }
    if (asked.maxTokens() > 0) {
      body.put("max_tokens", asked.maxTokens());
    }
    if (asked.stream()) {
      body.put("stream", true).putObject("stream_options").put("include_usage", true);
    }
    String url = door.get().toString().replaceAll("/+$", "") + "/v1/chat/completions";
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(asked.patience())
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)));
    if (!asked.callersKey().isEmpty()) {
      request.header("authorization", "Bearer " + asked.callersKey());
    }
    return request.build();
  }

  /** What one target said so far. */
  private static final class Heard {
    private final String target;
    private final long started;
    private final StringBuilder text = new StringBuilder();
    private String served = "";
    private int status;
    private String error = "";
    private String finish = "";
    private String exchange = "";
    private long firstMillis = -1;
    private long input;
    private long output;

    Heard(String target, long started) {
      this.target = target;
      this.started = started;
    }

    void head(HttpResponse<?> reply) {
      status = reply.statusCode();
      served = reply.headers().firstValue("x-understudy-target").orElse("");
      exchange = reply.headers().firstValue("x-understudy-exchange").orElse("");
    }

    void whole(byte[] bytes) {
      JsonNode body = Json.parse(bytes);
      if (status != 200) {
        error = body.path("error").path("message").asString("status " + status);
        return;
      }
      JsonNode choice = body.path("choices").path(0);
      said(choice.path("message"));
      finish = choice.path("finish_reason").asString("");
      usage(body.path("usage"));
    }

    void stream(InputStream in) throws IOException {
      var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      int read = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        read += line.length();
        String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
        if (data.equals("[DONE]") || read > BYTES_MAX) {
          return;
        }
        if (data.isEmpty()) {
          continue;
        }
        JsonNode event = Json.parse(data);
        if (event.has("error")) {
          error = event.path("error").path("message").asString("the stream broke off");
          return;
        }
        JsonNode choice = event.path("choices").path(0);
        said(choice.path("delta"));
        if (!text.isEmpty() && firstMillis < 0) {
          firstMillis = millis();
        }
        finish = choice.path("finish_reason").asString(finish);
        if (event.path("usage").isObject()) {
          usage(event.path("usage"));
        }
      }
      if (finish.isEmpty()) {
        error = "the stream broke off";
      }
    }

    private void said(JsonNode message) {
      text.append(message.path("content").asString(""));
      text.append(message.path("refusal").asString(""));
    }

    private void usage(JsonNode usage) {
      input = usage.path("prompt_tokens").asLong(0);
      output = usage.path("completion_tokens").asLong(0);
    }

    private long millis() {
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    }

    Compared compared() {
      return new Compared(
          target,
          served,
          status,
          text.toString(),
          error,
          finish,
          millis(),
          firstMillis,
          input,
          output,
          exchange);
    }
  }
}
