package dev.understudy.protocol;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells a caller at the end of a stream that more than one target answered it: a member that no
 * protocol knows and every official client lets pass.
 *
 * @param exchangeId the name of the call's record
 * @param targets who answered, in this order, as {@code vendor/model}
 */
public record Continued(String exchangeId, List<String> targets) {
  /** The member's name. */
  public static final String MEMBER = "understudy";

  public Continued {
    targets = List.copyOf(targets);
  }

  /** Adds the member to the stream's last event of content. */
  public void writeTo(ObjectNode event) {
    ObjectNode told = event.putObject(MEMBER);
    told.put("exchange", exchangeId);
    ArrayNode by = told.putArray("answered_by");
    targets.forEach(by::add);
  }
}
