package dev.understudy.chat;

import java.util.Optional;

/** Something a model may ask to be done. */
public sealed interface Tool {

  /**
   * A function that whoever asks will run.
   *
   * @param schemaJson JSON Schema of the input, as text; empty where none was given
   * @param strict whether the input must follow the schema; empty where not said
   */
  record Function(
      String name,
      Optional<String> description,
      Optional<String> schemaJson,
      Optional<Boolean> strict)
      implements Tool {}

  /** A mark behind a tool: the vendor may cache everything up to here. */
  record CachePoint(Optional<String> ttl) implements Tool {}

  /** A tool that a vendor runs itself, or of a kind that has no word here. */
  record Foreign(ProtocolName origin, String json) implements Tool {}
}
