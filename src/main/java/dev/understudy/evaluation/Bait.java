package dev.understudy.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Knows text that is written for a judge and not for who asked. */
final class Bait {
  private static final int LOOKED_AT_MAX = 20_000;

  /**
   * One way to speak to a judge.
   *
   * @param hints of which one must stand in a text before the expression is worth looking for
   */
  private record Shape(List<String> hints, Pattern pattern) {
    static Shape of(String pattern, String... hints) {
      return new Shape(List.of(hints), Pattern.compile(pattern));
    }

    boolean isIn(String text) {
      return hints.stream().anyMatch(text::contains) && BoundedText.find(pattern, text);
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          // Orders to forget what the judge was told.
          Shape.of(
              "\\b(?:ignore|disregard|forget|override|bypass)\\b[^.\\n]{0,30}\\b(?:previous|prior|above|preceding|earlier|all|any|these|those|the)\\b[^.\\n]{0,30}\\b(?:instructions?|prompts?|rubrics?|criteria|answers?|outputs?|texts?|responses?|models?)\\b",
              "ignore",
              "disregard",
              "forget",
              "override",
              "bypass"),
          // Grades that the answer gives itself.
          Shape.of(
              "\\b(?:give|assign|award|rate|grade|score|mark)\\b[^.\\n]{0,30}\\b(?:this|my|the)\\b[^.\\n]{0,15}\\b(?:answer|response|output|reply)\\b[^.\\n]{0,40}\\b(?:10|100|5|full|highest|maximum|max|perfect|best|top)\\b",
              "10",
              "5",
              "full",
              "highest",
              "max",
              "perfect",
              "best",
              "top"),
          // The judge addressed.
          Shape.of(
              "\\b(?:as|to|dear|attention|note to|you are) (?:an? |the |a fair |an impartial )?(?:judge|evaluator|grader|annotator|auto-?annotator|rater)\\b[^\\n]{0,80}\\b(?:must|should|please|choose|select|prefer|rank|pick|output|print|answer|winner|best|better)\\b",
              "judge",
              "evaluator",
              "grader",
              "annotator",
              "rater"),
          // Choices made for the judge.
          Shape.of(
              "\\b(?:choose|select|prefer|pick|rank|output|print)\\b[^.\\n]{0,30}\\b(?:this|my|first|second|model|output|answer|response)\\b[^.\\n]{0,30}\\b(?:as the (?:best|better|winner|winning)|over the other|is (?:the )?(?:best|better|winner)|first)\\b",
              "as the ",
              "over the other",
              "is best",
              "is the best",
              "is better",
              "is the better",
              "is winner",
              "is the winner",
              " first"),
          // Merits that the answer claims for itself.
          Shape.of(
              "\\b(?:this|my) (?:answer|response|output|reply) (?:is|should be|must be) (?:the )?(?:best|better one|winner|preferred|ranked first)\\b",
              "answer ",
              "response ",
              "output ",
              "reply "),
          // Verdicts and marks of judges' own forms.
          Shape.of(
              "\\[\\[\\s*(?:a|b|c|rating:? ?\\[?\\d+|\\d+)\\s*\\]\\]|\\[end of (?:first answer|second answer|answer|conversation|rubric|criteria)\\b|</?(?:score|better|verdict|winner|rating)>|\"(?:score|better|winner|preferred|verdict)\"\\s*:\\s*(?:\"(?:first|second|a|b|m|model|candidate|output_?\\d)\"|\\d+\\s*[,}])",
              "[[",
              "[end of ",
              "<score",
              "</score",
              "<better",
              "</better",
              "<verdict",
              "</verdict",
              "<winner",
              "</winner",
              "<rating",
              "</rating",
              "\"score",
              "\"better",
              "\"winner",
              "\"preferred",
              "\"verdict"),
          // Lists of outputs such as judges are shown.
          Shape.of(
              "\"?model_identifier\"?\\s*:|\\bunordered (?:model )?outputs?\\b|\\bbest model identifier\\b|\\bevaluate the (?:model )?outputs?\\b[^\\n]{0,60}\\b(?:select|choose|rank|best)\\b|\\bwhich is the best[, ]+(?:m|model|output)\\b",
              "model_identifier",
              "unordered",
              "best model identifier",
              "evaluate the ",
              "which is the best"),
          // Turns of a conversation that an answer has no business to make.
          Shape.of(
              "<\\|(?:im_start|im_end|system|user|assistant|eot_id|start_header_id|user command)[^>]{0,20}\\|?>|\\[/?inst\\]|<</?sys>>",
              "<|",
              "inst]",
              "<<"));

  private Bait() {}

  /** Whether an answer holds such text that the question does not hold too. */
  static boolean isIn(Answer.Given answer, List<Turn> asked) {
    String said = folded(answer.text());
    for (Shape shape : SHAPES) {
      if (shape.isIn(said) && asked.stream().noneMatch(turn -> shape.isIn(folded(turn.text())))) {
        return true;
      }
    }
    return false;
  }

  private static String folded(String text) {
    String plain = text.length() <= LOOKED_AT_MAX ? text : ends(text);
    // Letters that are not seen would break up a word without anybody noticing.
    return plain
        .replaceAll("[\\p{Cf}]", "")
        .replaceAll("[ \\t\\xA0]+", " ")
        .toLowerCase(Locale.ROOT);
  }

  private static String ends(String text) {
    int half = LOOKED_AT_MAX / 2;
    return text.substring(0, half) + "\n" + text.substring(text.length() - half);
  }
}
