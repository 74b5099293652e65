package dev.understudy.gateway;

import dev.understudy.access.Reach;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.routing.Plan;
import dev.understudy.routing.Resolution;
import dev.understudy.routing.Route;
import dev.understudy.routing.Target;
import dev.understudy.vendor.Vendor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The routes and models on offer, in the form of the protocol that is asked in. */
final class Listing {
  /** Routes have no date of birth; a fixed one keeps the form that clients expect. */
  private static final long CREATED_EPOCH_SECONDS = 1_767_225_600L;

  private static final String CREATED = "2026-01-01T00:00:00Z";

  /** Price books of one's own may name any number of models. */
  private static final int NAMES_MAX = 1_000;

  private Listing() {}

  /** Whatever the caller may ask for: routes first, then models of vendors that are on. */
  static String all(ProtocolName protocol, Service.Live live, KnownModels models, Reach reach) {
    var names = new LinkedHashSet<String>();
    live.plan().routeNames().stream().filter(reach::mayAskFor).forEach(names::add);
    for (Vendor vendor : live.vendors().all()) {
      if (reach.mayUse(vendor.name())) {
        Stream.concat(named(live.plan(), vendor), models.of(vendor).stream())
            .map(model -> vendor.name() + "/" + model)
            .filter(reach::mayAskFor)
            .forEach(names::add);
      }
    }
    return list(protocol, names.stream().limit(NAMES_MAX).toList());
  }

  /** The models of a vendor that routes name. */
  private static Stream<String> named(Plan plan, Vendor vendor) {
    return plan.routes().stream()
        .flatMap(route -> route.targets().stream())
        .filter(target -> target.vendor().equals(vendor.name()))
        .map(Target::model);
  }

  private static String list(ProtocolName protocol, List<String> names) {
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
      int slash = name.indexOf('/');
      entry.put("owned_by", slash < 0 ? "understudy" : name.substring(0, slash));
    }
    return entry;
  }
}
