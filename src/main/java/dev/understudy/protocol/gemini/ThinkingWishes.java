package dev.understudy.protocol.gemini;

import dev.understudy.chat.Thinking;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much to think, to and from {@code thinkingConfig}.
 *
 * <p>Models of generation 2.5 take a budget, later ones a level, and both in one request are
 * refused:
 *
 * <pre>
 * effort    2.5 budget            3 level
 * none      0 (pro: 128)          minimal (pro: low)
 * minimal   1 024                 minimal (pro: low)
 * low       1 024                 low
 * medium    8 192                 medium (3 Pro: high)
 * high      24 576                high
 * xhigh+    24 576 (pro: 32 768)  high
 *
 * budget    3 level: 0 minimal · to 4 096 low · to 16 384 medium · above high · -1 unsaid
 * </pre>
 *
 * Sources: ai.google.dev, "Gemini thinking" (ranges and levels) and "OpenAI compatibility" (effort
 * to budget).
 */
final class ThinkingWishes {
  private ThinkingWishes() {}

  static Thinking read(ProtoFields config) {
    Optional<Long> budget = config.integer("thinkingBudget");
    Optional<String> effort =
        config
            .word("thinkingLevel")
            .map(level -> level.toLowerCase(Locale.ROOT))
            .filter(level -> !level.equals("thinking_level_unspecified") && !level.equals("0"));
    Optional<String> summary =
        config.flag("includeThoughts").map(shown -> shown ? "auto" : "omitted");
    return new Thinking(
        budget.map(tokens -> tokens != 0),
        budget.map(tokens -> tokens < 0).orElse(false),
        effort,
        budget,
        summary);
  }

  /** The {@code thinkingConfig}; empty when nothing is to be said. */
  static ObjectNode write(Thinking wish, ModelName model, Losses losses) {
    var config = Json.object();
    if (wish.equals(Thinking.UNSAID)) {
      return config;
    }
    if (model.known() && !model.isFrom(2, 5)) {
      boolean off = wish.enabled().map(on -> !on).orElse(false);
      if (!off && !wish.effort().equals(Optional.of("none"))) {
        losses.add("thinking", "this model does not think");
      }
      return config;
    }
    if (model.isThree()) {
      level(wish, model, config, losses);
    } else {
      budget(wish, model, config, losses);
    }
    if (wish.summary().isPresent()) {
      config.put("includeThoughts", !wish.summary().get().equals("omitted"));
    } else if (wish.enabled().orElse(false)) {
      config.put("includeThoughts", true);
    }
    return config;
  }

  private static void level(Thinking wish, ModelName model, ObjectNode config, Losses losses) {
    String least = model.pro() ? "low" : "minimal";
    boolean off = wish.enabled().map(on -> !on).orElse(false);
    if (wish.effort().isPresent()) {
      String effort = wish.effort().get();
      String level =
          switch (effort) {
            case "none", "minimal" -> least;
            case "low" -> "low";
            // The first 3 Pro knows low and high only.
            case "medium" -> model.pro() && model.minor() == 0 ? "high" : "medium";
            default -> "high";
          };
      if (!level.equals(effort)) {
        losses.add("thinking.effort", "given as thinkingLevel " + level);
      }
      config.put("thinkingLevel", level);
    } else if (off) {
      losses.add("thinking", "cannot be switched off; given as thinkingLevel " + least);
      config.put("thinkingLevel", least);
    } else if (wish.budgetTokens().isPresent() && wish.budgetTokens().get() >= 0) {
      long tokens = wish.budgetTokens().get();
      String level =
          tokens == 0
              ? least
              : tokens <= 4_096
                  ? "low"
                  : tokens <= 16_384 && !(model.pro() && model.minor() == 0) ? "medium" : "high";
      losses.add("thinking.budget", "given as thinkingLevel " + level);
      config.put("thinkingLevel", level);
    }
  }

  private static void budget(Thinking wish, ModelName model, ObjectNode config, Losses losses) {
    long least = model.pro() ? 128 : 0;
    long most = model.pro() ? 32_768 : 24_576;
    boolean off = wish.enabled().map(on -> !on).orElse(false);
    if (wish.effort().isPresent()) {
      long tokens =
          switch (wish.effort().get()) {
            case "none" -> least;
            case "minimal", "low" -> 1_024;
            case "medium" -> 8_192;
            case "high" -> 24_576;
            default -> most;
          };
      if (tokens > 0 && wish.effort().get().equals("none")) {
        losses.add("thinking.effort", "this model cannot do without thinking");
      }
      config.put("thinkingBudget", tokens);
    } else if (off) {
      if (least > 0) {
        losses.add("thinking", "this model cannot do without thinking");
      }
      config.put("thinkingBudget", least);
    } else if (wish.budgetTokens().isPresent()) {
      long asked = wish.budgetTokens().get();
      long tokens =
          asked < 0 ? -1 : Math.min(most, Math.max(asked == 0 ? least : floor(model), asked));
      if (tokens != asked && model.known()) {
        losses.add("thinking.budget", "moved into the model's range: " + tokens);
      }
      config.put("thinkingBudget", model.known() ? tokens : asked);
    } else if (wish.enabled().orElse(false) || wish.adaptive()) {
      config.put("thinkingBudget", -1);
    }
  }

  private static long floor(ModelName model) {
    return model.pro() ? 128 : model.lite() ? 512 : 1;
  }
}
