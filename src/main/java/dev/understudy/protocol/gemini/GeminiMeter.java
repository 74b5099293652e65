package dev.understudy.protocol.gemini;

import dev.understudy.chat.Failure;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Meter;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.ReadAlong;
import dev.understudy.protocol.Trail;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads along with a stream of chunks, in either of its forms, and looks at each chunk once without
 * making objects of it. Errors, blocked prompts and counts are rare or come last, and are parsed.
 */
final class GeminiMeter implements Meter {
  /** One for each thread and not each stream: what it found is used before the next scan. */
  private static final ThreadLocal<JsonScanner> SCANNER = ThreadLocal.withInitial(JsonScanner::new);

  private final Outbound protocol;
  private final Dialect dialect;
  private final ChunkCutter cutter =
      new ChunkCutter(
          new ChunkCutter.Listener() {
            @Override
            public void chunk(byte[] json, int offset, int length) {
              GeminiMeter.this.chunk(json, offset, length);
            }

            @Override
            public void comment() {}
          });

  /** Reads instead, where more is wanted than to count. */
  private @Nullable ReadAlong whole;

  private @Nullable Failure failure;
  private String replyId = "";
  private String model = "";
  private boolean started;
  private boolean content;
  private boolean complete;
  private long contentBytes;
  private @Nullable String finish;
  private @Nullable String blocked;
  private byte @Nullable [] counted;

  GeminiMeter(Outbound protocol, Dialect dialect) {
    this.protocol = protocol;
    this.dialect = dialect;
  }

  @Override
  public void whole(byte[] bytes, int offset, int length) {
    whole = new ReadAlong(protocol, dialect);
    whole.whole(bytes, offset, length);
  }

  @Override
  public void remember(Trail trail) {
    whole = new ReadAlong(protocol, dialect);
    whole.remember(trail);
  }

  @Override
  public void accept(byte[] bytes, int offset, int length) {
    if (whole != null) {
      whole.accept(bytes, offset, length);
      return;
    }
    if (failure != null) {
      return;
    }
    try {
      cutter.accept(bytes, offset, length);
    } catch (IllegalStateException e) {
      broken("the vendor's stream cannot be read: " + e.getMessage());
    }
  }

  @Override
  public void end() {
    if (whole != null) {
      whole.end();
      return;
    }
    if (failure == null) {
      cutter.end();
    }
    if (failure != null) {
      return;
    }
    complete = (finish != null || blocked != null) && !cutter.isInsideChunk();
    if (!complete) {
      broken("the vendor's stream ended before the answer did");
    }
  }

  private void chunk(byte[] json, int offset, int length) {
    if (failure != null) {
      return;
    }
    try {
      JsonScanner scanner = SCANNER.get();
      scanner.scan(json, offset, length);
      if (scanner.find("error") >= 0) {
        failure = Failures.inStream(Json.parseObject(json, offset, length), dialect.vendor());
        return;
      }
      if (!started) {
        started = true;
        replyId = text(scanner, "responseId", "response_id");
        model = text(scanner, "modelVersion", "model_version");
      }
      int usage = either(scanner, "usageMetadata", "usage_metadata");
      if (usage >= 0 && scanner.kind(usage) == '{') {
        counted = Arrays.copyOfRange(json, scanner.valueStart(usage), scanner.valueEnd(usage));
      }
      if (either(scanner, "promptFeedback", "prompt_feedback") >= 0) {
        feedback(Json.parseObject(json, offset, length));
        scanner.scan(json, offset, length);
      }
      int candidates = scanner.find("candidates");
      if (candidates >= 0 && scanner.kind(candidates) == '[') {
        // The scanner is used again for what stands within.
        candidates(scanner, json, scanner.valueStart(candidates), scanner.valueEnd(candidates));
      }
    } catch (Malformed e) {
      broken("the vendor's stream cannot be read: " + e.getMessage());
    }
  }

  private void feedback(ObjectNode chunk) {
    ProtoFields.of(chunk)
        .object("promptFeedback")
        .ifPresent(feedback -> {
          Optional<String> reason = feedback.word("blockReason");
          if (reason.isPresent() && blocked == null) {
            blocked = reason.get();
            feedback.text("blockReasonMessage").ifPresent(words -> said(words.length()));
          }
        });
  }

