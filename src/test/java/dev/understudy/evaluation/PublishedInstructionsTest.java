package dev.understudy.evaluation;

import static dev.understudy.evaluation.RecordedInstructions.CAUSES;
import static dev.understudy.evaluation.RecordedInstructions.LETTER;
import static dev.understudy.evaluation.RecordedInstructions.NGRAMS;
import static dev.understudy.evaluation.RecordedInstructions.PARSER;
import static dev.understudy.evaluation.RecordedInstructions.differing;
import static dev.understudy.evaluation.RecordedInstructions.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.evaluation.RecordedInstructions.Flag;
import dev.understudy.evaluation.RecordedInstructions.Word;
import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Lays what our checks say of every recorded answer to IFEval, English and Spanish, beside the
 * recorded flags and the published accuracies; skipped where the data is missing.
 */
final class PublishedInstructionsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("understudy.shared", "../shared")).resolve("evals/ifeval");
  private static final Path PAGE = Path.of("docs/reference/qualification.md");
  private static final String BEGIN = "<!-- ifeval -->\n";
  private static final String END = "<!-- /ifeval -->";

  private static final List<String> ACCURACIES =
      List.of("instruction_strict", "instruction_loose", "prompt_strict", "prompt_loose");

  /** Of an accuracy over the published checker's own draws. */
  private static final double COVERED = 0.99;

  private static RecordedInstructions recorded = new RecordedInstructions(List.of());

  @BeforeAll
  static void judge() throws IOException {
    assumeTrue(Files.isDirectory(FOLDER), "the shared data is not here: " + FOLDER);
    recorded = RecordedInstructions.judge(FOLDER);
  }

  @Test
  void everyFlagIsAsRecordedButWhereTheRecordedOneWasDrawnOrParsed() {
    assertThat(recorded.flags()).hasSize(7 * 834 + 7 * 137);
    for (Flag flag : recorded.flags()) {
      if (flag.differing() > 0) {
        String name = flag.file() + " " + flag.key() + " " + flag.id();
        assertThat(CAUSES).as(name).containsKey(flag.id());
        flag.words()
            .filter(Word::differs)
            .forEach(word ->
                assertThat(word.isDrawn()).as(name).isEqualTo(!flag.id().startsWith("es:")));
      }
    }
    assertThat(differing(recorded.by(NGRAMS))).isEqualTo(7);
    assertThat(differing(recorded.by(LETTER))).isEqualTo(7);
    assertThat(differing(recorded.by(PARSER))).isEqualTo(5);
  }

  /** As many flags are apart from what it says most often as its own draws make expect. */
  @Test
  void thePublishedCheckerIsApartFromItselfAsOftenAsFromUs() {
    var drawn = words(recorded.by(NGRAMS)).filter(Word::isDrawn).map(Word::contradiction).toList();
    Draws apart = Draws.of(drawn);
    assertThat(differing(recorded.by(NGRAMS)))
        .isBetween((long) apart.quantile(0.005), (long) apart.quantile(0.995));
  }

  /** The formulas are right: with the recorded word on the flags that differ, all come out. */
  @Test
  void accuraciesAreThosePublishedOnceTheGuessesAreTakenAsRecorded() throws IOException {
    JsonNode published = published();
    var files = recorded.byFile();
    assertThat(files).hasSize(14);
    for (var file : files.entrySet()) {
      JsonNode wanted = published.get(file.getKey());
      var settled =
          file.getValue().stream().map(f -> f.differing() == 0 ? f : f.asRecorded()).toList();
      Map<String, Double> found = accuracies(settled);
      found.forEach((name, accuracy) ->
          assertThat(accuracy)
              .as("%s %s", file.getKey(), name)
              .isCloseTo(wanted.get(name).asDouble(), within(5e-5)));
      assertThat(found.get("instruction_strict"))
          .isCloseTo(wanted.get("published_instruction_strict").asDouble(), within(0.05));
    }
  }

  /** What was published is one draw of many: each figure lies where most draws would lie. */
  @Test
  void thePublishedAccuraciesLieInTheRangeOfThePublishedCheckersOwnDraws() throws IOException {
    for (var file : recorded.byFile().entrySet()) {
      Map<String, Range> ranges = ranges(file.getValue());
      for (String name : ACCURACIES) {
        double wanted = published().get(file.getKey()).get(name).asDouble();
        Range range = ranges.get(name);
        assertThat(wanted)
            .as("%s %s", file.getKey(), name)
            .isBetween(range.low() - 5e-5, range.high() + 5e-5);
      }
    }
  }

  private record Range(double low, double high) {
    @Override
    public String toString() {
      return low == high ? "" : " (%s–%s)".formatted(tenth(low), tenth(high));
    }
  }

  /** Where an accuracy comes to lie when the published checker judges the answers again. */
  private static Map<String, Range> ranges(List<Flag> flags) {
    return Map.of(
        "instruction_strict", range(flags.stream().map(f -> f.strict().chance()).toList()),
        "instruction_loose", range(flags.stream().map(f -> f.loose().chance()).toList()),
        "prompt_strict", range(prompts(flags, f -> f.strict().chance())),
        "prompt_loose", range(prompts(flags, f -> f.loose().chance())));
  }

  private static Range range(List<Double> chances) {
    Draws draws = Draws.of(chances);
    double share = chances.size() / 100.0;
    return new Range(
        draws.quantile((1 - COVERED) / 2) / share, draws.quantile((1 + COVERED) / 2) / share);
  }

  /** Of each prompt, the chance that all of its instructions are followed. */
  private static List<Double> prompts(List<Flag> flags, ToDoubleFunction<Flag> chance) {
    var prompts = new HashMap<String, Double>();
    flags.forEach(f -> prompts.merge(f.key(), chance.applyAsDouble(f), (a, b) -> a * b));
    return List.copyOf(prompts.values());
  }

  @Test
  void thePageSaysWhatWasPublishedAndWhatWeFind() throws IOException {
    String found = table(published()) + "\n" + remaining();
    System.out.println(found);
    String page = Files.readString(PAGE);
    assertThat(page).contains(BEGIN).contains(END);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    if (Boolean.getBoolean("understudy.print")) {
      Files.writeString(PAGE, page.substring(0, from) + "\n" + found + "\n" + page.substring(to));
    } else {
      assertThat(page.substring(from, to).strip())
          .as("-Dunderstudy.print=true writes it")
          .isEqualTo(found.strip());
    }
  }

  private static String table(JsonNode published) {
    var text =
        new StringBuilder(
            """
            | published → ours (range of the published checker's own draws), in % | instructions, strict | loose | prompts, strict | loose | flags that differ | of them drawn |
            | --- | --- | --- | --- | --- | --- | --- |
            """);
    int equal = 0;
    int cells = 0;
    double furthest = 0;
    for (var file : recorded.byFile().entrySet()) {
      Map<String, Double> ours = accuracies(file.getValue());
      Map<String, Range> ranges = ranges(file.getValue());
      text.append("| ").append(file.getKey());
      for (String name : ACCURACIES) {
        double wanted = published.get(file.getKey()).get(name).asDouble();
        double found = ours.getOrDefault(name, Double.NaN);
        furthest = Math.max(furthest, Math.abs(found - wanted));
        cells++;
        if (tenth(wanted).equals(tenth(found))) {
          equal++;
          text.append(" | ").append(tenth(found));
        } else {
          text.append(" | %s → %s".formatted(tenth(wanted), tenth(found)));
        }
        text.append(ranges.get(name));
      }
      text.append(
          " | %d of %d | %d |\n"
              .formatted(
                  words(file.getValue()).filter(Word::differs).count(),
                  2 * file.getValue().size(),
                  words(file.getValue()).filter(w -> w.differs() && w.isDrawn()).count()));
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "\n%d of the %d accuracies are equal to the tenth, none is further than %.2f points"
                    + " away, and %d of %,d flags differ, %d of them such as the published checker"
                    + " says now so, now otherwise:\n",
                equal,
                cells,
                furthest,
                words(recorded.flags()).filter(Word::differs).count(),
                2 * recorded.flags().size(),
                words(recorded.flags()).filter(w -> w.differs() && w.isDrawn()).count()))
        .toString();
  }

  /** Each flag that differs, by kind. */
  private static String remaining() {
    var kinds = new TreeMap<String, List<Flag>>();
    for (Flag flag : recorded.flags()) {
      if (flag.differing() > 0) {
        kinds.computeIfAbsent(flag.id(), _ -> new ArrayList<>()).add(flag);
      }
    }
    var text =
        new StringBuilder(
            "| instruction | cause | flags | answers, strict/loose: recorded → ours (how often the"
                + " published checker says +) |\n");
    text.append("| --- | --- | --- | --- |\n");
    kinds.forEach((id, flags) -> {
      var answers = new ArrayList<String>();
      for (Flag flag : flags) {
        answers.add(
            "%s %s %s → %s%s"
                .formatted(
                    flag.file().replaceFirst("^..[/]", "").replaceFirst("^.*__", ""),
                    flag.key(),
                    mark(flag.strict().recorded()) + mark(flag.loose().recorded()),
                    mark(flag.strict().ours()) + mark(flag.loose().ours()),
                    flag.words().anyMatch(Word::isDrawn)
                        ? " (%s, %s)"
                            .formatted(
                                percent(flag.strict().chance()), percent(flag.loose().chance()))
                        : ""));
      }
      text.append(
          "| `%s` | %s | %d | %s |\n"
              .formatted(
                  id,
                  CAUSES.getOrDefault(id, "?"),
                  words(flags).filter(Word::differs).count(),
                  String.join("; ", answers)));
    });
    return text.toString();
  }

  private static String mark(boolean follows) {
    return follows ? "+" : "−";
  }

  private static String percent(double chance) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * chance);
  }

  private static String tenth(double percent) {
    return String.format(Locale.ROOT, "%.1f", percent);
  }

  /** In percent, by the names of the published ones. */
  private static Map<String, Double> accuracies(List<Flag> flags) {
    var prompts = new HashMap<String, boolean[]>();
    for (Flag flag : flags) {
      boolean[] all = prompts.computeIfAbsent(flag.key(), _ -> new boolean[] {true, true});
      all[0] &= flag.strict().ours();
      all[1] &= flag.loose().ours();
    }
    double count = flags.size() / 100.0;
    double asked = prompts.size() / 100.0;
    return Map.of(
        "instruction_strict", flags.stream().filter(f -> f.strict().ours()).count() / count,
        "instruction_loose", flags.stream().filter(f -> f.loose().ours()).count() / count,
        "prompt_strict", prompts.values().stream().filter(all -> all[0]).count() / asked,
        "prompt_loose", prompts.values().stream().filter(all -> all[1]).count() / asked);
  }

  private static JsonNode published() throws IOException {
    return Json.parse(Files.readAllBytes(FOLDER.resolve("expected.json")));
  }
}
