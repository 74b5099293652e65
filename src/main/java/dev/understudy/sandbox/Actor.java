package dev.understudy.sandbox;

import dev.understudy.json.Json;
import dev.understudy.sandbox.Asked.OfferedTool;
import dev.understudy.sandbox.Script.Finish;
import dev.understudy.sandbox.Script.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The sandbox's model: what it says follows from the request alone. */
final class Actor {
  private static final int QUOTED_CHARACTERS_MAX = 400;

  private Actor() {}

  /**
   * Plays a request.
   *
   * @param asked what is asked, without what was answered before an interruption
   * @param name in whose place it speaks, as {@code vendor/model}
   */
  static Script play(Asked asked, String name, Speech speech) {
    // Who goes on with another's answer speaks in that one's place.
    String role = speech.role(name);
    String thought =
        asked.thinks()
            ? "The sandbox thinks in place of %s: the user said %s. A short answer will do."
                .formatted(role, quoted(asked.lastUserText()))
            : "";
    int thoughtTokens = TokenCount.of(thought);
    if (thoughtTokens >= asked.maxTokens()) {
      return new Script(
          TokenCount.first(thought, asked.maxTokens()), "", List.of(), Finish.LENGTH, "");
    }
    int room = asked.maxTokens() - thoughtTokens;
    boolean calls = !asked.tools().isEmpty() && (asked.mustCall() || asked.toolResult().isEmpty());
    if (calls) {
      List<ToolCall> made = calls(asked);
      String opening =
          asked.opens() && !asked.mustCall()
              ? speech.said("The sandbox calls a tool in place of %s.".formatted(role))
              : "";
      int needed = made.stream().mapToInt(Script::tokens).sum() + TokenCount.of(opening);
      if (needed <= room) {
        return new Script(thought, opening, made, Finish.TOOLS, "");
      }
    }
    Optional<String> verdict =
        asked.format().isPresent() || asked.toolResult().isPresent()
            ? Optional.empty()
            : speech.judge().verdict(asked.lastUserText(), role);
    if (verdict.isPresent()) {
      return cut(thought, speech.said(verdict.get()), asked, room);
    }
    String text =
        asked
            .format()
            .map(schema -> Json.text(document(schema, role)))
            .orElseGet(
                () -> speech.recites() > 0 ? Recital.of(speech.recites()) : prose(asked, role));
    if (speech.pleads() && asked.format().isEmpty()) {
      text += " " + Speech.PLEA;
    }
    String whole = stretched(text, asked.format().isPresent() ? 0 : speech.sayTokens());
    return cut(thought, speech.said(whole), asked, room);
  }

  private static Script cut(String thought, String text, Asked asked, int room) {
    String said = text;
    String stop = "";
    for (String sequence : asked.stops()) {
      int at = sequence.isEmpty() ? -1 : said.indexOf(sequence);
      if (at >= 0) {
        said = said.substring(0, at);
        stop = sequence;
      }
    }
    if (TokenCount.of(said) > room) {
      return new Script(thought, TokenCount.first(said, room), List.of(), Finish.LENGTH, "");
    }
    return new Script(
        thought, said, List.of(), stop.isEmpty() ? Finish.STOP : Finish.STOP_SEQUENCE, stop);
  }

  private static List<ToolCall> calls(Asked asked) {
    boolean several =
        asked.mayCallSeveral()
            && asked.lastUserText().toLowerCase(Locale.ROOT).contains("parallel");
    var calls = new ArrayList<ToolCall>();
    for (int i = 0; i < (several ? 2 : 1); i++) {
      OfferedTool tool = asked.tools().get(i % asked.tools().size());
      calls.add(new ToolCall(i, tool.name(), Json.text(SchemaExample.of(tool.schema()))));
    }
    return calls;
  }

  private static JsonNode document(JsonNode schema, String role) {
    if (!schema.isObject() || schema.isEmpty()) {
      ObjectNode any = Json.object();
      any.put("sandbox", "the sandbox's answer in place of " + role);
      return any;
    }
    return SchemaExample.of(schema);
  }

  private static String prose(Asked asked, String role) {
    return asked
        .toolResult()
        .map(result ->
            "This is the sandbox's answer in place of %s: the tool said %s."
                .formatted(role, quoted(result)))
        .orElseGet(() ->
            "This is the sandbox's answer in place of %s: you said %s."
                .formatted(role, quoted(asked.lastUserText())));
  }

  private static String stretched(String text, int tokens) {
    if (tokens == 0) {
      return text;
    }
    var longer = new StringBuilder(text);
    for (int word = 1; longer.length() < tokens * TokenCount.CHARACTERS; word++) {
      longer.append(" and word ").append(word);
    }
    return TokenCount.first(longer.toString(), tokens);
  }

  private static String quoted(String text) {
    String line = text.strip();
    if (line.codePointCount(0, line.length()) <= QUOTED_CHARACTERS_MAX) {
      return "\"" + line + "\"";
    }
    return "\"" + line.substring(0, line.offsetByCodePoints(0, QUOTED_CHARACTERS_MAX)) + "…\"";
  }
}
