package dev.understudy.gateway;

import dev.understudy.access.Reach;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The routes on offer, in the form of the protocol that is asked in. */
final class Listing {
  /** Routes have no date of birth; a fixed one keeps the form that clients expect. */
  private static final long CREATED_EPOCH_SECONDS = 1_767_225_600L;

  private static final String CREATED = "2026-01-01T00:00:00Z";

  private Listing() {}

  static String all(ProtocolName protocol, List<String> names) {
    ObjectNode list = Json.object();
    if (protocol.equals(ProtocolName.GEMINI)) {
      var models = list.putArray("models");
      names.forEach(name -> models.add(entry(protocol, name)));
      return Json.text(list);
    }
    if (!protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      list.put("object", "list");
    }
    var data = list.putArray("data");
    names.forEach(name -> data.add(entry(protocol, name)));
    if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      list.put("has_more", false);
      list.put("first_id", names.isEmpty() ? null : names.getFirst());
      list.put("last_id", names.isEmpty() ? null : names.getLast());
    }
    return Json.text(list);
  }

  /**
   * One route, or one model of a vendor that is there; empty if the name leads nowhere, or to what
   * the caller may not ask for.
   */
  static Optional<String> one(ProtocolName protocol, String name, Plan plan, Reach reach) {
    return plan.resolve(name) instanceof Resolution.Found(Route route)
            && reach.mayAskFor(route.name())
        ? Optional.of(Json.text(entry(protocol, name)))
        : Optional.empty();
  }

  private static ObjectNode entry(ProtocolName protocol, String name) {
    ObjectNode entry = Json.object();
    if (protocol.equals(ProtocolName.GEMINI)) {
      entry.put("name", "models/" + name);
      entry.put("displayName", name);
      entry
          .putArray("supportedGenerationMethods")
          .add("generateContent")
          .add("streamGenerateContent")
          .add("countTokens");
    } else if (protocol.equals(ProtocolName.ANTHROPIC_MESSAGES)) {
      entry.put("type", "model");
      entry.put("id", name);
      entry.put("display_name", name);
      entry.put("created_at", CREATED);
    } else {
      entry.put("id", name);
      entry.put("object", "model");
      entry.put("created", CREATED_EPOCH_SECONDS);
      entry.put("owned_by", "understudy");
    }
    return entry;
  }
}
