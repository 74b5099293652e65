package dev.understudy.protocol.openaichat;

import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How likely tokens were, in a choice's {@code logprobs}. */
final class Logprobs {
  private Logprobs() {}

  static List<TokenLogprob> read(Fields choice) {
    Optional<Fields> logprobs =
        choice.raw("logprobs").filter(ObjectNode.class::isInstance).isPresent()
            ? choice.object("logprobs")
            : Optional.empty();
    if (logprobs.isEmpty()) {
      return List.of();
    }
    if (logprobs.get().raw("refusal").filter(JsonNode::isEmpty).isPresent()) {
      logprobs.get().ignore("refusal");
    } else {
      logprobs.get().reject("refusal");
    }
    return tokens(logprobs.get(), "content");
  }

  private static List<TokenLogprob> tokens(Fields at, String name) {
    var tokens = new ArrayList<TokenLogprob>();
    for (Fields token : at.objects(name)) {
      tokens.add(
          new TokenLogprob(
              token.requiredText("token"),
              token.number("logprob").orElse(BigDecimal.ZERO),
              bytes(token),
              tokens(token, "top_logprobs")));
    }
    return tokens;
  }

  private static Optional<List<Integer>> bytes(Fields token) {
    return token
        .raw("bytes")
        .filter(JsonNode::isArray)
        .map(array -> {
          var bytes = new ArrayList<Integer>();
          array.forEach(value -> bytes.add(value.asInt(0)));
          return bytes;
        });
  }

  static ObjectNode write(List<TokenLogprob> tokens) {
    ObjectNode logprobs = Json.object();
    ArrayNode content = logprobs.putArray("content");
    for (TokenLogprob token : tokens) {
      ObjectNode written = token(token);
      ArrayNode alternatives = written.putArray("top_logprobs");
      token.alternatives().forEach(other -> alternatives.add(token(other)));
      content.add(written);
    }
    logprobs.putNull("refusal");
    return logprobs;
  }

  private static ObjectNode token(TokenLogprob token) {
    ObjectNode written = Json.object();
    written.put("token", token.token());
    written.put("logprob", token.logprob());
    if (token.bytes().isPresent()) {
      ArrayNode bytes = written.putArray("bytes");
      token.bytes().get().forEach(bytes::add);
    } else {
      written.putNull("bytes");
    }
    return written;
  }
}
