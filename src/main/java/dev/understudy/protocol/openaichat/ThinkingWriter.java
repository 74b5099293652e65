package dev.understudy.protocol.openaichat;

import dev.understudy.chat.Thinking;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.Quirk;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes how much a model is to think, in the words of the vendor.
 *
 * <p>OpenAI knows an effort only. A budget becomes one: below 2 048 tokens {@code low}, below 8 192
 * {@code medium}, from there {@code high}; and to think without saying how much is {@code medium}.
 * Not to think cannot be said to all of its models, so that is a loss unless the effort {@code
 * none} was asked for by name.
 */
final class ThinkingWriter {
  static final long MEDIUM_TOKENS_MIN = 2_048;
  static final long HIGH_TOKENS_MIN = 8_192;

  private final Thinking thinking;
  private final Dialect dialect;
  private final Losses losses;

  ThinkingWriter(Thinking thinking, Dialect dialect, Losses losses) {
    this.thinking = thinking;
    this.dialect = dialect;
    this.losses = losses;
  }

  void write(ObjectNode body) {
    if (thinking.equals(Thinking.UNSAID)) {
      return;
    }
    if (dialect.has(Quirk.REASONING_OBJECT)) {
      reasoningObject(body);
      return;
    }
    if (dialect.has(Quirk.THINKING_TYPE)) {
      if (isOff() || isOn()) {
        body.putObject("thinking").put("type", isOff() ? "disabled" : "enabled");
      }
      if (budget().isPresent() && thinking.effort().isEmpty()) {
        losses.add("thinking.budget_tokens", "this vendor knows no budget of thoughts");
      }
      thinking.effort().filter(effort -> !effort.equals("none")).ifPresent(e -> effort(body, e));
    } else if (dialect.has(Quirk.ENABLE_THINKING)) {
      if (isOff() || isOn()) {
        body.put("enable_thinking", !isOff());
      }
      budget().ifPresent(tokens -> body.put("thinking_budget", tokens));
      if (budget().isEmpty() && thinking.effort().filter(e -> !e.equals("none")).isPresent()) {
        losses.add("reasoning_effort", "this vendor knows only to think or not to think");
      }
    } else {
      effortOnly(body);
    }
    summary();
  }

  private void effortOnly(ObjectNode body) {
    if (thinking.effort().isPresent()) {
      effort(body, thinking.effort().get());
    } else if (isOff()) {
      losses.add("thinking", "not to think cannot be asked of every model: its default stands");
    } else if (budget().isPresent()) {
      String effort = effortOf(budget().get());
      losses.add("thinking.budget_tokens", "told as effort " + effort);
      effort(body, effort);
    } else if (thinking.enabled().orElse(false) && !thinking.adaptive()) {
      effort(body, "medium");
    }
  }

  private void effort(ObjectNode body, String effort) {
    if (dialect.has(Quirk.NO_REASONING_EFFORT)) {
      losses.add("reasoning_effort", "this vendor does not know it");
    } else {
      body.put("reasoning_effort", effort);
    }
  }

  /** https://openrouter.ai/docs/use-cases/reasoning-tokens */
  private void reasoningObject(ObjectNode body) {
    ObjectNode reasoning = body.putObject("reasoning");
    if (isOff()) {
      reasoning.put("enabled", false);
    } else if (budget().isPresent()) {
      reasoning.put("max_tokens", budget().get());
    } else if (thinking.effort().isPresent()) {
      reasoning.put("effort", thinking.effort().get());
    } else if (isOn()) {
      reasoning.put("enabled", true);
    }
    if (thinking.summary().filter("omitted"::equals).isPresent()) {
      reasoning.put("exclude", true);
    }
    if (reasoning.isEmpty()) {
      body.remove("reasoning");
    }
  }

  private void summary() {
    if (thinking.summary().filter(wish -> !wish.equals("omitted")).isPresent()) {
      losses.add("reasoning.summary", "this vendor shows thoughts or not as it will");
    }
  }

  private boolean isOff() {
    return !thinking.enabled().orElse(true)
        || thinking.effort().filter("none"::equals).isPresent()
        || thinking.budgetTokens().filter(tokens -> tokens == 0).isPresent();
  }

  private boolean isOn() {
    return thinking.enabled().orElse(false)
        || thinking.adaptive()
        || thinking.effort().isPresent()
        || thinking.budgetTokens().isPresent();
  }

  private Optional<Long> budget() {
    return thinking.budgetTokens().filter(tokens -> tokens > 0);
  }

  static String effortOf(long budgetTokens) {
    if (budgetTokens < MEDIUM_TOKENS_MIN) {
      return "low";
    }
    return budgetTokens < HIGH_TOKENS_MIN ? "medium" : "high";
  }
}
