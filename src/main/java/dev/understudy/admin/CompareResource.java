package dev.understudy.admin;

import dev.understudy.evaluation.Comparer;
import dev.understudy.evaluation.Comparer.Compared;
import dev.understudy.evaluation.Turn;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /admin/compare}: one question to several targets, with what each took and cost. */
public final class CompareResource {
  /** Comparisons under way at once. */
  private static final int AT_ONCE_MAX = 4;

  private static final int PATIENCE_SECONDS = 120;
  private static final int PATIENCE_SECONDS_MAX = 600;
  private static final int TOKENS_MAX = 1_000_000;

  /** A record is written when its caller has everything, so it may be a moment late. */
  private static final int RECORD_TRIES = 20;

  private static final long RECORD_WAIT_MILLIS = 50;
  private static final Set<String> ROLES = Set.of("system", "user", "assistant");

  private final Comparer comparer;
  private final Function<String, Optional<byte[]>> records;
  private final Semaphore underWay = new Semaphore(AT_ONCE_MAX);

  /**
   * Makes it.
   *
   * @param records finds the line of an exchange by its name
   */
  public CompareResource(Comparer comparer, Function<String, Optional<byte[]>> records) {
    this.comparer = comparer;
    this.records = records;
  }

  /** At its address. */
  public List<Resource> resources() {
    return List.of(Resource.post("/admin/compare", request -> answer(request.json())));
  }

  private Reply answer(ObjectNode body) {
    Comparer.Asked asked;
    try {
      asked = asked(Fields.of(body));
    } catch (Malformed e) {
      throw new AdminRefusal(400, e.getMessage());
    }
    if (!underWay.tryAcquire()) {
      throw new AdminRefusal(
          429, "%d comparisons are under way; ask again when one is over".formatted(AT_ONCE_MAX));
    }
    return Reply.streamed(
        "application/json; charset=utf-8",
        out -> {
          try {
            write(asked, out);
          } finally {
            underWay.release();
          }
        });
  }

  private static Comparer.Asked asked(Fields said) {
    List<String> targets = said.texts("targets");
    if (targets.isEmpty() || targets.size() > Comparer.TARGETS_MAX) {
      throw new Malformed(
          "targets", "1 to %d targets are compared at once".formatted(Comparer.TARGETS_MAX));
    }
    if (targets.stream().anyMatch(String::isBlank)) {
      throw new Malformed("targets", "a target has no name");
    }
    if (new HashSet<>(targets).size() < targets.size()) {
      throw new Malformed("targets", "a target is there twice");
    }
    var turns = new ArrayList<Turn>();
    for (Fields message : said.objects("messages")) {
      String role = message.requiredText("role");
      if (!ROLES.contains(role)) {
        throw new Malformed(message.pathOf("role"), "one of system, user and assistant is needed");
      }
      turns.add(new Turn(role, message.requiredText("content")));
    }
    said.text("prompt").ifPresent(prompt -> turns.add(new Turn("user", prompt)));
    if (turns.isEmpty()) {
      throw new Malformed("", "a prompt or messages are needed");
    }
    if (turns.getLast().text().isBlank()) {
      throw new Malformed(said.has("prompt") ? "prompt" : "messages", "there is nothing to ask");
    }
    int maxTokens = bounded(said, "max_tokens", 0, TOKENS_MAX, 0);
    int seconds = bounded(said, "timeout_seconds", 1, PATIENCE_SECONDS_MAX, PATIENCE_SECONDS);
    boolean stream = said.flag("stream").orElse(false);
    String key = said.text("key").orElse("");
    if (!key.matches("[!-~]*")) {
      throw new Malformed("key", "it holds characters that no key has");
    }
    List<String> unread = said.unread();
    if (!unread.isEmpty()) {
      throw new Malformed(
          unread.getFirst(),
          "is unknown; known: targets, prompt, messages, max_tokens, timeout_seconds, stream, key");
    }
    return new Comparer.Asked(targets, turns, maxTokens, stream, key, Duration.ofSeconds(seconds));
  }

  private static int bounded(Fields said, String name, int min, int max, int byDefault) {
    long value = said.integer(name).orElse((long) byDefault);
    if (said.has(name) && (value < min || value > max)) {
      throw new Malformed(name, "a whole number from %d to %d is needed".formatted(min, max));
    }
    return Math.toIntExact(value);
  }

  /** Each answer as it comes, so that a quick one is not held up by a slow one. */
  private void write(Comparer.Asked asked, OutputStream out) throws IOException {
    out.write("{\"answers\":[".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    boolean[] first = {true};
    try {
      comparer.compare(
          asked,
          answer -> {
            try {
              if (!first[0]) {
                out.write(',');
              }
              first[0] = false;
              out.write('\n');
              out.write(Json.bytes(json(answer)));
              out.flush();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the comparison was interrupted");
    }
    out.write("\n]}\n".getBytes(StandardCharsets.US_ASCII));
  }

  private ObjectNode json(Compared answer) {
    ObjectNode out = Json.object();
    out.put("target", answer.target()).put("status", answer.status());
    if (!answer.served().isEmpty()) {
      out.put("served_by", answer.served());
    }
    if (answer.error().isEmpty()) {
      out.put("text", answer.text()).put("finish", answer.finish());
    } else {
      out.put("error", answer.error());
      if (!answer.text().isEmpty()) {
        out.put("text", answer.text());
      }
    }
    out.put("millis", answer.millis());
    if (answer.firstMillis() >= 0) {
      out.put("first_text_millis", answer.firstMillis());
    }
    out.put("input_tokens", answer.inputTokens()).put("output_tokens", answer.outputTokens());
    if (!answer.exchange().isEmpty()) {
      out.put("exchange", answer.exchange());
      costs(answer.exchange(), out);
    }
    return out;
  }

  /** What the whole exchange came to, attempts that failed among them. */
  private void costs(String exchange, ObjectNode out) {
    Optional<byte[]> line = records.apply(exchange);
    for (int i = 0; line.isEmpty() && i < RECORD_TRIES; i++) {
      try {
        Thread.sleep(RECORD_WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      line = records.apply(exchange);
    }
    if (line.isEmpty()) {
      return;
    }
    var costs = out.putArray("costs");
    for (JsonNode attempt : Json.parse(line.get()).path("attempts")) {
      JsonNode cost = attempt.path("cost");
      if (cost.isObject()) {
        ObjectNode one = costs.addObject();
        one.put("target", attempt.path("target").asString(""));
        one.set("currency", cost.path("currency"));
        one.set("total", cost.path("total"));
        if (!cost.path("unpriced").isMissingNode()) {
          one.set("unpriced", cost.path("unpriced"));
        }
      }
    }
  }
}
