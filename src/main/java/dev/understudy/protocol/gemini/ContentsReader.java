package dev.understudy.protocol.gemini;

import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ProtocolName;
import dev.understudy.chat.Role;
import dev.understudy.chat.Seal;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the turns of a conversation, and finds the call that each function response answers.
 *
 * <p>Calls without an id get {@code call_1}, {@code call_2}, … in the order in which they stand; a
 * response without an id answers the earliest call of its name that is still open.
 */
final class ContentsReader {
  private record OpenCall(String id, String tool) {}

  private final Losses losses;
  private final Deque<OpenCall> openCalls = new ArrayDeque<>();
  private int calls;

  ContentsReader(Losses losses) {
    this.losses = losses;
  }

  void read(List<ProtoFields> contents, List<Message> messages) {
    for (ProtoFields content : contents) {
      String role = content.text("role").orElse("user").toLowerCase(Locale.ROOT);
      Role speaker =
          switch (role) {
            case "user", "function", "tool", "" -> Role.USER;
            case "model" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default ->
                throw new Malformed(content.path("role"), "known roles: user, model, function");
          };
      var parts = new ArrayList<Part>();
      for (ProtoFields part : content.objects("parts")) {
        part(part, parts);
      }
      if (parts.isEmpty()) {
        continue;
      }
      if (speaker == Role.ASSISTANT
          && !messages.isEmpty()
          && messages.getLast().role() == Role.ASSISTANT) {
        messages.add(new Message(speaker, joined(messages.removeLast().parts(), parts)));
      } else {
        messages.add(new Message(speaker, parts));
      }
    }
  }

  /**
   * One turn of the model that stands in several contents: Google's own libraries keep a streamed
   * answer as one content for each piece of it, which may cut a text or a thought in two.
   */
  private static List<Part> joined(List<Part> before, List<Part> next) {
    var parts = new ArrayList<Part>(before);
    Optional<Part> whole =
        switch (parts.getLast()) {
          case Part.Reasoning(String text, Optional<Seal> seal)
              when seal.isEmpty() && next.getFirst() instanceof Part.Reasoning more ->
              Optional.of(new Part.Reasoning(text + more.text(), more.seal()));
          case Part.Text text
              when text.citations().isEmpty()
                  && text.logprobs().isEmpty()
                  && next.getFirst() instanceof Part.Text more
                  && more.citations().isEmpty()
                  && more.logprobs().isEmpty() ->
              Optional.of(new Part.Text(text.text() + more.text()));
          default -> Optional.empty();
        };
    if (whole.isPresent()) {
      parts.removeLast();
      parts.add(whole.get());
    }
    parts.addAll(next.subList(whole.isPresent() ? 1 : 0, next.size()));
    return parts;
  }

  private void part(ProtoFields part, List<Part> parts) {
    boolean thought = part.flag("thought").orElse(false);
    Optional<String> signature = part.text("thoughtSignature").filter(text -> !text.isEmpty());
    Optional<String> text = part.text("text");
    if (thought && (text.isPresent() || signature.isPresent()) && !part.has("inlineData")) {
      Optional<Seal> seal = signature.flatMap(found -> Seals.read(found, Seals.THOUGHT));
      if (seal.isPresent() || !text.orElse("").isEmpty()) {
        parts.add(new Part.Reasoning(text.orElse(""), seal));
      }
      return;
    }
    Optional<ProtoFields> call = part.object("functionCall");
    if (call.isPresent()) {
      parts.add(call(call.get(), signature.flatMap(found -> Seals.read(found, Seals.CALL))));
      return;
    }
    Optional<ProtoFields> response = part.object("functionResponse");
    if (response.isPresent()) {
      parts.add(response(response.get()));
      return;
    }
    Optional<Part> plain =
        text.isPresent()
            ? text.filter(found -> !found.isEmpty()).map(Part.Text::new)
            : Media.read(part);
    if (plain.isPresent() || text.isPresent()) {
      plain.ifPresent(parts::add);
      signature
          .flatMap(found -> Seals.read(found, Seals.TEXT))
          .ifPresent(seal -> parts.add(new Part.Reasoning("", Optional.of(seal))));
      return;
    }
    ObjectNode node = part.fields().node();
    if (node.isEmpty()) {
      return;
    }
    part.fields().ignoreRest();
    parts.add(new Part.Foreign(ProtocolName.GEMINI, Json.text(node)));
  }

  private Part call(ProtoFields call, Optional<Seal> seal) {
    calls++;
    String id = call.text("id").filter(text -> !text.isEmpty()).orElse("call_" + calls);
    String tool =
        call.text("name").orElseThrow(() -> new Malformed(call.path("name"), "is missing"));
    openCalls.add(new OpenCall(id, tool));
    return new Part.ToolCall(id, tool, arguments(call), seal);
  }

  private static String arguments(ProtoFields call) {
    JsonNode args = call.raw("args").orElseGet(Json::object);
    if (!args.isObject()) {
      throw new Malformed(call.path("args"), "an object is needed");
    }
    return Json.text(args);
  }

  private Part response(ProtoFields response) {
    Optional<String> name = response.text("name").filter(text -> !text.isEmpty());
    Optional<String> id = response.text("id").filter(text -> !text.isEmpty());
    Optional<OpenCall> answered =
        openCalls.stream()
            .filter(open ->
                id.map(open.id()::equals).orElse(name.map(open.tool()::equals).orElse(true)))
            .findFirst();
    answered.ifPresent(openCalls::remove);
    if (answered.isEmpty()) {
      calls++;
    }
    String callId = id.or(() -> answered.map(OpenCall::id)).orElse("call_" + calls);
    var content = new ArrayList<Part>();
    boolean failed = output(response, content);
    for (ProtoFields part : response.objects("parts")) {
      Optional<Part> media = Media.read(part);
      media.ifPresentOrElse(
          content::add, () -> part.text("text").map(Part.Text::new).ifPresent(content::add));
    }
    return new Part.ToolResult(
        callId, name.or(() -> answered.map(OpenCall::tool)), content, failed);
  }

  /**
   * What the function gave. A lone {@code output} or {@code error} is what it says; anything else
   * is the output as a whole (ai.google.dev/api/caching, "FunctionResponse").
   *
   * @return whether it is an error
   */
  private boolean output(ProtoFields response, List<Part> content) {
    Optional<JsonNode> raw = response.raw("response");
    if (raw.isEmpty()) {
      return false;
    }
    JsonNode value = raw.get();
    boolean failed = false;
    if (value instanceof ObjectNode object && object.size() == 1) {
      if (object.has("output")) {
        value = object.path("output");
      } else if (object.has("error")) {
        value = object.path("error");
        failed = true;
      }
    } else if (value instanceof ArrayNode) {
      losses.add(response.path("response"), "an object is expected");
    }
    String text = value.isString() ? value.stringValue() : Json.text(value);
    if (!text.isEmpty() && !(value instanceof ObjectNode empty && empty.isEmpty())) {
      content.add(new Part.Text(text));
    }
    return failed;
  }
}
