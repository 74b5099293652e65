package dev.understudy.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Gives an answer a score from 0 to 1, from the answer alone. */
public sealed interface Scorer extends Measure {
  double score(Answer.Given answer);

  private static double yes(boolean met) {
    return met ? 1 : 0;
  }

  private static String folded(String text, boolean fold) {
    return fold ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** The very text, but for white space around it. */
  record Equal(String wanted, boolean anyCase) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(folded(answer.text().strip(), anyCase).equals(folded(wanted.strip(), anyCase)));
    }
  }

  /** The texts, all or any of them, somewhere in it. */
  record Contains(List<String> wanted, boolean all, boolean anyCase) implements Scorer {
    public Contains {
      wanted = List.copyOf(wanted);
    }

    @Override
    public double score(Answer.Given answer) {
      String text = folded(answer.text(), anyCase);
      long found = wanted.stream().filter(w -> text.contains(folded(w, anyCase))).count();
      return yes(all ? found == wanted.size() : found > 0);
    }
  }

  /** The very text, or the very beginning, white space and all; what promptfoo's names mean. */
  record Literally(String wanted, boolean whole) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(whole ? answer.text().equals(wanted) : answer.text().startsWith(wanted));
    }
  }

  /** The best that any of several says. */
  record AnyOf(List<Scorer> scorers) implements Scorer {
    public AnyOf {
      scorers = List.copyOf(scorers);
    }

    @Override
    public double score(Answer.Given answer) {
      return scorers.stream().mapToDouble(scorer -> scorer.score(answer)).max().orElse(0);
    }
  }

  /** One of both within the other, marks, articles, case and width of spaces left aside. */
  record Fuzzy(String wanted) implements Scorer {
    private static final Pattern MARKS = Pattern.compile("\\p{Punct}");
    private static final Pattern ARTICLES =
        Pattern.compile("\\b(?:a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);

    @Override
    public double score(Answer.Given answer) {
      String given = bare(answer.text());
      String sought = bare(wanted);
      return yes(
          (given.isEmpty() || sought.isEmpty())
              ? given.equals(sought)
              : given.contains(sought) || sought.contains(given));
    }

    private static String bare(String text) {
      String letters = MARKS.matcher(folded(text, true)).replaceAll("");
      return ARTICLES.matcher(letters).replaceAll(" ").strip().replaceAll("\\s+", " ");
    }
  }

  /** What another says of an answer, of which a fence around JSON is no part. */
  record Unfenced(Scorer of) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return answer.text().stripLeading().startsWith("```") ? 0 : of.score(answer);
    }
  }

  /** The text at its beginning. */
  record StartsWith(String wanted) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(answer.text().stripLeading().startsWith(wanted));
    }
  }

  /** Something in it that the expression describes. */
  record Matches(Pattern pattern) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(BoundedText.find(pattern, answer.text()));
    }
  }

  /** The last number in it, within a tolerance. */
  record Numeric(double wanted, double tolerance) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return Numbers.last(answer.text()).stream()
          .boxed()
          .map(n -> yes(Math.abs(n - wanted) <= tolerance))
          .findFirst()
          .orElse(0.0);
    }
  }

  /** JSON and nothing else, or inside a fence. */
  record IsJson() implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(JsonText.ofAnswer(answer.text()).isPresent());
    }
  }

  /** The same JSON, whatever the order of members and the spelling of numbers. */
  record JsonEqual(String wanted) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(
          JsonText.ofAnswer(answer.text())
              .flatMap(given -> JsonText.parse(wanted).map(w -> JsonText.same(given, w)))
              .orElse(false));
    }
  }

  /** Exactly one call of this tool with these arguments, members in any order. */
  record ToolCall(String tool, String argumentsJson) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      if (answer.calls().size() != 1 || !answer.calls().getFirst().tool().equals(tool)) {
        return 0;
      }
      if (argumentsJson.isEmpty()) {
        return 1;
      }
      return yes(
          JsonText.ofAnswer(answer.calls().getFirst().argumentsJson())
              .flatMap(given -> JsonText.parse(argumentsJson).map(w -> JsonText.same(given, w)))
              .orElse(false));
    }
  }

  /**
   * A refusal, by the vendor's own mark or by how such answers begin.
   *
   * @param orSilent whether an answer that says nothing and calls no tool is one, too
   */
  record Refusal(boolean orSilent) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(
          answer.refused()
              || Refusals.isOne(answer.text())
              || (orSilent && answer.text().isBlank() && answer.calls().isEmpty()));
    }
  }

  /** How near it is to a text, by letters changed. */
  record Levenshtein(String wanted) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return Similarity.levenshtein(answer.text().strip(), wanted.strip());
    }
  }

  /** ROUGE: how much of a text's pieces it holds, and they of it (Lin 2004). */
  record Rouge(String wanted, int words) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return words == 0
          ? Similarity.rougeL(answer.text(), wanted)
          : Similarity.rougeN(answer.text(), wanted, words);
    }
  }

  /** ROUGE of single words as promptfoo counts it, by the Treebank's words. */
  record TreebankRouge(String wanted) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return Similarity.rougeOfTreebank(answer.text(), wanted);
    }
  }

  /** BLEU as promptfoo counts it, by what stands between spaces, hardly smoothed. */
  record SpacedBleu(String wanted) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return Similarity.bleuOfSpaced(answer.text(), wanted);
    }
  }

  /** BLEU of one answer against one text, smoothed (Papineni et al. 2002; Lin and Och 2004). */
  record Bleu(String wanted) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return Similarity.bleu(answer.text(), wanted);
    }
  }

  /** An answer within a time. */
  record Latency(long millisMax) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(answer.millis() <= millisMax);
    }
  }

  /**
   * Exactly the accepted calls, by the rules of the Berkeley leaderboard; none, if none is right.
   */
  record Functions(FunctionCalls rules, List<JsonNode> accepted) implements Scorer {
    public Functions {
      accepted = List.copyOf(accepted);
    }

    @Override
    public double score(Answer.Given answer) {
      var made = new ArrayList<FunctionCalls.Made>();
      for (Answer.Call call : answer.calls()) {
        var arguments = JsonText.ofAnswer(call.argumentsJson());
        if (arguments.isEmpty()) {
          return 0;
        }
        made.add(new FunctionCalls.Made(call.tool(), arguments.get()));
      }
      return yes(rules.match(made, accepted));
    }
  }

  /** One instruction of IFEval, kept by the answer as it is. */
  record Follows(Instruction instruction) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(instruction.isFollowed(answer.text()));
    }
  }

  /** JSON as a schema demands, alone, or anywhere in the text. */
  record Schema(JsonSchema schema, boolean anywhere) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(
          JsonText.ofAnswer(answer.text()).filter(schema::accepts).isPresent()
              || (anywhere && JsonText.within(answer.text()).stream().anyMatch(schema::accepts)));
    }
  }

  /** An object or a list of JSON anywhere in the text; a bare number or word shows nothing. */
  record ContainsJson() implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(!JsonText.within(answer.text()).isEmpty());
    }
  }

  /** At most so many letters changed; promptfoo's way to write a distance. */
  record Changes(String wanted, int most) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      return yes(Similarity.changes(answer.text(), wanted) <= most);
    }
  }

  /**
   * Tool calls that are all of tools on offer, with arguments that are a JSON object and as the
   * tool's schema demands; an answer without calls has nothing wrong with it.
   */
  record ToolCallsValid(String toolsJson) implements Scorer {
    @Override
    public double score(Answer.Given answer) {
      for (Answer.Call call : answer.calls()) {
        var arguments =
            JsonText.ofAnswer(call.argumentsJson().isBlank() ? "{}" : call.argumentsJson());
        var offered = JsonText.parse(toolsJson).stream().flatMap(tools -> offers(tools, call));
        if (arguments.filter(node -> node.isObject()).isEmpty()
            || offered.noneMatch(schema -> isKept(schema, arguments.get()))) {
          return 0;
        }
      }
      return 1;
    }

    private static Stream<JsonNode> offers(JsonNode tools, Answer.Call call) {
      var schemas = new ArrayList<JsonNode>();
      for (var tool : tools) {
        if (tool.path("function").path("name").asString("").equals(call.tool())) {
          schemas.add(tool.path("function").path("parameters"));
        }
      }
      return schemas.stream();
    }

    /** A schema that is not understood demands nothing. */
    private static boolean isKept(JsonNode schema, JsonNode arguments) {
      try {
        return !schema.isObject() || JsonSchema.of(schema).accepts(arguments);
      } catch (IllegalArgumentException e) {
        return true;
      }
    }
  }
}
