package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What instructions hold answers to, by small examples of our own. */
final class InstructionTest {

  private static boolean follows(String id, String kwargs, String answer) {
    return Instruction.of(id, Json.parse(kwargs), LanguageRule.PUBLISHED)
        .orElseThrow()
        .isFollowed(answer);
  }

  @Test
  void spanishPhrasesBeginAParagraphOrEndAnAnswer() {
    String second = "{'num_paragraphs':2,'nth_paragraph':2,'first_word':'En mi opinión'}";
    String id = "es:length_constraints:nth_paragraph_first_word";
    assertThat(follows(id, json(second), "Llueve.\n\nEn mi opinión, basta.")).isTrue();
    assertThat(follows(id, json(second), "En mi opinión, basta.\n\nLlueve.")).isFalse();
    assertThat(follows(id, json(second), "Llueve.\n\nEn mi opiniónada, basta.")).isFalse();
    assertThat(follows(id, json(second), "En mi opinión, basta.")).isFalse();
    String end = json("{'end_phrase':'Un saludo'}");
    assertThat(follows("es:startend:end_checker", end, "Adiós. Un saludo.\n")).isTrue();
    assertThat(follows("es:startend:end_checker", end, "Un saludo. Adiós.")).isFalse();
  }

  @Test
  void spanishAsksForAtMostWhereEnglishAsksForLess() {
    String most = json("{'relation':'como máximo','num_words':3}");
    assertThat(follows("es:length_constraints:number_words", most, "uno dos tres")).isTrue();
    assertThat(follows("es:length_constraints:number_words", most, "uno dos tres más")).isFalse();
    String less = json("{'relation':'less than','num_words':3}");
    assertThat(follows("length_constraints:number_words", less, "one two three")).isFalse();
    assertThat(follows("length_constraints:number_words", less, "one two")).isTrue();
  }

  @Test
  void spanishLettersAndMarksAreCountedByWords() {
    String two = json("{'let_frequency':2}");
    assertThat(follows("es:special_character:enie", two, "El niño de España, señal")).isFalse();
    assertThat(follows("es:special_character:enie", two, "El NIÑO de España, ñ")).isFalse();
    assertThat(follows("es:special_character:enie", two, "El NIÑO de España")).isTrue();
    assertThat(follows("es:special_character:dieresis", two, "pingüino y cigüeña")).isTrue();
    String accents = json("{'relation':'al menos','num_words':2}");
    assertThat(follows("es:special_character:tildes", accents, "Él comió pan")).isTrue();
    assertThat(follows("es:special_character:tildes", accents, "El niño comió pan")).isFalse();
    assertThat(follows("es:punctuation:question_marks", "{}", "¿Vienes?")).isTrue();
    assertThat(follows("es:punctuation:question_marks", "{}", "Vienes?")).isFalse();
    assertThat(follows("es:punctuation:exclamation_marks", "{}", "¡ !")).isFalse();
    assertThat(follows("es:change_case:spanish_capital", "{}", "LA CASA DE LOS OTROS")).isTrue();
    assertThat(follows("es:change_case:spanish_capital", "{}", "THE HOUSE OF THE OTHERS"))
        .isFalse();
  }

  /** As Punkt counts them with NLTK's data for English. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | **A bold one.**",
        "2 | He said \"Go!\" and left.",
        "1 | (It is so.)",
        "2 | See [x].(y) z",
        "3 | [![Build](a)](b) [![npm](c)](d)! Done.",
        "2 | Many (e.g. this) are.",
        "2 | I live in the U.S. They work for U.S. companies.",
        "1 | Mr. X and J. Smith came at 5 p.m. today.",
        "3 | Wait... what? No... Yes.",
        "2 | No. 5 it is",
        "1 | Costs 3. or more, about 4.5.",
        "1 | validate(a?b)",
        "1 | validate(a?, b)",
      })
  void sentencesAreThoseOfThePublishedChecker(int sentences, String text) {
    assertThat(Sentences.count(text)).isEqualTo(sentences);
  }

  @Test
  void aListsNumbersAreNoSentencesInSpanish() {
    String two = json("{'relation':'como máximo','num_sentences':2}");
    assertThat(follows("es:length_constraints:number_sentences", two, "1. Come.\n2. Duerme."))
        .isTrue();
    assertThat(follows("es:length_constraints:number_sentences", two, "Come. Bebe. Duerme."))
        .isFalse();
  }

  @Test
  void aListsMarksAreNoWordsInSpanish() {
    String four = json("{'relation':'como máximo','num_words':4}");
    String id = "es:length_constraints:number_words";
    assertThat(follows(id, four, "1. Come bien.\n\n- Duerme mucho.")).isTrue();
    assertThat(follows(id, four, "1. Come bien 2 veces.\n- Duerme.")).isFalse();
  }

  @Test
  void anAnswerThatReadsInSeveralWaysIsFollowedIfOneOfThemIsLikelierThanNot() {
    Instruction english =
        Instruction.of("change_case:english_lowercase", Json.parse("{}"), LanguageRule.PUBLISHED)
            .orElseThrow();
    // Its checker takes this for English in about half of its detections, else for French.
    String answer = "visit paris in may";
    double once = english.chance(answer);
    assertThat(once).isBetween(0.4, 0.65);
    // Two of the eight readings are the text, the others are empty.
    assertThat(english.looseChance(answer)).isEqualTo(1 - (1 - once) * (1 - once));
    assertThat(english.isFollowed(answer)).isEqualTo(once > 0.5);
    assertThat(english.isFollowedLoosely(answer)).isTrue();
    assertThat(english.chance(" \n")).isZero();
    assertThat(english.chance("Visit Paris in May")).isZero();
    assertThat(Instruction.readings("a\n*b*\nc"))
        .containsExactly("a\n*b*\nc", "*b*\nc", "a\n*b*", "*b*", "a\nb\nc", "b\nc", "a\nb", "b");
  }

  @Test
  void printersQuotesAndDashesStandAlone() {
    assertThat(TreebankWords.of("“I’ve won”—HE said."))
        .containsExactly("“", "I", "’", "ve", "won", "”", "—", "HE", "said", ".");
    assertThat(TreebankWords.of("don't say 'NO' at 3,500"))
        .containsExactly("do", "n't", "say", "'", "NO", "'", "at", "3,500");
  }

  @Test
  void languagesAreToldByScriptAndByTheirCommonestWords() {
    assertThat(Languages.isLikely("Hakuna mtu wa kutoka hapa na sisi", "sw")).isTrue();
    assertThat(Languages.isLikely("Hakuna mtu wa kutoka hapa na sisi", "pl")).isFalse();
    assertThat(Languages.isLikely("Una nave nera su mare, nella notte", "it")).isTrue();
    assertThat(Languages.isLikely("Una nave nera su mare, nella notte", "es")).isFalse();
    assertThat(Languages.isLikely("यह एक किताब है और वह भी", "hi")).isTrue();
    assertThat(Languages.isLikely("यह एक किताब है और वह भी", "mr")).isFalse();
    assertThat(Languages.isLikely("This is what they said to me", "de")).isFalse();
    // Nothing to go by, but the script.
    assertThat(Languages.isLikely("etchings", "en")).isTrue();
    assertThat(Languages.isLikely("etchings", "ru")).isFalse();
  }

  private static String json(String quoted) {
    return quoted.replace('\'', '"');
  }
}
