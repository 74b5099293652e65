package dev.understudy.admin;

import dev.understudy.json.Json;
import dev.understudy.rollout.Finding;
import dev.understudy.rollout.Guardrail;
import dev.understudy.rollout.Metric;
import dev.understudy.rollout.RolloutDesk;
import dev.understudy.rollout.RolloutState;
import dev.understudy.rollout.RulesJson;
import dev.understudy.rollout.Shares;
import dev.understudy.rollout.Steering;
import dev.understudy.rollout.Step;
import dev.understudy.rollout.Weights;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Rollouts at the operators' door: what there is, how it stands and why, and what to do with it.
 */
public final class RolloutResources {
  private static final int TEXT_MAX = 500;

  private final RolloutDesk desk;
  private final Declaring declaring;
  private final Telling telling;

  /** Makes a rollout of what was declared. */
  @FunctionalInterface
  public interface Declaring {
    /**
     * The rollout of that name.
     *
     * @param text what an operator sent to declare it; empty for the settings' own
     * @param file what the operator calls that text; empty if it has no name
     * @throws AdminRefusal if there is none, or it does not fit what is in force
     */
    RolloutState.Beginning beginning(String name, byte[] text, String file);
  }

  /** Says what else is known of a rollout. */
  @FunctionalInterface
  public interface Telling {
    void add(RolloutState state, ObjectNode to);
  }

  /**
   * Makes them.
   *
   * @param telling adds what this gateway alone knows
   */
  public RolloutResources(RolloutDesk desk, Declaring declaring, Telling telling) {
    this.desk = desk;
    this.declaring = declaring;
    this.telling = telling;
  }

  /** At their addresses. */
  public List<Resource> resources() {
    return List.of(
        Resource.get("/admin/rollouts", _ -> Reply.json(all())),
        Resource.get("/admin/rollouts/{name}", request -> Reply.json(one(request.named("name")))),
        Resource.post("/admin/rollouts/{name}", this::begin),
        wish("pause", Steering.Wish.PAUSE),
        wish("resume", Steering.Wish.RESUME),
        wish("approve", Steering.Wish.APPROVE),
        wish("advance", Steering.Wish.ADVANCE),
        wish("rollback", Steering.Wish.ROLL_BACK),
        wish("abort", Steering.Wish.ABORT));
  }

  private Resource wish(String word, Steering.Wish wish) {
    return Resource.post("/admin/rollouts/{name}/" + word, request -> follow(request, wish));
  }

