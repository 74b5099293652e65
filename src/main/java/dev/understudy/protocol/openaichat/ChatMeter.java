package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Usage;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.JsonScanner;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Outbound;
import dev.understudy.protocol.SseMeter;
import dev.understudy.protocol.Trail;
import dev.understudy.protocol.wire.EndMark;
import java.util.Optional;

/** Reads along with a Chat stream: usage on whichever chunk has it, finish, {@code [DONE]}. */
final class ChatMeter extends SseMeter {
  /** For each thread, not each stream: what they found is used before the next scan. */
  private static final ThreadLocal<JsonScanner> CHOICE = ThreadLocal.withInitial(JsonScanner::new);

  private static final ThreadLocal<JsonScanner> DELTA = ThreadLocal.withInitial(JsonScanner::new);

  /** Which of several answers have begun, and which have said why they ended; one bit each. */
  private long answers;

  private long ended;

  private boolean begun;
  private Usage usage = Usage.UNSAID;
  private Optional<String> tier = Optional.empty();

  ChatMeter(Outbound protocol, Dialect dialect) {
    super(protocol, dialect);
  }

  @Override
  protected boolean isMark(byte[] data, int offset, int length) {
    boolean done = data[offset] != '{' && EndMark.is(data, offset, length);
    if (done && !begun) {
      failed(data, offset, length);
    } else if (done) {
      bodyEnded();
      if (!isComplete()) {
        // Some vendors say that they are done and not why.
        stopped("end");
        completed();
      }
    }
    return done;
  }

  @Override
  protected void event(JsonScanner chunk, byte[] data, int offset, int length) {
    int error = chunk.find("error");
    int object = chunk.find("object");
    if ((error >= 0 && !chunk.isNull(error)) || (object >= 0 && chunk.isText(object, "error"))) {
      failed(data, offset, length);
      return;
    }
    Trail trail = trail();
    if (!isNamed()) {
      named(text(chunk, "id"), text(chunk, "model"));
      if (trail != null && isNamed()) {
        trail.keep(data, offset, length);
      }
    }
    int counted = chunk.find("usage");
    int choices = chunk.find("choices");
    if (choices >= 0 && chunk.kind(choices) == '[') {
      int from = chunk.valueStart(choices) + 1;
      int to = chunk.valueEnd(choices) - 1;
      while (from < to && data[from] <= ' ') {
        from++;
      }
      if (from < to && data[from] == '{') {
        begun = true;
        choices(data, from, to, offset, length);
      }
    }
    boolean isCounted = counted >= 0 && chunk.kind(counted) == '{';
    if (chunk.find("x_groq") >= 0) {
      Fields whole = Fields.of(Json.parseObject(data, offset, length));
      tier = ReplyBodyReader.tierOf(whole).or(() -> tier);
      ReplyBodyReader.usage(whole, tier, dialect())
          .ifPresent(said -> {
            begun = true;
            usage = said;
          });
    } else if (isCounted) {
      begun = true;
      tier = nonEmpty(text(chunk, "service_tier")).or(() -> tier);
      usage = usage(data, chunk, counted, tier);
    }
  }

  private Usage usage(byte[] bytes, JsonScanner in, int member, Optional<String> tier) {
    int from = in.valueStart(member);
    return ChatUsage.read(bytes, from, in.valueEnd(member) - from, tier, dialect().usage());
  }

