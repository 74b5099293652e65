package dev.understudy.gateway;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Part;
import dev.understudy.chat.Seal;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tokens;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.SealText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an answer says, feature by feature, in a form that every protocol can be held to. */
final class ReplyEssence {
  private static final Pattern WRAPPED = Pattern.compile(Pattern.quote(SealText.MARK) + "[\\w.-]+");

  private ReplyEssence() {}

  /** The features that an answer has, each with what must come back of it. */
  static Map<String, Object> of(ChatReply reply) {
    var text = new StringBuilder();
    var refusal = new StringBuilder();
    var reasoning = new StringBuilder();
    List<String> calls = new ArrayList<>();
    List<String> arguments = new ArrayList<>();
    List<String> callIds = new ArrayList<>();
    List<String> seals = new ArrayList<>();
    List<String> citations = new ArrayList<>();
    List<String> media = new ArrayList<>();
    List<String> own = new ArrayList<>();
    int logprobs = 0;
    for (Part part : reply.parts()) {
      switch (part) {
        case Part.Text said -> {
          text.append(said.text());
          logprobs += said.logprobs().size();
          said.citations().forEach(c -> citations.add(c.url().orElse("")));
        }
        case Part.Refusal(String said) -> {
          // Where a protocol has no refusal of its own, it is text.
          text.append(said);
          refusal.append(said);
        }
        case Part.Reasoning(String thought, Optional<Seal> seal) -> {
          reasoning.append(thought);
          seal.ifPresent(s -> seals.add(unwrapped(s)));
        }
        case Part.ToolCall(String id, String tool, String input, Optional<Seal> seal) -> {
          calls.add(tool + " " + compact(input));
          arguments.add(input);
          callIds.add(id);
          seal.ifPresent(s -> seals.add(unwrapped(s)));
        }
        case Part.Foreign(var origin, String json) -> own.add(origin + json);
        case Part.Image _, Part.Audio _, Part.Video _, Part.Document _ -> media.add("" + part);
        case Part.ToolResult _, Part.CachePoint _ -> own.add("" + part);
      }
    }
    var essence = new LinkedHashMap<String, Object>();
    put(essence, "text", text.toString());
    put(essence, "refusal", refusal.toString());
    put(essence, "tool calls", calls);
    put(essence, "arguments as text", arguments);
    put(essence, "ids of calls", callIds);
    put(essence, "reasoning", reasoning.toString());
    put(essence, "seals", seals);
    put(essence, "citations", citations);
    put(essence, "logprobs", logprobs == 0 ? "" : "" + logprobs);
    put(essence, "media", media);
    put(essence, "vendor's own", own);
    Tokens tokens = reply.usage().tokens();
    put(essence, "usage", tokens.isEmpty() ? "" : tokens.input() + " " + tokens.output());
    put(essence, "cache reads", tokens.cacheRead() == 0 ? "" : "" + tokens.cacheRead());
    put(essence, "cache writes", tokens.cacheWrite() == 0 ? "" : "" + tokens.cacheWrite());
    put(essence, "thought tokens", tokens.reasoning() == 0 ? "" : "" + tokens.reasoning());
    put(essence, "stop", stop(reply.stop().reason()));
    return essence;
  }

  /** Arguments without white space; a call without any has none, however that is written. */
  private static String compact(String input) {
    try {
      return input.isBlank() ? "{}" : Json.text(Json.parse(input));
    } catch (Malformed e) {
      return input;
    }
  }

  /** What the issuer will see, of a seal that travels in another protocol's wrapping. */
  private static String unwrapped(Seal seal) {
    String data = seal.data();
    for (Matcher wrapped = WRAPPED.matcher(data); wrapped.find(); wrapped = WRAPPED.matcher(data)) {
      data = SealText.unwrap(wrapped.group()).orElseThrow().data();
    }
    return data;
  }

  private static void put(Map<String, Object> essence, String feature, String value) {
    if (!value.isEmpty()) {
      essence.put(feature, value);
    }
  }

  private static void put(Map<String, Object> essence, String feature, List<String> values) {
    if (!values.isEmpty()) {
      essence.put(feature, values);
    }
  }

  /** The classes of ends that all protocols tell apart. */
  private static String stop(Stop.Reason reason) {
    return switch (reason) {
      case END, STOP_SEQUENCE, PAUSE, OTHER -> "end";
      case MAX_TOKENS, CONTEXT_WINDOW -> "length";
      case TOOL_CALLS -> "tools";
      case REFUSAL, CONTENT_FILTER -> "refused";
    };
  }
}
