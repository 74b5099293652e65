package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A whole reply before it is played.
 *
 * @param framing how the frames make a body
 */
record Answer(int status, Map<String, String> headers, List<Frame> frames, Framing framing) {

  /** How a body is made of frames, which is also how it breaks. */
  enum Framing {
    WHOLE,
    SSE,
    JSON_ARRAY,
    AWS
  }

  Answer {
    headers = new LinkedHashMap<>(headers);
    frames = List.copyOf(frames);
  }

  static Answer json(int status, JsonNode body, int tokens) {
    return new Answer(
        status,
        Map.of("content-type", "application/json"),
        List.of(new Frame(Json.bytes(body), tokens)),
        Framing.WHOLE);
  }

  static Answer events(List<Frame> frames) {
    return new Answer(
        200, Map.of("content-type", "text/event-stream; charset=utf-8"), frames, Framing.SSE);
  }

  boolean streamed() {
    return framing != Framing.WHOLE;
  }

  Answer with(String header, String value) {
    headers.put(header, value);
    return this;
  }
}
