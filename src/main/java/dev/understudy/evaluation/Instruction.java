package dev.understudy.evaluation;

import static dev.understudy.evaluation.PythonText.anyCase;
import static dev.understudy.evaluation.PythonText.count;
import static dev.understudy.evaluation.PythonText.isBlank;
import static dev.understudy.evaluation.PythonText.lines;
import static dev.understudy.evaluation.PythonText.lower;
import static dev.understudy.evaluation.PythonText.plain;
import static dev.understudy.evaluation.PythonText.strip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One instruction that can be checked without an opinion, by the rules of IFEval (Zhou et al. 2023,
 * arXiv 2311.07911), or of its Spanish counterpart where the name begins with {@code es:}.
 */
final class Instruction {
  private static final Pattern STAR_BULLET = lines("^\\s*\\*[^*].*$");
  private static final Pattern DASH_BULLET = lines("^\\s*-.*$");
  private static final Pattern PLACEHOLDER = plain("\\[.*?\\]");
  private static final Pattern HIGHLIGHT = plain("\\*[^\\n*]*\\*");
  private static final Pattern STRONG = plain("\\*\\*[^\\n*]*\\*\\*");
  private static final Pattern TITLE = plain("<<[^\\n]+>>");
  private static final Pattern WORD = plain("\\w+");
  private static final List<String> OPTIONS =
      List.of("My answer is yes.", "My answer is no.", "My answer is maybe.");

  /** What to check of a text. */
  interface Rule {
    boolean holds(String text);

    /** How likely the published checker is to say so, which for some rules draws by chance. */
    default double chance(String text) {
      return holds(text) ? 1 : 0;
    }
  }

  /** What holds if it is likelier than not. */
  interface Likely extends Rule {
    @Override
    double chance(String text);

    @Override
    default boolean holds(String text) {
      return chance(text) > 0.5;
    }
  }

  private final Rule rule;

  private Instruction(Rule rule) {
    this.rule = rule;
  }

  /** Whether an answer follows it; an empty answer follows nothing. */
  boolean isFollowed(String answer) {
    return !isBlank(answer) && rule.holds(answer);
  }

  /** Whether any of eight readings does: without its first or last line, without stars. */
  boolean isFollowedLoosely(String answer) {
    return looseChance(answer) > 0.5;
  }

  /** How likely the published checker is to say that an answer follows it. */
  double chance(String answer) {
    return isBlank(answer) ? 0 : rule.chance(answer);
  }

  /** The same for the eight readings, each of which it judges anew until one follows. */
  double looseChance(String answer) {
    // Most answers read the same in several of the ways: asked once, as that takes its time.
    var chances = new HashMap<String, Double>();
    double none = 1;
    for (String reading : readings(answer)) {
      none *= 1 - chances.computeIfAbsent(reading, this::chance);
    }
    return 1 - none;
  }

  /** An answer, without its first line, its last and both, and these four without stars. */
  static List<String> readings(String answer) {
    List<String> lines = List.of(answer.split("\n", -1));
    var readings = new ArrayList<String>();
    readings.add(answer);
    readings.add(join(lines, 1, lines.size()));
    readings.add(join(lines, 0, lines.size() - 1));
    readings.add(join(lines, 1, lines.size() - 1));
    for (String reading : List.copyOf(readings)) {
      readings.add(reading.replace("*", ""));
    }
    return readings;
  }

  private static String join(List<String> lines, int from, int to) {
    return from >= to ? "" : strip(String.join("\n", lines.subList(from, to)));
  }

  /**
   * The instruction of this name.
   *
   * @param kwargs its arguments, as IFEval's files name them
   */
  static Optional<Instruction> of(String id, JsonNode kwargs, LanguageRule languages) {
    if (id.startsWith("es:")) {
      String name = id.substring(3);
      return SpanishRules.of(name, kwargs, languages)
          .or(() -> rule(name, kwargs, languages))
          .map(Instruction::new);
    }
    return rule(id.replaceFirst("^en:", ""), kwargs, languages).map(Instruction::new);
  }

