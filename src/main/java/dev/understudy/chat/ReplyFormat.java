package dev.understudy.chat;

import java.util.Optional;

/** What form the answer is to have. */
public sealed interface ReplyFormat {

  record Text() implements ReplyFormat {}

  /** Any JSON object. */
  record JsonObject() implements ReplyFormat {}

  /** JSON by a schema, which is given as text. */
  record JsonSchema(
      Optional<String> name,
      Optional<String> description,
      String schemaJson,
      Optional<Boolean> strict)
      implements ReplyFormat {}
}
