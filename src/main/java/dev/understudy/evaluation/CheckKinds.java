package dev.understudy.evaluation;

import dev.understudy.text.Nearness;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Makes checks of their names, which are promptfoo's where it has the same. */
final class CheckKinds {
  /** Every name there is; each may also be written with {@code not-} in front. */
  static final List<String> NAMES =
      List.of(
          "equals",
          "iequals",
          "contains",
          "icontains",
          "contains-any",
          "contains-all",
          "icontains-any",
          "icontains-all",
          "starts-with",
          "fuzzy-match",
          "regex",
          "numeric",
          "is-json",
          "json-schema",
          "contains-json",
          "json-equals",
          "tool-call",
          "is-refusal",
          "levenshtein",
          "rouge-1",
          "rouge-2",
          "rouge-l",
          "bleu",
          "latency",
          "cost",
          "llm-rubric");

  /** Similarity passes from here on unless the suite says otherwise. */
  private static final double NEAR = 0.75;

  private static final String NOT = "not-";

  private CheckKinds() {}

  /**
   * As the suite writes it.
   *
   * @param values one for most kinds
   */
  record Written(
      String type,
      List<String> values,
      OptionalDouble tolerance,
      OptionalDouble threshold,
      double weight) {}

  /** Empty if it cannot be made, which has been said. */
  static Optional<Check> of(Written written, Consumer<String> problem) {
    boolean negated = written.type().startsWith(NOT);
    String kind = negated ? written.type().substring(NOT.length()) : written.type();
    if (!NAMES.contains(kind)) {
      problem.accept(
          "unknown check %s; known: %s, each also with not- in front%s"
              .formatted(
                  Nearness.quoted(written.type()),
                  String.join(", ", NAMES),
                  Nearness.hint(kind, NAMES)));
      return Optional.empty();
    }
    boolean mayHaveNone = kind.equals("is-json") || kind.equals("contains-json");
    boolean wantsNone = kind.equals("is-refusal") || (mayHaveNone && written.values().isEmpty());
    boolean takesMany = takesMany(written.type());
    if (wantsNone != written.values().isEmpty() || (!takesMany && written.values().size() > 1)) {
      problem.accept(
          "%s takes %s"
              .formatted(kind, wantsNone ? "no value" : takesMany ? "values" : "one value"));
      return Optional.empty();
    }
    if ((kind.contains("contains") || kind.equals("starts-with"))
        && !mayHaveNone
        && written.values().contains("")) {
      problem.accept(kind + " wants a text, and every answer holds this one");
      return Optional.empty();
    }
    double threshold =
        written.threshold().orElse(isSimilarity(kind) || kind.equals("llm-rubric") ? NEAR : 1);
    if (!(threshold > 0 && threshold <= 1) || !(written.weight() > 0)) {
      problem.accept("threshold lies above 0 and at most at 1, weight above 0");
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Check(written.type(), measure(kind, written), negated, threshold, written.weight()));
    } catch (PatternSyntaxException e) {
      problem.accept("the regular expression cannot be read: " + e.getDescription());
    } catch (IllegalArgumentException e) {
      problem.accept(String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /** Whether a list stands for several values, and is not one value that is a list in JSON. */
  static boolean takesMany(String type) {
    return type.endsWith("-any") || type.endsWith("-all") || type.endsWith("tool-call");
  }

  private static boolean isSimilarity(String kind) {
    return kind.startsWith("rouge") || kind.equals("levenshtein") || kind.equals("bleu");
  }

  private static Measure measure(String kind, Written written) {
    return switch (kind) {
      case "llm-rubric" -> new Rubric(written.values().getFirst());
      case "cost" -> price(written.values().getFirst());
      default -> scorer(kind, written);
    };
  }

  private static Price price(String value) {
    if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,12})?") || new BigDecimal(value).signum() == 0) {
      throw new IllegalArgumentException("an amount above zero is wanted, such as 0.002");
    }
    return new Price(new BigDecimal(value));
  }

  private static Scorer scorer(String kind, Written written) {
    String value = written.values().isEmpty() ? "" : written.values().getFirst();
    return switch (kind) {
      case "equals" -> new Scorer.Equal(value, false);
      case "iequals" -> new Scorer.Equal(value, true);
      case "contains", "contains-any" -> new Scorer.Contains(written.values(), false, false);
      case "icontains", "icontains-any" -> new Scorer.Contains(written.values(), false, true);
      case "contains-all" -> new Scorer.Contains(written.values(), true, false);
      case "icontains-all" -> new Scorer.Contains(written.values(), true, true);
      case "starts-with" -> new Scorer.StartsWith(value);
      case "fuzzy-match" -> new Scorer.Fuzzy(value);
      case "regex" -> new Scorer.Matches(Pattern.compile(value));
      case "numeric" -> new Scorer.Numeric(number(value), written.tolerance().orElse(1e-9));
      case "is-json" ->
          value.isEmpty() ? new Scorer.IsJson() : new Scorer.Schema(schema(value), false);
      case "json-schema" -> new Scorer.Schema(schema(value), false);
      case "contains-json" ->
          value.isEmpty() ? new Scorer.ContainsJson() : new Scorer.Schema(schema(value), true);
      case "json-equals" -> new Scorer.JsonEqual(json(value));
      case "tool-call" ->
          new Scorer.ToolCall(
              value, written.values().size() > 1 ? json(written.values().get(1)) : "");
      case "is-refusal" -> new Scorer.Refusal(true);
      case "levenshtein" -> new Scorer.Levenshtein(value);
      case "rouge-1" -> new Scorer.Rouge(value, 1);
      case "rouge-2" -> new Scorer.Rouge(value, 2);
      case "rouge-l" -> new Scorer.Rouge(value, 0);
      case "bleu" -> new Scorer.Bleu(value);
      case "latency" -> new Scorer.Latency((long) number(value));
      default -> throw new IllegalStateException("a kind without a scorer: " + kind);
    };
  }

  private static double number(String text) {
    return Numbers.whole(text)
        .orElseThrow(() -> new IllegalArgumentException("a number is wanted, not this text"));
  }

  private static JsonSchema schema(String text) {
    return JsonSchema.of(
        JsonText.parse(text)
            .orElseThrow(() ->
                new IllegalArgumentException("a JSON schema is wanted, and this text is no JSON")));
  }

  private static String json(String text) {
    if (JsonText.parse(text).isEmpty()) {
      throw new IllegalArgumentException("JSON is wanted, and this text is none");
    }
    return text;
  }
}