  private void candidates(JsonScanner scanner, byte[] json, int from, int to) {
    int first = object(json, from + 1, to);
    if (first < 0) {
      return;
    }
    scanner.scanFirst(json, first, to - first);
    int index = scanner.find("index");
    int next = scanner.closingBrace() + 1;
    boolean alone = object(json, next, to) < 0;
    if (!alone || (index >= 0 && json[scanner.valueStart(index)] != '0')) {
      several(Json.parseObject("{\"candidates\":" + text(json, from, to) + "}"));
      return;
    }
    int reason = either(scanner, "finishReason", "finish_reason");
    if (reason >= 0 && !scanner.isNull(reason)) {
      finished(
          scanner.isString(reason)
              ? scanner.string(reason)
              : text(json, scanner.valueStart(reason), scanner.valueEnd(reason)));
    }
    boolean odds = either(scanner, "logprobsResult", "logprobs_result") >= 0;
    int said = scanner.find("content");
    if (said >= 0 && scanner.kind(said) == '{') {
      scanner.scanFirst(json, scanner.valueStart(said), to - scanner.valueStart(said));
      int parts = scanner.find("parts");
      if (parts >= 0 && scanner.kind(parts) == '[') {
        parts(scanner, json, scanner.valueStart(parts), scanner.valueEnd(parts), odds);
      }
    }
  }

  /** Several candidates in one chunk are not looked for in vain, but are rare. */
  private void several(ObjectNode chunk) {
    for (ProtoFields candidate : ProtoFields.of(chunk).objects("candidates")) {
      if (candidate.integer("index").orElse(0L) == 0) {
        candidate.word("finishReason").ifPresent(this::finished);
        for (ProtoFields part :
            candidate.object("content").map(c -> c.objects("parts")).orElse(List.of())) {
          said(Json.text(part.fields().node()).length());
        }
      }
    }
  }

  private void parts(JsonScanner scanner, byte[] json, int from, int to, boolean odds) {
    for (int at = object(json, from + 1, to); at >= 0; at = object(json, at, to)) {
      scanner.scanFirst(json, at, to - at);
      int text = scanner.find("text");
      boolean string = text >= 0 && scanner.isString(text);
      int length = string ? scanner.valueEnd(text) - scanner.valueStart(text) - 2 : 0;
      boolean thought = scanner.find("thought") >= 0;
      // An empty text alone, with which many last chunks come, is no part of an answer.
      boolean more = scanner.members() > (text >= 0 ? 1 : 0) + (thought ? 1 : 0);
      int end = scanner.closingBrace() + 1;
      if (length > 0 || more || odds) {
        said(string ? length : end - at);
      }
      at = end;
    }
  }

  private void said(int length) {
    content = true;
    contentBytes += length;
  }

  private void finished(String word) {
    FinishReasons.word(word.toUpperCase(Locale.ROOT)).ifPresent(known -> finish = known);
  }

  /** Where the next object of an array begins, -1 if there is none. */
  private static int object(byte[] json, int from, int to) {
    for (int i = from; i < to; i++) {
      if (json[i] == '{') {
        return i;
      }
    }
    return -1;
  }

  private static int either(JsonScanner scanner, String camel, String snake) {
    int found = scanner.find(camel);
    return found >= 0 ? found : scanner.find(snake);
  }

  private static String text(JsonScanner scanner, String camel, String snake) {
    int found = either(scanner, camel, snake);
    return found >= 0 && scanner.isString(found) ? scanner.string(found) : "";
  }

  private static String text(byte[] json, int from, int to) {
    return new String(json, from, to - from, StandardCharsets.UTF_8);
  }

  private void broken(String message) {
    failure = Failure.of(502, "UNAVAILABLE", message).withVendor(dialect.vendor());
  }

  @Override
  public Usage usage() {
    if (whole != null) {
      return whole.usage();
    }
    byte[] last = counted;
    return last == null ? Usage.UNSAID : GeminiUsage.read(Json.parseObject(last));
  }

  @Override
  public String replyId() {
    return whole == null ? replyId : whole.replyId();
  }

  @Override
  public String model() {
    return whole == null ? model : whole.model();
  }

  @Override
  public Optional<String> stopReason() {
    return whole == null
        ? Optional.ofNullable(finish == null ? blocked : finish)
        : whole.stopReason();
  }

  @Override
  public boolean isComplete() {
    return whole == null ? complete : whole.isComplete();
  }

  @Override
  public boolean hasContent() {
    return whole == null ? content : whole.hasContent();
  }

  @Override
  public Optional<Failure> failure() {
    return whole == null ? Optional.ofNullable(failure) : whole.failure();
  }

  @Override
  public Optional<String> fault() {
    return whole == null ? Optional.empty() : whole.fault();
  }

  @Override
  public long contentBytes() {
    return whole == null ? contentBytes : whole.contentBytes();
  }
}
