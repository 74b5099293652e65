package dev.understudy.gateway;

import dev.understudy.evaluation.Answer;
import dev.understudy.evaluation.Asker;
import dev.understudy.evaluation.Question;
import dev.understudy.evaluation.Turn;
import dev.understudy.exchange.Purpose;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts an evaluation's questions to a gateway, as any caller would, in the Chat protocol. */
public final class HttpAsker implements Asker {
  private static final int TRIES_MAX = 5;
  private static final long WAIT_MILLIS = 500;
  private static final long WAIT_MILLIS_MAX = 60_000;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final URI url;
  private final Optional<Secret> key;
  private final Duration patience;

  /**
   * Will ask a gateway.
   *
   * @param base the address of its callers' door, such as {@code http://localhost:8080}
   * @param key a caller's key, if the gateway wants one
   * @param patience with one answer
   */
  public HttpAsker(URI base, Optional<Secret> key, Duration patience) {
    this.url = URI.create(base.toString().replaceAll("/+$", "") + "/v1/chat/completions");
    this.key = key;
    this.patience = patience;
  }

  @Override
  public Answer ask(Question question) throws InterruptedException {
    HttpRequest request = request(question);
    Answer answer = new Answer.Failed(0, "not asked");
    for (int tried = 1; tried <= TRIES_MAX; tried++) {
      long wait = WAIT_MILLIS << tried;
      try {
        long started = System.nanoTime();
        HttpResponse<byte[]> reply = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
        answer = read(reply, millis, question.target());
        if (!(answer instanceof Answer.Failed) || !isPassing(reply.statusCode())) {
          return answer;
        }
        wait = reply.headers().firstValue("retry-after").map(HttpAsker::millis).orElse(wait);
      } catch (HttpTimeoutException e) {
        // What was said by then is paid for: asked again, it would be so once more.
        return new Answer.Failed(408, "no answer within %d s".formatted(patience.toSeconds()));
      } catch (IOException e) {
        answer = new Answer.Failed(0, url + " cannot be reached: " + e.getClass().getSimpleName());
      }
      if (tried < TRIES_MAX) {
        long jitter = ThreadLocalRandom.current().nextLong(1 + wait / 4);
        Thread.sleep(Math.min(WAIT_MILLIS_MAX, wait + jitter));
      }
    }
    return answer;
  }

  /** Whether the same question may be answered later. */
  private static boolean isPassing(int status) {
    return status == 408 || status == 409 || status == 429 || status >= 500;
  }

  private static long millis(String retryAfter) {
    return retryAfter.matches("[0-9]{1,5}") ? Long.parseLong(retryAfter) * 1_000 : WAIT_MILLIS;
  }

  /** A question as a body of the Chat protocol. */
  static byte[] body(Question question) {
    ObjectNode body = Json.object();
    body.put("model", question.target());
    var messages = body.putArray("messages");
    for (Turn turn : question.turns()) {
      messages.addObject().put("role", turn.role()).put("content", turn.text());
    }
    if (!question.toolsJson().isEmpty()) {
      body.set("tools", Json.parse(question.toolsJson()));
    }
    if (question.sampling().temperature() >= 0) {
      body.put("temperature", question.sampling().temperature());
    }
    if (question.sampling().maxTokens() > 0) {
      body.put("max_tokens", question.sampling().maxTokens());
    }
    if (question.sampling().beginnings() > 0) {
      body.put("logprobs", true).put("top_logprobs", question.sampling().beginnings());
    }
    return Json.bytes(body);
  }

  private HttpRequest request(Question question) {
    var request =
        HttpRequest.newBuilder(url)
            .timeout(patience)
            .header("content-type", "application/json")
            // Told apart in figures, no evidence in a rollout, and nothing that limits learn by.
            .header("x-understudy-purpose", Purpose.QUALIFICATION.word())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body(question)));
    key.ifPresent(secret -> request.header("authorization", "Bearer " + secret.reveal()));
    return request.build();
  }

  private static Answer read(HttpResponse<byte[]> reply, long millis, String asked) {
    Answer answer =
        read(
            reply.statusCode(),
            reply.body(),
            millis,
            reply.headers().firstValue("x-understudy-exchange").orElse(""),
            reply.headers().firstValue("x-understudy-target").orElse(asked));
    return answer instanceof Answer.Given given
            && reply.headers().firstValue("x-sandbox").isPresent()
        ? given.ofSandbox()
        : answer;
  }

  /** What a reply of the Chat protocol says. */
  static Answer read(int status, byte[] reply, long millis, String exchange, String target) {
    JsonNode body;
    try {
      body = Json.parse(reply);
    } catch (Malformed e) {
      return new Answer.Failed(status, "the reply is not JSON");
    }
    if (status != 200) {
      return new Answer.Failed(status, body.path("error").path("message").asString("no message"));
    }
    JsonNode choice = body.path("choices").path(0);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      return new Answer.Failed(status, "the reply has no message");
    }
    var calls = new ArrayList<Answer.Call>();
    for (JsonNode call : message.path("tool_calls")) {
      calls.add(
          new Answer.Call(
              call.path("function").path("name").asString(""),
              call.path("function").path("arguments").asString("")));
    }
    String finish = choice.path("finish_reason").asString("");
    String refusal = message.path("refusal").asString("");
    return new Answer.Given(
        message.path("content").asString(refusal),
        calls,
        finish.equals("length"),
        !refusal.isEmpty() || finish.equals("content_filter"),
        body.path("usage").path("prompt_tokens").asLong(0),
        body.path("usage").path("completion_tokens").asLong(0),
        millis,
        exchange,
        target,
        beginnings(choice),
        false);
  }

  /** What the first token might have been; nothing where the vendor does not say. */
  private static List<Answer.Beginning> beginnings(JsonNode choice) {
    var all = new ArrayList<Answer.Beginning>();
    for (JsonNode one : choice.path("logprobs").path("content").path(0).path("top_logprobs")) {
      if (one.path("logprob").isNumber()) {
        all.add(
            new Answer.Beginning(one.path("token").asString(""), one.path("logprob").asDouble()));
      }
    }
    return all;
  }
}
