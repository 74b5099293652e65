package dev.understudy.protocol.anthropic;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says how much to think, in the way the model at hand understands.
 *
 * <p>From 4.6 on models think adaptively and take an effort; before that, and where the model is
 * not known, they take a budget of tokens. An effort becomes this budget: minimal 1 024, low 2 048,
 * medium 8 192, high 16 384, xhigh 24 576, max 32 000. A budget becomes the first effort whose
 * budget is not smaller. {@code none} and a budget of 0 switch thinking off.
 */
final class ThinkingWriter {
  /** The least budget that the API takes. */
  static final long BUDGET_MIN = 1_024;

  private record Step(String effort, long budget) {}

  private static final List<Step> STEPS =
      List.of(
          new Step("minimal", BUDGET_MIN),
          new Step("low", 2_048),
          new Step("medium", 8_192),
          new Step("high", 16_384),
          new Step("xhigh", 24_576),
          new Step("max", 32_000));

  private final ChatRequest request;
  private final ClaudeModel model;
  private final boolean mayThinkByBudget;
  private final ObjectNode outputConfig;
  private final Losses losses;
  private Optional<ObjectNode> thinking = Optional.empty();
  private long budget;

  private ThinkingWriter(
      ChatRequest request,
      ClaudeModel model,
      boolean mayThinkByBudget,
      ObjectNode outputConfig,
      Losses losses) {
    this.request = request;
    this.model = model;
    this.mayThinkByBudget = mayThinkByBudget;
    this.outputConfig = outputConfig;
    this.losses = losses;
  }

  /**
   * The value of {@code thinking}, if there is to be one; an effort goes to {@code outputConfig}.
   *
   * @param mayThinkByBudget whether the conversation allows a budget, see {@link OpenTurn}
   */
  static ThinkingWriter of(
      ChatRequest request,
      ClaudeModel model,
      boolean mayThinkByBudget,
      ObjectNode outputConfig,
      Losses losses) {
    var writer = new ThinkingWriter(request, model, mayThinkByBudget, outputConfig, losses);
    writer.write();
    return writer;
  }

  Optional<ObjectNode> thinking() {
    return thinking;
  }

  /** The budget in tokens, 0 without one; {@code max_tokens} must be larger. */
  long budget() {
    return budget;
  }

  /** Whether the model was told to think, which limits how it can be sampled. */
  boolean isOn() {
    return thinking
        .filter(value -> !value.path("type").asString("").equals("disabled"))
        .isPresent();
  }

  private void write() {
    Thinking wish = request.thinking();
    if (isOff(wish)) {
      off(wish);
      return;
    }
    boolean wanted =
        wish.enabled().isPresent()
            || wish.adaptive()
            || wish.budgetTokens().isPresent()
            || wish.effort().isPresent();
    if (!wanted) {
      display(wish, model.thinksUnasked());
      return;
    }
    if (!model.thinks()) {
      losses.add("thinking", "this model does not think");
      return;
    }
    if (model.thinksAdaptively()) {
      adaptive(wish);
    } else {
      budget(wish);
    }
  }

  private static boolean isOff(Thinking wish) {
    return wish.enabled().equals(Optional.of(false))
        || wish.effort().equals(Optional.of("none"))
        || wish.budgetTokens().equals(Optional.of(0L));
  }

  private void off(Thinking wish) {
    if (model.alwaysThinks()) {
      losses.add("thinking", "this model always thinks; its lowest effort is asked for");
      outputConfig.put("effort", "low");
      return;
    }
    if (model.thinks()) {
      thinking = Optional.of(Json.object().put("type", "disabled"));
    }
    wish.effort().filter(effort -> !effort.equals("none")).ifPresent(this::effort);
  }

  private void adaptive(Thinking wish) {
    long tokens = wish.budgetTokens().orElse(-1L);
    if (tokens > 0 && !wish.adaptive() && model.takesBudget() && mayThinkByBudget) {
      enabled(tokens);
      wish.effort().ifPresent(this::effort);
    } else {
      Optional<String> effort = wish.effort();
      if (tokens > 0) {
        String nearest = effort.orElseGet(() -> nearest(tokens));
        losses.add("thinking.budget_tokens", "is told as effort " + nearest);
        effort = Optional.of(nearest);
      }
      effort.ifPresent(this::effort);
      boolean said = wish.adaptive() || wish.enabled().isPresent();
      if (said || !model.thinksUnasked()) {
        thinking = Optional.of(Json.object().put("type", "adaptive"));
      }
    }
    display(wish, true);
  }

  private void budget(Thinking wish) {
    if (isMadeToCall(request.toolChoice())) {
      losses.add("thinking", "this model cannot think when it is made to call a tool");
      return;
    }
    if (!mayThinkByBudget) {
      losses.add("thinking", "the turn that goes on does not begin with its thoughts");
      return;
    }
    if (wish.adaptive()) {
      losses.add("thinking.type", "this model does not think adaptively; a budget is set");
    }
    long said = wish.budgetTokens().orElse(-1L);
    if (said > 0) {
      enabled(said);
    } else {
      String effort = wish.effort().orElse("medium");
      long tokens =
          STEPS.stream()
              .filter(step -> step.effort().equals(effort))
              .findFirst()
              .map(Step::budget)
              .orElse(STEPS.get(2).budget());
      long most = model.maxTokensMax().orElse(Long.MAX_VALUE);
      enabled(Math.min(tokens, most / 2));
    }
    if (model.takesEffort()) {
      wish.effort().ifPresent(this::effort);
    } else if (said > 0 && wish.effort().isPresent()) {
      losses.add("output_config.effort", "this model takes a budget, and one is set");
    }
    display(wish, false);
  }

  private void enabled(long tokens) {
    if (tokens < BUDGET_MIN) {
      losses.add("thinking.budget_tokens", "is raised to the least, " + BUDGET_MIN);
    }
    budget = Math.max(BUDGET_MIN, tokens);
    thinking = Optional.of(Json.object().put("type", "enabled").put("budget_tokens", budget));
  }

  private void effort(String wish) {
    if (!model.takesEffort() && model.isKnown()) {
      losses.add("output_config.effort", "this model takes none");
      return;
    }
    String effort = model.isKnown() ? model.effort(wish) : wish;
    if (!effort.equals(wish)) {
      losses.add("output_config.effort", wish + " is told as " + effort);
    }
    outputConfig.put("effort", effort);
  }

  private static String nearest(long tokens) {
    return STEPS.stream()
        .filter(step -> !step.effort().equals("minimal") && tokens <= step.budget())
        .findFirst()
        .map(Step::effort)
        .orElse("max");
  }

  private void display(Thinking wish, boolean mayBeAdaptive) {
    if (wish.summary().isEmpty()) {
      return;
    }
    if (thinking.isEmpty() && mayBeAdaptive) {
      thinking = Optional.of(Json.object().put("type", "adaptive"));
    }
    if (thinking.isEmpty()) {
      losses.add("thinking.display", "no thinking is asked for");
      return;
    }
    String summary = wish.summary().get();
    switch (summary) {
      case "omitted", "none" -> thinking.get().put("display", "omitted");
      case "auto", "summarized" -> thinking.get().put("display", "summarized");
      default -> {
        losses.add("thinking.display", "only summarized and omitted are known");
        thinking.get().put("display", "summarized");
      }
    }
  }

  static boolean isMadeToCall(ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.Required _, ToolChoice.Named _ -> true;
      case ToolChoice.Among(_, boolean required) -> required;
      case ToolChoice.Unsaid _, ToolChoice.Auto _, ToolChoice.None _ -> false;
    };
  }
}
