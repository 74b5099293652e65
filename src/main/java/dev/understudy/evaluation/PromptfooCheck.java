package dev.understudy.evaluation;

import dev.understudy.text.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Makes a check of an assertion of promptfoo, with its own meaning of values and thresholds. */
final class PromptfooCheck {
  private static final Set<String> LISTS =
      Set.of("contains-any", "contains-all", "icontains-any", "icontains-all");

  /** The same by our own names, one value each. */
  private static final Set<String> SAME = Set.of("contains", "icontains", "contains-json");

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

  /** A field of a list with commas: in quotes, or up to the next comma. */
  private static final Pattern FIELD =
      Pattern.compile("\"((?:[^\"\\\\]|\"\"|\\\\.)*)\"|[^\\s,][^,]*");

  private static final Pattern ESCAPED = Pattern.compile("\"\"|\\\\([\"\\\\])");

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
                "equals",
                "starts-with",
                "regex",
                "is-json",
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

  /**
   * The check that an assertion means.
   *
   * @param structured whether the value is written as an object or a list, not as a text
   */
  static Read of(
      String type,
      List<String> values,
      boolean structured,
      Optional<Double> threshold,
      String name,
      double weight) {
    boolean negated = type.startsWith("not-");
    String kind = plain(type);
    if (weight < 0) {
      return new Read.Wrong("weight is not below 0");
    }
    String value = String.join("\n", values);
    try {
      if (LISTS.contains(kind)) {
        return ours(kind, structured ? values : listed(value), negated, name, weight);
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
        case "equals" ->
            made(
                structured
                    ? new Scorer.Unfenced(new Scorer.JsonEqual(value))
                    : new Scorer.Literally(value, true),
                negated,
                1,
                name,
                weight);
        case "starts-with" ->
            value.isEmpty()
                ? new Read.Wrong("a text is wanted")
                : made(new Scorer.Literally(value, false), negated, 1, name, weight);
        case "regex" ->
            value.isEmpty()
                ? new Read.Wrong("an expression is wanted")
                : made(new Scorer.Matches(ScriptPattern.of(value)), negated, 1, name, weight);
        case "is-json" ->
            switch (ours(kind, values, negated, name, weight)) {
              case Read.Made(Check check, String _) when check.measure() instanceof Scorer json ->
                  made(new Scorer.Unfenced(json), negated, 1, name, weight);
              case Read other -> other;
            };
        case "is-refusal" -> made(new Scorer.Refusal(true), negated, 1, name, weight);
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
            made(new Scorer.TreebankRouge(value), negated, share(threshold, NEAR), name, weight);
        case "bleu" ->
            made(new Scorer.SpacedBleu(value), negated, share(threshold, BLEU), name, weight);
        default -> new Read.Unknown();
      };
    } catch (PatternSyntaxException e) {
      return new Read.Wrong("the regular expression cannot be read: " + e.getDescription());
    } catch (IllegalArgumentException e) {
      return new Read.Wrong(String.valueOf(e.getMessage()));
    }
  }

  /** One text is a list with commas, of which none is in quotes. */
  private static List<String> listed(String text) {
    var each = new ArrayList<String>();
    Matcher matcher = FIELD.matcher(text);
    while (matcher.find()) {
      each.add(
          matcher.group(1) == null
              ? matcher.group().strip()
              : ESCAPED.matcher(matcher.group(1)).replaceAll(PromptfooCheck::meant));
    }
    return each;
  }

  /** Two quotes are one, and what follows a stroke is itself. */
  private static String meant(MatchResult escaped) {
    return Matcher.quoteReplacement(Optional.ofNullable(escaped.group(1)).orElse("\""));
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
