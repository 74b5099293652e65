package dev.understudy.evaluation;

import static dev.understudy.evaluation.PythonText.count;
import static dev.understudy.evaluation.PythonText.isUpper;
import static dev.understudy.evaluation.PythonText.lines;
import static dev.understudy.evaluation.PythonText.lower;
import static dev.understudy.evaluation.PythonText.plain;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What the Spanish instructions of M-IFEval (arXiv 2502.04688) ask for that IFEval does not, or
 * otherwise; all others are as in English.
 */
final class SpanishRules {
  private static final Pattern STAR_BULLET = lines("^\\s*\\*[^*].*$");
  private static final Pattern WORD = plain("\\w+(?:[-.,/:]\\w+)*");
  private static final Pattern LIST_MARK = lines("^\\s*(?:\\d+\\.|[-*])\\s*");
  private static final Pattern TRAILING = plain("[\\s\".]+$");
  private static final Pattern QUESTION = plain("¿[^?]*\\?");
  private static final Pattern EXCLAMATION = plain("¡[^!]*!");
  private static final Pattern POSTSCRIPT = lines("\\s*p\\.\\s?d\\..*$");
  private static final List<String> OPTIONS = List.of("Sí.", "No.", "Quizás.");

  private SpanishRules() {}

  static Optional<Instruction.Rule> of(String name, JsonNode kwargs, LanguageRule languages) {
    Instruction.Rule rule =
        switch (name) {
          case "change_case:spanish_capital" ->
              // Unlike IFEval's, its checker looks for the language in small letters.
              (Instruction.Likely) text -> isUpper(text) ? languages.chance(lower(text), "es") : 0;
          case "change_case:spanish_lowercase" ->
              Instruction.inLanguage(languages, "es", PythonText::isLower);
          case "detectable_content:postscript" ->
              kwargs.path("postscript_marker").asString("").equals("P.D.")
                  ? text -> POSTSCRIPT.matcher(lower(text)).find()
                  : null;
          case "detectable_format:constrained_response" ->
              text -> OPTIONS.stream().anyMatch(text::contains);
          case "detectable_format:number_bullet_lists" ->
              text -> count(STAR_BULLET, text) == kwargs.path("num_bullets").asInt(0);
          case "length_constraints:number_words" ->
              text ->
                  Instruction.related(
                      count(WORD, withoutListMarks(text)), kwargs, "num_words", "relation");
          case "length_constraints:number_sentences" ->
              text ->
                  Instruction.related(
                      Sentences.count(withoutListMarks(text)), kwargs, "num_sentences", "relation");
          case "length_constraints:nth_paragraph_first_word" ->
              text -> beginsParagraph(text, kwargs);
          case "startend:end_checker" -> {
            String end = lower(kwargs.path("end_phrase").asString("").strip());
            yield text -> TRAILING.matcher(lower(text)).replaceFirst("").endsWith(end);
          }
          case "punctuation:question_marks" -> text -> isSaid(QUESTION, text);
          case "punctuation:exclamation_marks" -> text -> isSaid(EXCLAMATION, text);
          case "special_character:enie" -> text -> wordsWith("ñ", text) == wanted(kwargs);
          case "special_character:dieresis" -> text -> wordsWith("ü", text) == wanted(kwargs);
          case "special_character:tildes" ->
              text ->
                  Instruction.related(wordsWith("áéíóú", text), kwargs, "num_words", "relation");
          default -> null;
        };
    return Optional.ofNullable(rule);
  }

  /** Openings are phrases here ("En mi opinión"), with whatever follows them. */
  private static boolean beginsParagraph(String text, JsonNode kwargs) {
    List<String> paragraphs =
        Stream.of(text.split("\n\n", -1)).map(PythonText::strip).filter(p -> !p.isEmpty()).toList();
    int nth = kwargs.path("nth_paragraph").asInt(1);
    String opening = lower(kwargs.path("first_word").asString("").strip());
    return paragraphs.size() == kwargs.path("num_paragraphs").asInt(0)
        && nth >= 1
        && nth <= paragraphs.size()
        && plain("^['\"]*" + Pattern.quote(opening) + "(?!\\w)")
            .matcher(lower(paragraphs.get(nth - 1)))
            .find();
  }

  private static String withoutListMarks(String text) {
    return LIST_MARK.matcher(text).replaceAll("");
  }

  private static long wanted(JsonNode kwargs) {
    return kwargs.path("let_frequency").asLong(0);
  }

  private static long wordsWith(String letters, String text) {
    return WORD.matcher(lower(text))
        .results()
        .filter(word -> word.group().chars().anyMatch(c -> letters.indexOf(c) >= 0))
        .count();
  }

  /** Whether there is something between the marks. */
  private static boolean isSaid(Pattern marked, String text) {
    Matcher matcher = marked.matcher(text);
    while (matcher.find()) {
      if (!matcher.group().replaceAll("[¿?¡!\\s]", "").isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
