package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Leaf.Direction;
import dev.understudy.chat.Leaf.Modality;
import dev.understudy.chat.Tokens;
import dev.understudy.json.Json;
import java.util.Locale;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** Writes leaves as OpenAI counts: totals that include what their details name. */
final class UsageWriter {
  private UsageWriter() {}

  static ObjectNode write(Tokens tokens) {
    ObjectNode usage = Json.object();
    usage.put("prompt_tokens", tokens.input());
    usage.put("completion_tokens", tokens.output());
    usage.put("total_tokens", tokens.input() + tokens.output());
    ObjectNode prompt = Json.object();
    detail(prompt, "cached_tokens", tokens, leaf -> leaf.cache() == Leaf.Cache.READ);
    detail(
        prompt,
        "cache_write_tokens",
        tokens,
        leaf -> leaf.cache() != Leaf.Cache.READ && leaf.cache() != Leaf.Cache.NONE);
    modalities(prompt, Direction.INPUT, tokens);
    ObjectNode completion = Json.object();
    detail(completion, "reasoning_tokens", tokens, leaf -> leaf.phase() == Leaf.Phase.REASONING);
    modalities(completion, Direction.OUTPUT, tokens);
    if (!prompt.isEmpty()) {
      usage.set("prompt_tokens_details", prompt);
    }
    if (!completion.isEmpty()) {
      usage.set("completion_tokens_details", completion);
    }
    return usage;
  }

  private static void modalities(ObjectNode details, Direction direction, Tokens tokens) {
    for (Modality modality : Modality.values()) {
      if (modality != Modality.TEXT && modality != Modality.DOCUMENT) {
        detail(
            details,
            modality.name().toLowerCase(Locale.ROOT) + "_tokens",
            tokens,
            leaf -> leaf.direction() == direction && leaf.modality() == modality);
      }
    }
  }

  private static void detail(
      ObjectNode details, String name, Tokens tokens, Predicate<Leaf> which) {
    if (tokens.byLeaf().keySet().stream().anyMatch(which)) {
      details.put(name, tokens.sum(which));
    }
  }
}
