package dev.understudy.evaluation;

import dev.understudy.evaluation.Template.BadTemplate;
import dev.understudy.text.Problems;
import dev.understudy.text.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Makes a conversation of a prompt: a list of messages, in JSON or YAML, is one, anything else is
 * what the user says.
 */
final class PromptfooPrompt {
  private PromptfooPrompt() {}

  /** A message before it is filled. */
  private record Message(String role, String content) {}

  static List<Turn> turns(String text, Map<String, JsonNode> values) throws BadTemplate {
    // Read before it is filled, where it can be: quotes and lines in a value are none of the
    // list's.
    Optional<List<Message>> written = list(text);
    if (written.isPresent()) {
      var turns = new ArrayList<Turn>();
      for (Message message : written.get()) {
        turns.add(
            new Turn(
                Template.fill(message.role(), values), Template.fill(message.content(), values)));
      }
      return turns;
    }
    String filled = Template.fill(text, values);
    Optional<List<Message>> list = list(filled);
    if (list.isEmpty() && looksLikeList(filled)) {
      throw new BadTemplate(
          "the prompt looks like a list of messages, and filled with this test's variables it is none");
    }
    return list.map(all -> all.stream().map(m -> new Turn(m.role(), m.content())).toList())
        .orElseGet(() -> List.of(new Turn("user", filled)));
  }

  private static boolean looksLikeList(String text) {
    return text.strip().matches("(?s)- role:.*|\\[\\s*\\{\\s*\"role\".*");
  }

  private static Optional<List<Message>> list(String text) throws BadTemplate {
    String body = text.strip();
    if (body.startsWith("[")) {
      Optional<JsonNode> list = JsonText.parse(body).filter(JsonNode::isArray);
      return list.isPresent() ? Optional.of(ofJson(list.get())) : Optional.empty();
    }
    return body.startsWith("- role:") ? ofYaml(body) : Optional.empty();
  }

  private static List<Message> ofJson(JsonNode list) throws BadTemplate {
    var messages = new ArrayList<Message>();
    for (JsonNode message : list) {
      messages.add(
          new Message(message.path("role").asString(""), content(message.path("content"))));
    }
    return messages;
  }

  /** A text, or parts that are texts; a picture that went as its address would be another case. */
  private static String content(JsonNode content) throws BadTemplate {
    if (!content.isArray()) {
      return content.isString() ? content.asString() : content.toString();
    }
    var text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("text").isString()) {
        throw new BadTemplate("a message with a part that is no text is not understood");
      }
      text.append(part.path("text").asString());
    }
    return text.toString();
  }

  private static Optional<List<Message>> ofYaml(String body) {
    Optional<Tree> tree =
        Tree.read("prompt", body.getBytes(StandardCharsets.UTF_8), new Problems());
    if (tree.isEmpty() || !(tree.get() instanceof Tree.Items items)) {
      return Optional.empty();
    }
    var messages = new ArrayList<Message>();
    for (Tree one : items.all()) {
      if (!(one instanceof Tree.Block block)
          || !(block.field("role").orElse(null) instanceof Tree.Scalar role)
          || !(block.field("content").orElse(null) instanceof Tree.Scalar content)) {
        return Optional.empty();
      }
      messages.add(new Message(role.text(), content.text()));
    }
    return Optional.of(messages);
  }
}
