package dev.understudy.protocol;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A caller's request as its protocol sent it.
 *
 * @param body the JSON body
 * @param pathModel the model, where the protocol names it in the path and not in the body
 * @param pathStream whether the path asks for a stream
 * @param sse whether a stream is to be server-sent events; only Gemini knows another form
 */
public record InboundCall(
    ObjectNode body, Optional<String> pathModel, boolean pathStream, boolean sse) {
  public static InboundCall of(ObjectNode body) {
    return new InboundCall(body, Optional.empty(), false, true);
  }
}