  private static Optional<String> nonEmpty(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** One choice is the rule, also where several answers are given at once. */
  private void choices(byte[] data, int from, int to, int offset, int length) {
    JsonScanner choice = CHOICE.get();
    choice.scanFirst(data, from, to - from);
    long answer = answer(choice, data);
    answers |= answer;
    int reason = choice.find("finish_reason");
    if (reason >= 0 && choice.isString(reason)) {
      stopped(choice.string(reason));
      ended |= answer;
    }
    int error = choice.find("error");
    if (error >= 0 && !choice.isNull(error)) {
      failed(data, offset, length);
      return;
    }
    int said = choice.find("delta");
    if (said < 0 || choice.kind(said) != '{') {
      return;
    }
    JsonScanner delta = DELTA.get();
    delta.scan(data, choice.valueStart(said), choice.valueEnd(said) - choice.valueStart(said));
    Trail trail = trail();
    if (trail != null) {
      choice(trail, choice);
    }
    for (int i = 0; i < delta.members(); i++) {
      int size = delta.valueEnd(i) - delta.valueStart(i);
      byte kind = delta.kind(i);
      boolean text = kind == '"' && size > 2 && !delta.isNamed(i, "role");
      if (text || (kind == '[' && size > 2) || kind == '{') {
        said(size - 2L);
        if (trail != null) {
          remember(trail, delta, i, data, offset);
        }
      }
    }
  }

  /** The bit of the answer that a choice is of; those from the 63rd on share one. */
  private static long answer(JsonScanner choice, byte[] data) {
    int index = choice.find("index");
    if (index < 0 || choice.kind(index) < '0' || choice.kind(index) > '9') {
      return 1;
    }
    int number = 0;
    for (int i = choice.valueStart(index); i < choice.valueEnd(index) && number < 63; i++) {
      number = number * 10 + data[i] - '0';
    }
    return 1L << Math.clamp(number, 0, 63);
  }

  private static void choice(Trail trail, JsonScanner choice) {
    int index = choice.find("index");
    if (index >= 0 && choice.kind(index) != '0' && !choice.isNull(index)) {
      trail.obstacle("several answers");
    }
    int odds = choice.find("logprobs");
    if (odds >= 0 && choice.kind(odds) == '{') {
      trail.obstacle("how likely each token was");
    }
  }

  private static void remember(
      Trail trail, JsonScanner delta, int member, byte[] data, int offset) {
    if (delta.isNamed(member, "content")) {
      if (delta.kind(member) == '"') {
        if (!trail.isOpen()) {
          trail.opened(trail.part() + 1);
        }
        trail.text(data, delta.valueStart(member) + 1, delta.valueEnd(member) - 1);
      } else {
        trail.obstacle("content that is no text");
      }
    } else if (delta.isNamed(member, "tool_calls") || delta.isNamed(member, "function_call")) {
      trail.holds(data, offset);
    } else if (delta.isNamed(member, "reasoning_content")
        || delta.isNamed(member, "reasoning")
        || delta.isNamed(member, "reasoning_details")) {
      trail.thought();
    } else if (delta.isNamed(member, "refusal")
        || delta.isNamed(member, "audio")
        || delta.isNamed(member, "images")) {
      trail.obstacle("a part that is no text");
    }
  }

  @Override
  protected boolean reply(JsonScanner reply, byte[] bytes) {
    int error = reply.find("error");
    int choices = reply.find("choices");
    int counted = reply.find("usage");
    if ((error >= 0 && !reply.isNull(error))
        || reply.find("x_groq") >= 0
        || choices < 0
        || reply.kind(choices) != '['
        || counted < 0
        || reply.kind(counted) != '{') {
      return false;
    }
    int first = reply.valueStart(choices) + 1;
    while (bytes[first] <= ' ') {
      first++;
    }
    if (bytes[first] != '{') {
      return false;
    }
    JsonScanner choice = CHOICE.get();
    choice.scanFirst(bytes, first, reply.valueEnd(choices) - first);
    int reason = choice.find("finish_reason");
    int message = choice.find("message");
    error = choice.find("error");
    if (reason < 0
        || !choice.isString(reason)
        || choice.isText(reason, "")
        || message < 0
        || error >= 0) {
      return false;
    }
    stopped(choice.string(reason));
    named(text(reply, "id"), text(reply, "model"));
    said(choice.valueEnd(message) - choice.valueStart(message));
    usage = usage(bytes, reply, counted, nonEmpty(text(reply, "service_tier")));
    return true;
  }

  private static String text(JsonScanner scanner, String name) {
    int at = scanner.find(name);
    return at >= 0 && scanner.isString(at) ? scanner.string(at) : "";
  }

  @Override
  protected void bodyEnded() {
    if (hasStopped() && ended == answers) {
      completed();
    }
  }

  @Override
  protected Usage streamUsage() {
    return usage;
  }
}
