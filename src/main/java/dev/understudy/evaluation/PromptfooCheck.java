package dev.understudy.evaluation;

import dev.understudy.text.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a check of an assertion of promptfoo, with its own meaning of values and thresholds. */
final class PromptfooCheck {
  private static final Set<String> LISTS =
      Set.of("contains-any", "contains-all", "icontains-any", "icontains-all");

  /** The same by our own names, one value each. */
  private static final Set<String> SAME =
      Set.of("equals", "contains", "icontains", "starts-with", "regex", "is-json", "contains-json");

  private static final Set<String> RUBRICS =
      Set.of(
          "llm-rubric",
          "model-graded-closedqa",
          "closedqa",
          "factuality",
          "model-graded-factuality",
          "g-eval");

  /** As a column {@code __expected} writes it: {@code not-type(threshold): value}. */
  private static final Pattern EXPECTED =
      Pattern.compile(
          "((?:not-)?[a-z][a-z0-9-]*)(?:\\(([0-9.]+)\\))?(?::\\s?(.*))?", Pattern.DOTALL);

  private static final double NEAR = 0.75;
  private static final double BLEU = 0.5;
  private static final int CHANGES = 5;

  private PromptfooCheck() {}

  /** What came of it. */
  sealed interface Read {
    /**
     * A check.
     *
     * @param note what a person should know of it; empty for nothing
     */
    record Made(Check check, String note) implements Read {}

    /** No kind that is known here. */
    record Unknown() implements Read {}

    /** A known kind with a value that it cannot have. */
    record Wrong(String why) implements Read {}
  }

  static boolean takesMany(String type) {
    return LISTS.contains(plain(type)) || plain(type).equals("g-eval");
  }

  private static String plain(String type) {
    return type.startsWith("not-") ? type.substring("not-".length()) : type;
  }

  private static boolean isKnown(String kind) {
    return SAME.contains(kind)
        || LISTS.contains(kind)
        || RUBRICS.contains(kind)
        || Set.of(
                "is-refusal",
                "latency",
                "cost",
                "levenshtein",
                "rouge-n",
                "bleu",
                // Known as types, though not understood: not to be taken for texts.
                "similar",
                "javascript",
                "python",
                "webhook",
                "is-xml",
                "is-sql",
                "is-html",
                "grade",
                "fn",
                "eval",
                "perplexity",
                "answer-relevance",
                "context-recall",
                "context-relevance",
                "context-faithfulness",
                "classifier",
                "moderation",
                "gleu",
                "meteor",
                "file")
            .contains(kind);
  }

  /** An assertion from a table's cell; a text without a type's name is what the answer equals. */
  static Tree expected(Tree.Scalar cell) {
    var fields = new LinkedHashMap<String, Tree>();
    Matcher matcher = EXPECTED.matcher(cell.text().strip());
    if (matcher.matches() && isKnown(plain(matcher.group(1)))) {
      String type = matcher.group(1).equals("grade") ? "llm-rubric" : matcher.group(1);
      fields.put("type", new Tree.Scalar(cell.place(), type, Tree.Kind.TEXT));
      Optional.ofNullable(matcher.group(2))
          .ifPresent(
              t -> fields.put("threshold", new Tree.Scalar(cell.place(), t, Tree.Kind.NUMBER)));
      Optional.ofNullable(matcher.group(3))
          .ifPresent(v -> fields.put("value", new Tree.Scalar(cell.place(), v, Tree.Kind.TEXT)));
    } else {
      fields.put("type", new Tree.Scalar(cell.place(), "equals", Tree.Kind.TEXT));
      fields.put("value", new Tree.Scalar(cell.place(), cell.text(), Tree.Kind.TEXT));
    }
    return new Tree.Block(cell.place(), fields);
  }

  static Read of(
      String type, List<String> values, Optional<Double> threshold, String name, double weight) {
    boolean negated = type.startsWith("not-");
    String kind = plain(type);
    if (weight < 0) {
      return new Read.Wrong("weight is not below 0");
    }
    String value = String.join("\n", values);
    try {
      if (LISTS.contains(kind)) {
        // One text is a list with commas.
        var each = new ArrayList<String>(values);
        if (values.size() == 1) {
          each = new ArrayList<>(Arrays.stream(value.split(",")).map(String::strip).toList());
        }
        return ours(kind, each, negated, name, weight);
      }
      if (kind.equals("equals")
          && (value.startsWith("{") || value.startsWith("["))
          && JsonText.parse(value).isPresent()) {
        return ours("json-equals", List.of(value), negated, name, weight);
      }
      if (SAME.contains(kind)) {
        return ours(kind, values, negated, name, weight);
      }
      if (RUBRICS.contains(kind)) {
        return value.isBlank()
            ? new Read.Wrong("a rubric is wanted")
            : made(new Rubric(rubric(kind, value)), negated, share(threshold, NEAR), name, weight);
      }
      return switch (kind) {
        case "is-refusal" -> made(new Scorer.Refusal(), negated, 1, name, weight);
        case "latency" ->
            made(new Scorer.Latency(limit(threshold).longValue()), negated, 1, name, weight);
        case "cost" ->
            made(
                new Price(BigDecimal.valueOf(limit(threshold).doubleValue())),
                negated,
                1,
                name,
                weight);
        case "levenshtein" ->
            made(
                new Scorer.Changes(value, threshold.orElse((double) CHANGES).intValue()),
                negated,
                1,
                name,
                weight);
        case "rouge-n" ->
            made(new Scorer.Rouge(value, 1), negated, share(threshold, NEAR), name, weight);
        case "bleu" -> made(new Scorer.Bleu(value), negated, share(threshold, BLEU), name, weight);
        default -> new Read.Unknown();
      };
    } catch (IllegalArgumentException e) {
      return new Read.Wrong(String.valueOf(e.getMessage()));
    }
  }

  private static String rubric(String kind, String value) {
    return switch (kind) {
      case "factuality", "model-graded-factuality" ->
          "The answer's facts agree with this reference and contradict none of it; differences of"
              + " wording, order or detail do not matter.\n"
              + value;
      case "model-graded-closedqa", "closedqa" -> "The answer meets this criterion:\n" + value;
      default -> value;
    };
  }

  private static Read ours(
      String kind, List<String> values, boolean negated, String name, double weight) {
    var wrong = new ArrayList<String>();
    Optional<Check> check =
        CheckKinds.of(
            new CheckKinds.Written(
                kind, values, OptionalDouble.empty(), OptionalDouble.empty(), weight),
            wrong::add);
    return check.isPresent()
        ? new Read.Made(new Check(name, check.get().measure(), negated, 1, weight), "")
        : new Read.Wrong(String.join("; ", wrong));
  }

  private static Read made(
      Measure measure, boolean negated, double threshold, String name, double weight) {
    return new Read.Made(
        new Check(name, measure, negated, threshold, weight),
        measure instanceof Rubric
            ? "model-graded assertions are graded by the suite's judges and prompts, from %s on unless they say otherwise"
                .formatted(NEAR)
            : "");
  }

  private static double share(Optional<Double> threshold, double otherwise) {
    double share = threshold.orElse(otherwise);
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("threshold lies above 0 and at most at 1");
    }
    return share;
  }

  private static Double limit(Optional<Double> threshold) {
    if (threshold.isEmpty() || !(threshold.get() > 0)) {
      throw new IllegalArgumentException("a threshold above 0 is wanted");
    }
    return threshold.get();
  }
}