  private static Optional<Rule> rule(String name, JsonNode kwargs, LanguageRule languages) {
    Rule rule =
        switch (name) {
          case "keywords:existence" -> {
            List<Pattern> words = patterns(kwargs.path("keywords"), "");
            yield text -> words.stream().allMatch(w -> BoundedText.find(w, text));
          }
          case "keywords:forbidden_words" -> {
            List<Pattern> words = patterns(kwargs.path("forbidden_words"), "\\b");
            yield text -> words.stream().noneMatch(w -> BoundedText.find(w, text));
          }
          case "keywords:frequency" -> {
            Pattern word = anyCase(kwargs.path("keyword").asString("").strip());
            yield text -> related(count(word, text), kwargs, "frequency", "relation");
          }
          case "keywords:letter_frequency" -> {
            String letter = lower(kwargs.path("letter").asString(""));
            yield text ->
                related(
                    lower(text)
                        .codePoints()
                        .filter(c -> Character.toString(c).equals(letter))
                        .count(),
                    kwargs,
                    "let_frequency",
                    "let_relation");
          }
          case "language:response_language" ->
              inLanguage(languages, kwargs.path("language").asString(""), _ -> true);
          case "length_constraints:number_sentences" ->
              text -> related(Sentences.count(text), kwargs, "num_sentences", "relation");
          case "length_constraints:number_words" ->
              text -> related(count(WORD, text), kwargs, "num_words", "relation");
          case "length_constraints:number_paragraphs" ->
              text -> paragraphs(text) == kwargs.path("num_paragraphs").asInt(0);
          case "length_constraints:nth_paragraph_first_word" -> text -> firstWord(text, kwargs);
          case "detectable_content:number_placeholders" ->
              text -> count(PLACEHOLDER, text) >= kwargs.path("num_placeholders").asInt(0);
          case "detectable_content:postscript" -> {
            Pattern marker = postscript(kwargs.path("postscript_marker").asString("P.S."));
            yield text -> marker.matcher(lower(text)).find();
          }
          case "detectable_format:number_bullet_lists" ->
              text ->
                  count(STAR_BULLET, text) + count(DASH_BULLET, text)
                      == kwargs.path("num_bullets").asInt(0);
          case "detectable_format:constrained_response" ->
              text -> OPTIONS.stream().anyMatch(text::contains);
          case "detectable_format:number_highlighted_sections" ->
              text -> highlights(text) >= kwargs.path("num_highlights").asInt(0);
          case "detectable_format:multiple_sections" -> {
            Pattern splitter =
                plain(
                    "\\s?" + kwargs.path("section_spliter").asString("").strip() + "\\s?\\d+\\s?");
            yield text -> count(splitter, text) >= kwargs.path("num_sections").asInt(0);
          }
          case "detectable_format:json_format" -> Instruction::isJson;
          case "detectable_format:title" -> Instruction::hasTitle;
          case "combination:two_responses" -> Instruction::isTwo;
          case "combination:repeat_prompt" -> {
            String prompt = lower(kwargs.path("prompt_to_repeat").asString("").strip());
            yield text -> lower(strip(text)).startsWith(prompt);
          }
          case "startend:end_checker" -> {
            String end = lower(kwargs.path("end_phrase").asString("").strip());
            yield text -> lower(unquoted(strip(text))).endsWith(end);
          }
          case "startend:quotation" ->
              text ->
                  strip(text).length() > 1
                      && strip(text).startsWith("\"")
                      && strip(text).endsWith("\"");
          case "change_case:capital_word_frequency" ->
              text ->
                  related(
                      TreebankWords.of(text).stream().filter(PythonText::isUpper).count(),
                      kwargs,
                      "capital_frequency",
                      "capital_relation");
          case "change_case:english_capital" -> inLanguage(languages, "en", PythonText::isUpper);
          case "change_case:english_lowercase" -> inLanguage(languages, "en", PythonText::isLower);
          case "punctuation:no_comma" -> text -> text.indexOf(',') < 0;
          default -> null;
        };
    return Optional.ofNullable(rule);
  }

