package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Citation;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.PartSequencer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the messages and deltas of one answer. A whole message is read as one large delta, so that
 * an answer is the same however it came.
 */
final class AnswerReader {

  /** A tool call, which opens once its name is known. */
  private static final class Call {
    final int key;
    String id = "";
    String name = "";
    final StringBuilder early = new StringBuilder();
    Optional<Seal> seal = Optional.empty();
    boolean open;

    Call(int key) {
      this.key = key;
    }
  }

  private final Optional<String> vendor;
  private final PartSequencer parts;
  private final List<Call> calls = new ArrayList<>();
  private final Map<Long, Call> byIndex = new HashMap<>();
  private final Set<String> cited = new HashSet<>();
  private List<Citation> citations = List.of();
  private final StringBuilder thought = new StringBuilder();
  private boolean refused;

  AnswerReader(String vendor, Consumer<ReplyEvent> out) {
    this.vendor = Optional.of(vendor);
    this.parts = new PartSequencer(out);
  }

  /** Reads one message or delta, and the probabilities that its choice tells. */
  void read(Fields message, List<TokenLogprob> logprobs) {
    // Besides the role: which token it was, and which of its channels gpt-oss wrote on.
    message.ignore("role", "name", "token_id", "channel");
    for (Thoughts.Piece piece : Thoughts.read(message, vendor)) {
      thought(piece);
    }
    content(message, logprobs);
    message
        .text("refusal")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> {
          refused = true;
          parts.refusal(text);
        });
    for (Citation citation : Annotations.read(message)) {
      citation.url().ifPresent(cited::add);
      parts.cited(citation);
    }
    audio(message);
    images(message);
    toolCalls(message);
    functionCall(message);
  }

  /** A thought told in pieces may be told again as a whole, with its seal. */
  private void thought(Thoughts.Piece piece) {
    boolean again = piece.seal().isPresent() && piece.text().contentEquals(thought);
    String text = again ? "" : piece.text();
    parts.reasoning(text);
    thought.append(text);
    piece
        .seal()
        .ifPresent(seal -> {
          parts.seal(seal);
          thought.setLength(0);
        });
  }

  /** Takes what stands beside the choices and supports the whole answer; the last word counts. */
  void citations(List<Citation> all) {
    if (!all.isEmpty()) {
      citations = all;
    }
  }

  /** Closes what is open and says why the answer ended. */
  Stop finish(Optional<String> reason) {
    for (Call call : calls) {
      if (!call.open && !call.early.isEmpty()) {
        throw new Malformed("choices[0].delta.tool_calls", "a tool call has no name");
      }
    }
    // OpenRouter tells Perplexity's sources in both ways.
    citations.stream()
        .filter(citation -> citation.url().filter(cited::contains).isEmpty())
        .forEach(parts::cited);
    parts.finish();
    return Finish.read(reason, calls.stream().anyMatch(call -> call.open), refused);
  }

  private void content(Fields message, List<TokenLogprob> logprobs) {
    JsonNode content = message.raw("content").orElse(null);
    if (content == null || content.isString()) {
      parts.text(content == null ? "" : content.stringValue(), logprobs);
      return;
    }
    for (Fields part : message.objects("content")) {
      switch (part.text("type").orElse("text")) {
        case "text" -> parts.text(part.text("text").orElse(""), logprobs);
        case "thinking" -> parts.reasoning(thinking(part));
        case "refusal" -> {
          refused = true;
          parts.refusal(part.text("refusal").orElse(""));
        }
        case "image_url" -> Media.image(part).ifPresent(parts::whole);
        default -> part.reject("type");
      }
    }
  }

  /** Mistral's thoughts: a string, or a list of text parts. */
  static String thinking(Fields part) {
    part.ignore("closed");
    if (part.node().path("thinking").isString()) {
      return part.requiredText("thinking");
    }
    var text = new StringBuilder();
    for (Fields piece : part.objects("thinking")) {
      piece.ignore("type");
      text.append(piece.text("text").orElse(""));
    }
    return text.toString();
  }

  private void audio(Fields message) {
    if (!(message.node().path("audio") instanceof ObjectNode)) {
      return;
    }
    message
        .object("audio")
        .ifPresent(audio -> {
          audio.ignore("id", "expires_at");
          String data = audio.text("data").orElse("");
          Optional<String> transcript = audio.text("transcript").filter(t -> !t.isEmpty());
          if (!data.isEmpty()) {
            parts.whole(new Part.Audio(Media.sound(data), transcript));
          } else {
            transcript.ifPresent(parts::text);
          }
        });
  }

  private void images(Fields message) {
    if (message.node().path("images").isArray()) {
      for (Fields image : message.objects("images")) {
        image.ignore("type", "index");
        Media.image(image).ifPresent(parts::whole);
      }
    }
  }

  private void toolCalls(Fields message) {
    for (Fields read : message.objects("tool_calls")) {
      Optional<Fields> function = read.object("function");
      if (function.isEmpty()) {
        // A custom tool; nobody can have asked for one who does not speak this protocol.
        read.ignore("index", "id");
        continue;
      }
      read.ignore("type", "custom");
      String id = read.text("id").filter(text -> !text.equals("null")).orElse("");
      String name = function.get().text("name").orElse("");
      Call call = call(read.integer("index"), id, name);
      if (call.id.isEmpty()) {
        call.id = id;
      }
      if (!call.open) {
        call.name = name.isEmpty() ? call.name : name;
        call.seal = Thoughts.readSeal(read, vendor).or(() -> call.seal);
      } else {
        Thoughts.readSeal(read, vendor);
      }
      arguments(call, text(function.get().raw("arguments").orElse(null)));
    }
  }

  /**
   * Which call a piece belongs to. Vendors number calls, or name them in every piece, or send each
   * whole and number them all 0, or say nothing at all. Some make up an id for each piece, as was
   * noted of <a href="https://github.com/vllm-project/vllm/pull/23522">vLLM's streams</a>: an id
   * without a name begins no call.
   */
  private Call call(Optional<Long> index, String id, String name) {
    if (index.isPresent()) {
      Call known = byIndex.get(index.get());
      boolean renamed = known != null && !known.id.isEmpty() && !known.id.equals(id);
      if (known == null || (renamed && !id.isEmpty() && (!name.isEmpty() || !known.open))) {
        known = newCall();
        byIndex.put(index.get(), known);
      }
      return known;
    }
    for (Call call : calls) {
      if (!id.isEmpty() && call.id.equals(id)) {
        return call;
      }
    }
    boolean goesOn = name.isEmpty() && !calls.isEmpty() && (id.isEmpty() || calls.getLast().open);
    return goesOn ? calls.getLast() : newCall();
  }

  private Call newCall() {
    var call = new Call(calls.size());
    calls.add(call);
    return call;
  }

  private void arguments(Call call, String json) {
    if (!call.open && !call.name.isEmpty()) {
      call.open = true;
      String id = call.id.isEmpty() ? "call_" + call.key : call.id;
      parts.callOpened(call.key, id, call.name, call.seal);
      parts.callDelta(call.key, call.early.toString());
    }
    if (call.open) {
      parts.callDelta(call.key, json);
    } else {
      call.early.append(json);
    }
  }

  /** The one call of the deprecated {@code functions}, which has no id. */
  private void functionCall(Fields message) {
    if (!(message.node().path("function_call") instanceof ObjectNode)) {
      return;
    }
    message
        .object("function_call")
        .ifPresent(function -> {
          String name = function.text("name").orElse("");
          String json = text(function.raw("arguments").orElse(null));
          if (!name.isEmpty() || !json.isEmpty()) {
            Call call = byIndex.computeIfAbsent(-1L, _ -> newCall());
            call.name = call.open || name.isEmpty() ? call.name : name;
            arguments(call, json);
          }
        });
  }

  /** Arguments are a string; Ollama and others have sent the object itself. */
  private static String text(@Nullable JsonNode arguments) {
    if (arguments == null) {
      return "";
    }
    return arguments.isString() ? arguments.stringValue() : Json.text(arguments);
  }
}
