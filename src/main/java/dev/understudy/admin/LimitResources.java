package dev.understudy.admin;

import dev.understudy.access.Period;
import dev.understudy.access.Scope;
import dev.understudy.json.Json;
import dev.understudy.limits.Limiting;
import dev.understudy.limits.Use;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What callers use of their limits and budgets, and how an operator starts a budget anew. */
public final class LimitResources {
  private static final System.Logger LOG = System.getLogger(LimitResources.class.getName());
  private static final int REASON_MAX = 500;

  private final Limiting limiting;
  private final Supplier<List<Scope>> scopes;

  /**
   * Makes them.
   *
   * @param scopes all in which callers may be counted now
   */
  public LimitResources(Limiting limiting, Supplier<List<Scope>> scopes) {
    this.limiting = limiting;
    this.scopes = scopes;
  }

  /** At their addresses. */
  public List<Resource> resources() {
    return List.of(
        Resource.get("/admin/limits", request -> Reply.json(all(request.query("scope")))),
        Resource.post("/admin/limits/{scope}/reset", this::reset));
  }

  private ObjectNode all(Optional<String> scope) {
    ObjectNode page = Json.object();
    Limiting.Health health = limiting.health();
    page.put("shared", health.shared());
    page.put("replicas", health.replicas());
    health.trouble().ifPresent(trouble -> page.put("trouble", trouble));
    ArrayNode list = page.putArray("scopes");
    for (Use use : limiting.limiter().uses(scopes.get())) {
      if (scope.isEmpty() || scope.get().equals(use.scope())) {
        write(use, list.addObject());
      }
    }
    if (scope.isPresent() && list.isEmpty()) {
      throw new AdminRefusal(404, "no scope of this name has limits: " + shown(scope.get()));
    }
    return page;
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static void write(Use use, ObjectNode one) {
    one.put("scope", use.scope());
    use.requests().ifPresent(level -> write(level, one.putObject("requests_per_minute")));
    use.tokens().ifPresent(level -> write(level, one.putObject("tokens_per_minute")));
    use.calls().ifPresent(level -> write(level, one.putObject("concurrent_calls")));
    if (!use.budgets().isEmpty()) {
      ArrayNode budgets = one.putArray("budgets");
      for (Use.Spent spent : use.budgets()) {
        ObjectNode budget = budgets.addObject();
        budget.put("budget", spent.budget());
        budget.put("currency", spent.currency());
        money(budget, "spent", spent.spentNanos());
        money(budget, "reserved", spent.reservedNanos());
        if (spent.elsewhereNanos() != 0) {
          money(budget, "elsewhere", spent.elsewhereNanos());
        }
        if (spent.forgivenNanos() != 0) {
          money(budget, "forgiven", spent.forgivenNanos());
        }
        money(budget, "left", spent.leftNanos());
        budget.put("resets_at", spent.reset().toString());
      }
    }
  }

  private static void write(Use.Level level, ObjectNode one) {
    one.put("limit", level.limit());
    one.put("used", level.used());
    one.put("left", Math.max(0, level.limit() - level.used()));
  }

  /** As text, since a number would become a binary fraction in many a reader. */
  private static void money(ObjectNode one, String name, long nanos) {
    BigDecimal amount = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
    one.put(name, (amount.scale() < 0 ? amount.setScale(0) : amount).toPlainString());
  }

  private Reply reset(AdminRequest request) {
    String scope = request.named("scope");
    ObjectNode said = request.json();
    for (String member : said.propertyNames()) {
      if (!member.equals("reason") && !member.equals("period")) {
        throw new AdminRefusal(400, "unknown member " + shown(member) + "; known: reason, period");
      }
    }
    String reason = said.path("reason").asString("").strip();
    if (reason.isEmpty() || reason.length() > REASON_MAX) {
      throw new AdminRefusal(
          400, "say why: reason must be a text of 1 to " + REASON_MAX + " characters");
    }
    Optional<Period> period =
        switch (said.path("period").asString("")) {
          case "" -> Optional.empty();
          case "day" -> Optional.of(Period.DAY);
          case "month" -> Optional.of(Period.MONTH);
          default -> throw new AdminRefusal(400, "period must be day or month");
        };
    limiting.limiter().uses(scopes.get());
    int started = limiting.limiter().startAnew(scope, period);
    if (started == 0) {
      throw new AdminRefusal(404, "no scope of this name has such a budget: " + shown(scope));
    }
    LOG.log(
        Level.INFO,
        "{0} budgets of {1} start anew, because: {2}",
        started,
        shown(scope),
        reason.replaceAll("\\p{Cntrl}", " "));
    return Reply.json(all(Optional.of(scope)));
  }
}
