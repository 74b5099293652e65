package dev.understudy.vendor;

import java.util.Map;

/**
 * How a request's body differs from what the protocol's author takes, at a host that serves the
 * same protocol.
 *
 * @param modelInBody false: the model is named in the path, and the body must not name it
 * @param streamInBody false: the path says whether to stream, and the body must not
 * @param added members to add where the caller does not send them, as JSON text by name
 */
public record BodyEdits(boolean modelInBody, boolean streamInBody, Map<String, String> added) {
  public static final BodyEdits NONE = new BodyEdits(true, true, Map.of());

  public BodyEdits {
    added = Map.copyOf(added);
  }
}
