package dev.understudy.protocol.bedrock;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.ToolChoice;
import dev.understudy.protocol.Losses;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says in each family's words how much a model is to think.
 *
 * <p>Claude from 4.6 on decides by itself within an effort ({@code thinking: adaptive} and {@code
 * outputConfig.effort}); before that it takes a budget, which follows from an effort by this table:
 * minimal 1 024, low 4 096, medium 8 192, high 16 384, xhigh and max 32 768 tokens, and never more
 * than half of the tokens the answer may have.
 */
final class ConverseThinking {
  /** The smallest budget Claude takes, in tokens. */
  private static final long BUDGET_MIN = 1024;

  private static final int ADAPTIVE_FROM = 406;
  private static final int BUDGETS_UNTIL = 406;
  private static final int THINKS_FROM = 307;

  private final ChatRequest request;
  private final Thinking wish;
  private final ConverseFamily family;
  private final boolean mayThinkByBudget;
  private final Losses losses;
  private boolean on;
  private boolean setsTheLength;

  /**
   * Takes what is asked.
   *
   * @param mayThinkByBudget whether the conversation lets Claude think within a budget, see {@link
   *     ConverseOpenTurn}
   */
  ConverseThinking(
      ChatRequest request, ConverseFamily family, boolean mayThinkByBudget, Losses losses) {
    this.request = request;
    this.wish = request.thinking();
    this.family = family;
    this.mayThinkByBudget = mayThinkByBudget;
    this.losses = losses;
  }

  /** Whether the model was told to think. */
  boolean isOn() {
    return on;
  }

  /** Whether the model, while it thinks, refuses a temperature other than 1, top p and top k. */
  boolean fixesSampling() {
    return family == ConverseFamily.CLAUDE || setsTheLength;
  }

  /** Whether the model refuses a bound on the answer: Nova 2 does at high effort. */
  boolean setsTheLength() {
    return setsTheLength;
  }

  void write(ObjectNode body, ObjectNode additional) {
    if (wish.equals(Thinking.UNSAID)) {
      return;
    }
    boolean off = !wish.enabled().orElse(true) || wish.effort().map("none"::equals).orElse(false);
    switch (family) {
      case CLAUDE -> claude(off, body, additional);
      case NOVA_2 -> nova(off, additional);
      case GPT_OSS -> {
        if (off) {
          losses.add("reasoning", "this model always thinks");
        } else {
          levels("reasoning_effort", additional);
        }
      }
      case QWEN -> {
        if (!off) {
          levels("reasoning_config", additional);
        }
      }
      case NOVA, MISTRAL, COHERE, OTHER, UNKNOWN -> {
        if (!off) {
          losses.add("reasoning", "this model is not known to take such a wish on Bedrock");
        }
      }
    }
  }

  private void claude(boolean off, ObjectNode body, ObjectNode additional) {
    int version = ConverseFamily.claudeVersion(request.model());
    if (version < THINKS_FROM) {
      if (!off) {
        losses.add("reasoning", "this model does not think aloud");
      }
      return;
    }
    if (off) {
      additional.putObject("thinking").put("type", "disabled");
      return;
    }
    if (forcesTool()) {
      losses.add("reasoning", "Claude does not think when it must use a tool");
      return;
    }
    boolean budgeted = wish.budgetTokens().filter(budget -> budget > 0).isPresent();
    if (version < ADAPTIVE_FROM && !mayThinkByBudget) {
      losses.add("reasoning", "the turn that goes on does not begin with its thoughts");
      return;
    }
    if (version < ADAPTIVE_FROM || (budgeted && version <= BUDGETS_UNTIL && mayThinkByBudget)) {
      budget(additional);
      return;
    }
    on = true;
    ObjectNode thinking = additional.putObject("thinking");
    thinking.put("type", "adaptive");
    wish.summary()
        .ifPresent(summary ->
            thinking.put("display", summary.equals("omitted") ? "omitted" : "summarized"));
    if (budgeted) {
      losses.add("reasoning.budget", "this model decides by itself how much to think");
    }
    wish.effort().ifPresent(effort -> effort(effort, body));
  }

  private void effort(String effort, ObjectNode body) {
    String known =
        switch (effort) {
          case "minimal" -> {
            losses.add("reasoning.effort", "sent as low, the least that Claude knows");
            yield "low";
          }
          case "low", "medium", "high", "xhigh", "max" -> effort;
          default -> {
            losses.add("reasoning.effort", "Claude does not know this effort");
            yield "";
          }
        };
    if (!known.isEmpty()) {
      body.withObjectProperty("outputConfig").put("effort", known);
    }
  }

  private void budget(ObjectNode additional) {
    long wanted =
        wish.budgetTokens().filter(budget -> budget > 0).orElseGet(() -> budget(wish.effort()));
    Optional<Long> answer = request.sampling().maxTokens();
    long budget = wanted;
    if (wish.budgetTokens().isEmpty() && answer.isPresent()) {
      budget = Math.min(wanted, answer.get() / 2);
    }
    if (budget < BUDGET_MIN) {
      if (answer.isPresent() && answer.get() <= BUDGET_MIN) {
        losses.add("reasoning", "Claude thinks with 1024 tokens or more, the answer may have less");
        return;
      }
      budget = BUDGET_MIN;
    }
    on = true;
    additional.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
  }

  private static long budget(Optional<String> effort) {
    return switch (effort.orElse("medium")) {
      case "minimal" -> BUDGET_MIN;
      case "low" -> 4 * BUDGET_MIN;
      case "high" -> 16 * BUDGET_MIN;
      case "xhigh", "max" -> 32 * BUDGET_MIN;
      default -> 8 * BUDGET_MIN;
    };
  }

  private void nova(boolean off, ObjectNode additional) {
    ObjectNode config = additional.putObject("reasoningConfig");
    if (off) {
      config.put("type", "disabled");
      return;
    }
    String level = level();
    config.put("type", "enabled").put("maxReasoningEffort", level);
    on = true;
    setsTheLength = level.equals("high");
  }

  private void levels(String field, ObjectNode additional) {
    additional.put(field, level());
    on = true;
  }

  /** The wish on the scale low, medium, high. */
  private String level() {
    if (wish.budgetTokens().isPresent()) {
      losses.add("reasoning.budget", "this model knows low, medium and high only");
    }
    String effort = wish.effort().orElse("medium");
    return switch (effort) {
      case "low", "medium", "high" -> effort;
      case "minimal" -> {
        losses.add("reasoning.effort", "sent as low");
        yield "low";
      }
      default -> {
        losses.add("reasoning.effort", "sent as high");
        yield "high";
      }
    };
  }

  private boolean forcesTool() {
    return switch (request.toolChoice()) {
      case ToolChoice.Required _, ToolChoice.Named _ -> true;
      case ToolChoice.Among(_, boolean required) -> required;
      case ToolChoice.Unsaid _, ToolChoice.Auto _, ToolChoice.None _ -> false;
    };
  }
}
