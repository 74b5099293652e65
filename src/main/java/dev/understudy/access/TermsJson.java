package dev.understudy.access;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.text.Nearness;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Terms as JSON, for the operators' door and for what is stored. */
public final class TermsJson {
  /** The members that terms have in an object. */
  public static final List<String> MEMBERS = List.of("limits", "routes", "vendors");

  private static final String REQUESTS = "requests_per_minute";
  private static final String TOKENS = "tokens_per_minute";
  private static final String CALLS = "concurrent_calls";
  private static final String BUDGETS = "budgets";
  private static final List<String> LIMITS = List.of(REQUESTS, TOKENS, CALLS, BUDGETS);

  private TermsJson() {}

  /** Puts what is said into an object; what is not said is left out. */
  public static void write(Terms terms, ObjectNode into) {
    Limits limits = terms.limits();
    ObjectNode said = Json.object();
    limits.requestsPerMinute().ifPresent(n -> said.put(REQUESTS, n));
    limits.tokensPerMinute().ifPresent(n -> said.put(TOKENS, n));
    limits.concurrentCalls().ifPresent(n -> said.put(CALLS, n));
    if (!limits.budgets().isEmpty()) {
      ArrayNode budgets = said.putArray(BUDGETS);
      limits.budgets().forEach(budget -> budgets.add(budget.text()));
    }
    if (!said.isEmpty()) {
      into.set("limits", said);
    }
    globs(terms.routes(), "routes", into);
    globs(terms.vendors(), "vendors", into);
  }

  private static void globs(List<Glob> globs, String member, ObjectNode into) {
    if (!globs.isEmpty()) {
      ArrayNode texts = into.putArray(member);
      globs.forEach(glob -> texts.add(glob.text()));
    }
  }

  /**
   * The terms that an object makes of others: a member that is not there changes nothing, null
   * takes away.
   *
   * @throws Malformed if a member is not what it must be
   * @throws IllegalArgumentException if a value makes no sense
   */
  public static Terms read(ObjectNode from, Terms base) {
    Limits limits = base.limits();
    JsonNode said = from.path("limits");
    if (said.isNull()) {
      limits = Limits.NONE;
    } else if (said instanceof ObjectNode object) {
      limits = limits(object, limits);
    } else if (!said.isMissingNode()) {
      throw new Malformed("limits", "must be an object");
    }
    return new Terms(
        limits,
        list(from, "routes", base.routes(), Glob::new),
        list(from, "vendors", base.vendors(), Glob::new));
  }

  private static Limits limits(ObjectNode from, Limits base) {
    for (String member : from.propertyNames()) {
      if (!LIMITS.contains(member)) {
        throw new Malformed(
            "limits",
            "unknown member %s%s"
                .formatted(Nearness.quoted(member), Nearness.hint(member, LIMITS)));
      }
    }
    OptionalLong calls =
        number(
            from,
            CALLS,
            base.concurrentCalls().isPresent()
                ? OptionalLong.of(base.concurrentCalls().getAsInt())
                : OptionalLong.empty());
    if (calls.isPresent() && (calls.getAsLong() < 1 || calls.getAsLong() > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "a limit of %d concurrent calls is not from 1 to %d"
              .formatted(calls.getAsLong(), Integer.MAX_VALUE));
    }
    return new Limits(
        number(from, REQUESTS, base.requestsPerMinute()),
        number(from, TOKENS, base.tokensPerMinute()),
        calls.isPresent() ? OptionalInt.of((int) calls.getAsLong()) : OptionalInt.empty(),
        list(from, BUDGETS, base.budgets(), Budget::parse));
  }

  private static OptionalLong number(ObjectNode from, String member, OptionalLong base) {
    JsonNode said = from.path(member);
    if (said.isMissingNode()) {
      return base;
    }
    if (said.isNull()) {
      return OptionalLong.empty();
    }
    if (!said.isIntegralNumber() || !said.canConvertToLong()) {
      throw new Malformed("limits." + member, "must be a whole number");
    }
    return OptionalLong.of(said.asLong());
  }

  private static <T> List<T> list(
      ObjectNode from, String member, List<T> base, Function<String, T> read) {
    JsonNode said = from.path(member);
    if (said.isMissingNode()) {
      return base;
    }
    if (said.isNull()) {
      return List.of();
    }
    if (!(said instanceof ArrayNode array)) {
      throw new Malformed(member, "must be a list of texts");
    }
    var all = new ArrayList<T>();
    for (JsonNode element : array) {
      if (!element.isString()) {
        throw new Malformed(member, "must be a list of texts");
      }
      all.add(read.apply(element.asString()));
    }
    return all;
  }
}
