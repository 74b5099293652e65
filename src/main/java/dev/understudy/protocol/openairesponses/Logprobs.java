package dev.understudy.protocol.openairesponses;

import dev.understudy.chat.TokenLogprob;
import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Probabilities of tokens as output texts and their deltas carry them. */
final class Logprobs {
  private Logprobs() {}

  static List<TokenLogprob> read(Fields holder) {
    var found = new ArrayList<TokenLogprob>();
    for (Fields entry : holder.objects("logprobs")) {
      found.add(one(entry, alternatives(entry)));
    }
    return found;
  }

  static ArrayNode write(List<TokenLogprob> logprobs) {
    var array = Json.array();
    for (TokenLogprob logprob : logprobs) {
      ObjectNode entry = array.addObject();
      put(entry, logprob);
      ArrayNode top = entry.putArray("top_logprobs");
      for (TokenLogprob alternative : logprob.alternatives()) {
        put(top.addObject(), alternative);
      }
    }
    return array;
  }

  private static List<TokenLogprob> alternatives(Fields entry) {
    var found = new ArrayList<TokenLogprob>();
    for (Fields alternative : entry.objects("top_logprobs")) {
      found.add(one(alternative, List.of()));
    }
    return found;
  }

  private static TokenLogprob one(Fields entry, List<TokenLogprob> alternatives) {
    String token = entry.text("token").orElse("");
    var logprob = entry.number("logprob").orElse(BigDecimal.ZERO);
    return new TokenLogprob(token, logprob, bytes(entry), alternatives);
  }

  private static Optional<List<Integer>> bytes(Fields entry) {
    return entry
        .raw("bytes")
        .filter(JsonNode::isArray)
        .map(array -> {
          var bytes = new ArrayList<Integer>();
          array.forEach(value -> bytes.add(value.asInt()));
          return bytes;
        });
  }

  private static void put(ObjectNode entry, TokenLogprob logprob) {
    entry.put("token", logprob.token()).put("logprob", logprob.logprob());
    ArrayNode bytes = entry.putArray("bytes");
    if (logprob.bytes().isPresent()) {
      logprob.bytes().get().forEach(bytes::add);
    } else {
      for (byte b : logprob.token().getBytes(StandardCharsets.UTF_8)) {
        bytes.add(b & 0xff);
      }
    }
  }
}
