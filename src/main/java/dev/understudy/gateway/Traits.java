package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Feature;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Thinking;
import dev.understudy.gain.GainModel;
import dev.understudy.json.JsonScanner;
import dev.understudy.json.Malformed;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Delivery;
import dev.understudy.routing.Request;
import dev.understudy.routing.Route;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds out of a request what the route it goes by wants to know, and no more. */
final class Traits {
  private Traits() {}

  static Request of(
      Asked asked, Envelope envelope, Wording wording, Route route, JsonScanner scanner) {
    Affinity affinity = route.affinity();
    return new Request(
        asked.caller().name(),
        asked.caller().team(),
        tags(asked),
        route.asksFeatures() ? features(envelope, wording) : Set.of(),
        asked.length(),
        asked.region(),
        affinity == Affinity.NONE
            ? 0
            : Sessions.of(affinity, asked.body(), asked.length(), scanner),
        route.gain().map(rule -> gain(rule.model(), tags(asked), wording)).orElse(Double.NaN),
        Delivery.of(envelope.stream()));
  }

  /** So much of what a person said last is looked at. */
  private static final int SAID_CHARS_MAX = 16_384;

  private static final String DOMAIN = "domain=";

  private static double gain(GainModel model, Set<String> tags, Wording wording) {
    String domain =
        tags.stream()
            .filter(tag -> tag.startsWith(DOMAIN))
            .sorted()
            .findFirst()
            .map(tag -> tag.substring(DOMAIN.length()))
            .orElse("");
    try {
      return model.gain(saidLast(wording.read().messages()), domain);
    } catch (Malformed e) {
      return Double.NaN;
    }
  }

  /** What the person said last: the text of the last messages that are a user's. */
  static String saidLast(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role() != Role.USER) {
        continue;
      }
      var said = new StringBuilder();
      for (Part part : messages.get(i).parts()) {
        if (part instanceof Part.Text(String text, var _, var _)
            && said.length() < SAID_CHARS_MAX) {
          int room = SAID_CHARS_MAX - said.length();
          said.append(said.isEmpty() ? "" : "\n").append(text, 0, Math.min(room, text.length()));
        }
      }
      if (!said.isEmpty()) {
        return said.toString();
      }
    }
    return "";
  }

  /** Those of the request and those of the key, each of the latter with and without its value. */
  private static Set<String> tags(Asked asked) {
    if (asked.caller().tags().isEmpty()) {
      return asked.tags();
    }
    var all = new HashSet<>(asked.tags());
    asked
        .caller()
        .tags()
        .forEach((name, value) -> {
          all.add(name);
          all.add(name + "=" + value);
        });
    return all;
  }

  private static Set<Feature> features(Envelope envelope, Wording wording) {
    var found = EnumSet.noneOf(Feature.class);
    if (envelope.stream()) {
      found.add(Feature.STREAM);
    }
    ChatRequest request;
    try {
      request = wording.read();
    } catch (Malformed e) {
      // What cannot be read asks for nothing that is known; its vendor says what is wrong with it.
      return found;
    }
    if (!request.tools().isEmpty()) {
      found.add(Feature.TOOLS);
    }
    if (request.format() instanceof ReplyFormat.JsonSchema) {
      found.add(Feature.JSON_SCHEMA);
    }
    if (thinks(request.thinking())) {
      found.add(Feature.REASONING);
    }
    for (Message message : request.messages()) {
      parts(message.parts(), found);
    }
    return found;
  }

  private static boolean thinks(Thinking thinking) {
    return thinking.enabled().orElse(false)
        || thinking.adaptive()
        || thinking.effort().filter(effort -> !effort.equals("none")).isPresent()
        || thinking.budgetTokens().filter(budget -> budget != 0).isPresent();
  }

  private static void parts(List<Part> parts, Set<Feature> found) {
    for (Part part : parts) {
      switch (part) {
        case Part.Image _ -> found.add(Feature.IMAGES);
        case Part.Audio _ -> found.add(Feature.AUDIO);
        case Part.Video _ -> found.add(Feature.VIDEO);
        case Part.Document _ -> found.add(Feature.DOCUMENTS);
        case Part.ToolResult result -> {
          found.add(Feature.TOOLS);
          parts(result.content(), found);
        }
        case Part.ToolCall _ -> found.add(Feature.TOOLS);
        case Part.Text _, Part.Reasoning _, Part.Refusal _, Part.CachePoint _, Part.Foreign _ -> {}
      }
    }
  }
}
