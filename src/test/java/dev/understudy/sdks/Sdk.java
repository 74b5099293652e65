package dev.understudy.sdks;

import dev.understudy.json.Json;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One vendor's own client library, pointed at the gateway. */
interface Sdk extends AutoCloseable {
  /** The description of the one tool there is, and of the JSON that is asked for. */
  Map<String, Object> SCHEMA =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("city", Map.of("type", "string"), "days", Map.of("type", "integer")),
          "required",
          List.of("city", "days"),
          "additionalProperties",
          false);

  String TOOL = "weather";

  /** A picture of one pixel, as base64. */
  String PICTURE =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  /** The package it comes in, and which API of it where there are several. */
  String title();

  Talk talk(Wish wish);

  /** Whether this is how the library says that the vendor's limit is reached. */
  boolean saysLimited(Throwable thrown);

  /** Whether this is how the library says that there is no such model. */
  boolean saysNotFound(Throwable thrown);

  @Override
  void close();

  /** A conversation; the library's own objects carry it from turn to turn. */
  interface Talk {
    /** Sends what has been said so far, and takes the answer in. */
    Said send();

    /** What the tool says to each of the calls, for the next turn. */
    void results(List<Call> calls, String result);
  }

  /**
   * What the program that uses the library wants.
   *
   * @param maxTokens 0 for the library's or the vendor's own
   */
  record Wish(
      String model,
      String text,
      boolean system,
      boolean tool,
      boolean json,
      boolean picture,
      boolean reasons,
      int maxTokens,
      boolean stream) {

    static final String SYSTEM = "Be brief, as in a telegram.";

    static Wish of(String model, String text, boolean stream) {
      return new Wish(model, text, false, false, false, false, false, 0, stream);
    }

    Wish withSystem() {
      return new Wish(model, text, true, tool, json, picture, reasons, maxTokens, stream);
    }

    Wish withTool() {
      return new Wish(model, text, system, true, json, picture, reasons, maxTokens, stream);
    }

    Wish withJson() {
      return new Wish(model, text, system, tool, true, picture, reasons, maxTokens, stream);
    }

    Wish withPicture() {
      return new Wish(model, text, system, tool, json, true, reasons, maxTokens, stream);
    }

    Wish withReasons() {
      return new Wish(model, text, system, tool, json, picture, true, maxTokens, stream);
    }

    Wish withMax(int tokens) {
      return new Wish(model, text, system, tool, json, picture, reasons, tokens, stream);
    }
  }

  /** An answer as the library shows it. */
  record Said(
      String text,
      String thought,
      List<Call> calls,
      Stop stop,
      long inputTokens,
      long outputTokens) {}

  /** A tool call as the library shows it. */
  record Call(String id, String tool, JsonNode arguments) {
    static Call of(String id, String tool, Map<?, ?> arguments) {
      return new Call(id, tool, JsonMapper.shared().valueToTree(arguments));
    }

    static Call of(String id, String tool, String arguments) {
      return new Call(id, tool, Json.parse(arguments));
    }
  }

  /** Why an answer ended. */
  enum Stop {
    END,
    LENGTH,
    CALLS,
    OTHER
  }
}
