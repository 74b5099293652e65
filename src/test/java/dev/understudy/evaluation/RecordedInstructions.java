package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Every recorded answer to IFEval, English and Spanish, put to our own checks: what they say, what
 * was recorded, and how likely the published checker is to say so when it is asked again.
 */
record RecordedInstructions(List<Flag> flags) {
  static final String NGRAMS = "drawn n-grams";
  static final String LETTER = "drawn letter";
  static final String PARSER = "trained parser";

  /** Why a recorded flag of a kind may be another than ours; of no other kind is one. */
  static final Map<String, String> CAUSES =
      Map.of(
          "en:change_case:english_capital", NGRAMS,
          "en:change_case:english_lowercase", NGRAMS,
          "en:language:response_language", NGRAMS,
          "en:keywords:letter_frequency", LETTER,
          "es:length_constraints:number_sentences", PARSER);

  /**
   * An answer judged by an instruction.
   *
   * @param chance how likely the published checker is to say that it follows
   */
  record Word(boolean ours, boolean recorded, double chance) {
    boolean differs() {
      return ours != recorded;
    }

    /** Whether the published checker says now this, now that. */
    boolean isDrawn() {
      return chance > 0 && chance < 1;
    }

    /** How likely it is to contradict what it says more often. */
    double contradiction() {
      return Math.min(chance, 1 - chance);
    }

    Word asRecorded() {
      return new Word(recorded, recorded, chance);
    }
  }

  /** One instruction of one recorded answer, as it is and read loosely. */
  record Flag(String file, String key, String id, Word strict, Word loose) {
    Stream<Word> words() {
      return Stream.of(strict, loose);
    }

    long differing() {
      return words().filter(Word::differs).count();
    }

    Flag asRecorded() {
      return new Flag(file, key, id, strict.asRecorded(), loose.asRecorded());
    }
  }

  static RecordedInstructions judge(Path folder) throws IOException {
    var flags = new ArrayList<Flag>();
    for (String language : List.of("en", "es")) {
      var cases = new HashMap<String, JsonNode>();
      for (JsonNode node : lines(folder.resolve(language + "_input_data.jsonl"))) {
        cases.put(node.get("key").asString(), node);
      }
      try (var files = Files.list(folder.resolve(language))) {
        for (Path file : files.sorted().toList()) {
          String name = language + "/" + file.getFileName().toString().replace(".jsonl", "");
          for (JsonNode row : lines(file)) {
            JsonNode asked = cases.get(row.get("key").asString());
            for (int i = 0; i < asked.get("instruction_id_list").size(); i++) {
              flags.add(judge(name, asked, row, i));
            }
          }
        }
      }
    }
    return new RecordedInstructions(List.copyOf(flags));
  }

  private static Flag judge(String file, JsonNode asked, JsonNode row, int number) {
    String id = asked.get("instruction_id_list").get(number).asString();
    JsonNode kwargs = asked.get("kwargs").get(number);
    String answer = row.get("response").asString();
    Instruction instruction = Instruction.of(id, kwargs, LanguageRule.PUBLISHED).orElseThrow();
    double strict = instruction.chance(answer);
    double loose = instruction.looseChance(answer);
    return new Flag(
        file,
        row.get("key").asString(),
        id,
        word(strict, row.get("strict").get(number), id, List.of(answer), kwargs),
        word(loose, row.get("loose").get(number), id, Instruction.readings(answer), kwargs));
  }

  private static Word word(
      double ours, JsonNode recorded, String id, List<String> readings, JsonNode kwargs) {
    boolean said = recorded.asBoolean();
    double chance = ours;
    if (PARSER.equals(CAUSES.get(id))) {
      chance = said ? 1 : 0;
    } else if (LETTER.equals(CAUSES.get(id))
        && !kwargs.get("letter").asString().matches("[A-Za-z]")) {
      chance = drawn(readings, kwargs);
    }
    return new Word(ours > 0.5, said, chance);
  }

  /**
   * Wanted are so many marks ("#", "!"), which we count; the published checker knows letters only,
   * and draws one.
   */
  private static double drawn(List<String> readings, JsonNode kwargs) {
    assertThat(kwargs.get("let_relation").asString()).isEqualTo("at least");
    int wanted = kwargs.get("let_frequency").asInt();
    long enough =
        "abcdefghijklmnopqrstuvwxyz"
            .chars()
            .filter(letter -> readings.stream().anyMatch(text -> count(letter, text) >= wanted))
            .count();
    return enough / 26.0;
  }

  private static long count(int letter, String text) {
    return PythonText.lower(text).chars().filter(c -> c == letter).count();
  }

  Map<String, List<Flag>> byFile() {
    var files = new TreeMap<String, List<Flag>>();
    flags.forEach(f -> files.computeIfAbsent(f.file(), _ -> new ArrayList<>()).add(f));
    return files;
  }

  List<Flag> by(String cause) {
    return flags.stream().filter(f -> cause.equals(CAUSES.get(f.id()))).toList();
  }

  static Stream<Word> words(List<Flag> flags) {
    return flags.stream().flatMap(Flag::words);
  }

  static long differing(List<Flag> flags) {
    return words(flags).filter(Word::differs).count();
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(l -> !l.isBlank()).map(Json::parse).toList();
  }
}