  /** What is so and in a language. */
  static Rule inLanguage(LanguageRule languages, String language, Predicate<String> so) {
    return (Likely) text -> so.test(text) ? languages.chance(text, language) : 0;
  }

  private static List<Pattern> patterns(JsonNode words, String around) {
    var patterns = new ArrayList<Pattern>();
    words.forEach(word -> patterns.add(anyCase(around + word.asString("") + around)));
    return patterns;
  }

  /** Whether a count is as an instruction wants it; English says less than, Spanish at most. */
  static boolean related(long found, JsonNode kwargs, String bound, String relation) {
    long wanted = kwargs.path(bound).asLong(0);
    return switch (kwargs.path(relation).asString("")) {
      case "less than" -> found < wanted;
      case "como máximo" -> found <= wanted;
      default -> found >= wanted;
    };
  }

  /** Divided by three stars; -1 where one in the middle is empty. */
  private static int paragraphs(String text) {
    String[] parts = plain("\\s?\\*\\*\\*\\s?").split(text, -1);
    int count = parts.length;
    for (int i = 0; i < parts.length; i++) {
      if (isBlank(parts[i])) {
        if (i != 0 && i != parts.length - 1) {
          return -1;
        }
        count--;
      }
    }
    return count;
  }

  private static boolean firstWord(String text, JsonNode kwargs) {
    String[] parts = text.split("\n\n", -1);
    int count = 0;
    for (String part : parts) {
      count += isBlank(part) ? 0 : 1;
    }
    int nth = kwargs.path("nth_paragraph").asInt(1);
    if (nth > count || isBlank(parts[nth - 1])) {
      return false;
    }
    String word =
        strip(parts[nth - 1]).split("\\s+")[0].replaceFirst("^'+", "").replaceFirst("^\"+", "");
    var first = new StringBuilder();
    for (int i = 0; i < word.length() && ".,?!'\"".indexOf(word.charAt(i)) < 0; i++) {
      first.append(word.charAt(i));
    }
    return count == kwargs.path("num_paragraphs").asInt(0)
        && lower(first.toString()).equals(lower(kwargs.path("first_word").asString("")));
  }

  private static Pattern postscript(String marker) {
    return switch (marker) {
      case "P.P.S" -> lines("\\s*p\\.\\s?p\\.\\s?s.*$");
      case "P.S." -> lines("\\s*p\\.\\s?s\\..*$");
      default -> lines("\\s*" + lower(marker) + ".*$");
    };
  }

  private static int highlights(String text) {
    int count = 0;
    for (Pattern pattern : List.of(HIGHLIGHT, STRONG)) {
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        count += matcher.group().replace("*", "").chars().allMatch(PythonText::isSpace) ? 0 : 1;
      }
    }
    return count;
  }

  private static boolean isJson(String text) {
    String body = strip(text);
    for (String fence : List.of("```json", "```Json", "```JSON", "```")) {
      if (body.startsWith(fence)) {
        body = body.substring(fence.length());
      }
    }
    if (body.endsWith("```")) {
      body = body.substring(0, body.length() - 3);
    }
    return JsonText.isJson(strip(body));
  }

  private static boolean hasTitle(String text) {
    Matcher matcher = TITLE.matcher(text);
    while (matcher.find()) {
      String title = matcher.group().replaceFirst("^<+", "").replaceFirst(">+$", "");
      if (!isBlank(title)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTwo(String text) {
    String[] parts = text.split(Pattern.quote("******"), -1);
    var found = new ArrayList<String>();
    for (int i = 0; i < parts.length; i++) {
      if (!isBlank(parts[i])) {
        found.add(strip(parts[i]));
      } else if (i != 0 && i != parts.length - 1) {
        return false;
      }
    }
    return found.size() == 2 && !found.get(0).equals(found.get(1));
  }

  private static String unquoted(String text) {
    return text.replaceFirst("^\"+", "").replaceFirst("\"+$", "");
  }
}