  /** What is shown is as it stands, though another gateway changed it a moment ago. */
  private void refresh() {
    try {
      desk.refresh();
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
  }

  private ObjectNode all() {
    refresh();
    ObjectNode page = Json.object();
    ArrayNode list = page.putArray("rollouts");
    for (RolloutState state : desk.rollouts()) {
      summary(state, list.addObject());
    }
    return page;
  }

  private ObjectNode one(String name) {
    refresh();
    RolloutState state = desk.find(name).orElseThrow(() -> unknown(name));
    ObjectNode page = Json.object();
    summary(state, page);
    page.set("rules", RulesJson.write(state.rules()));
    ArrayNode guardrails = page.putArray("guardrails");
    Map<Metric, Weights> weights = state.evidence().weights(state.rules());
    for (Finding finding : state.evidence().findings(state.rules())) {
      ObjectNode node = guardrails.addObject();
      node.put("metric", finding.metric().word());
      node.put("within_margin", finding.proven());
      node.put("state", finding.state().name().toLowerCase(Locale.ROOT));
      node.put("clause", finding.clause());
      Weights seen = weights.get(finding.metric());
      if (seen != null) {
        write(seen, node);
      }
      for (Guardrail guardrail : state.rules().guardrails()) {
        if (guardrail.metric() == finding.metric()) {
          node.put("margin", guardrail.margin());
          node.put("tolerates", guardrail.tolerates());
        }
      }
    }
    try {
      ArrayNode steps = page.putArray("steps");
      for (Step step : desk.steps(state.id())) {
        write(step, steps.addObject());
      }
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
    telling.add(state, page);
    return page;
  }

  private static void summary(RolloutState state, ObjectNode node) {
    node.put("id", state.id());
    node.put("name", state.name());
    node.put("route", state.route());
    node.put("candidate", state.candidate());
    node.put("incumbent", state.incumbent());
    node.put("status", state.status().word());
    node.put("stage", Shares.stage(state.share()));
    node.put("share", state.share());
    node.put("clause", state.clause());
    node.put("started_at", state.startedAt().toString());
    node.put("stage_since", state.stageSince().toString());
    node.put("calls", state.evidence().calls());
    node.put("pairs", state.evidence().pairs());
    if (state.rehearsals() > 0) {
      node.put("rehearsals", state.rehearsals());
      node.put("rehearsals_failed", state.rehearsalsFailed());
    }
  }

  private static void write(Weights seen, ObjectNode node) {
    number(node, "incumbent", seen.incumbent());
    number(node, "candidate", seen.candidate());
    node.put("incumbent_calls", seen.incumbentCount());
    node.put("candidate_calls", seen.candidateCount());
    node.put("comparisons", seen.comparisons());
    number(node, "difference", seen.difference());
    number(node, "lower", seen.interval().lower());
    number(node, "upper", seen.interval().upper());
    number(node, "margin_p", seen.proofP());
    number(node, "harm_p", seen.harmP());
  }

  /** JSON has no word for what is not a number. */
  private static void number(ObjectNode node, String name, double value) {
    if (!Double.isNaN(value) && !Double.isInfinite(value)) {
      node.put(name, value);
    }
  }

  private static void write(Step step, ObjectNode node) {
    node.put("number", step.number());
    node.put("at", step.at().toString());
    node.put("kind", step.kind().word());
    node.put("from", step.from());
    node.put("to", step.to());
    node.put("clause", step.clause());
    node.put("by", step.by());
    node.put("evidence", step.evidence());
  }

  private Reply begin(AdminRequest request) {
    String name = request.named("name");
    String by = by(request, request.query("by").orElse(""));
    String file = said(request.query("file").orElse(""), "");
    RolloutState.Beginning as = declaring.beginning(name, request.body(), file);
    try {
      desk.begin(as, by);
      return Reply.json(201, one(as.id()));
    } catch (Steering.Unfit e) {
      throw new AdminRefusal(409, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
  }

  private Reply follow(AdminRequest request, Steering.Wish wish) {
    String name = request.named("name");
    ObjectNode said = request.json();
    for (String member : said.propertyNames()) {
      if (!member.equals("reason") && !member.equals("by")) {
        throw new AdminRefusal(400, "unknown member %s; known: reason, by".formatted(cut(member)));
      }
    }
    String reason = said(said.path("reason").asString(""), "no reason was given");
    String by = by(request, said.path("by").asString(""));
    try {
      RolloutState now = desk.follow(name, wish, reason, by).orElseThrow(() -> unknown(name));
      return Reply.json(one(now.id()));
    } catch (Steering.Unfit e) {
      throw new AdminRefusal(409, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AdminRefusal(503, String.valueOf(e.getMessage()));
    }
  }

  /** Who has a token of their own is who they are; of the others it is known what they say. */
  private static String by(AdminRequest request, String says) {
    String person = request.operator();
    boolean isKnown = !person.isEmpty() && !person.equals(Doorkeeper.SHARED);
    String said = said(says, isKnown ? person : "operator");
    if (isKnown && !said.equals(person)) {
      throw new AdminRefusal(
          403, "this token is of %s, who cannot act as %s".formatted(person, said));
    }
    return said;
  }

  private AdminRefusal unknown(String name) {
    List<String> known =
        desk.rollouts().stream().map(RolloutState::name).distinct().limit(20).toList();
    return new AdminRefusal(
        404,
        "no rollout is named %s; %s"
            .formatted(
                cut(name),
                known.isEmpty() ? "none has begun" : "there are " + String.join(", ", known)));
  }

  private static String said(String text, String otherwise) {
    String plain = text.replaceAll("\\p{Cntrl}", " ").strip();
    return plain.isEmpty() ? otherwise : cut(plain);
  }

  private static String cut(String text) {
    return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "…" : text;
  }
}
