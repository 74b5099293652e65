package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.sandbox.Recital;
import java.util.Random;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** Where one model's text ends and another's goes on. */
class SeamTest {
  private static final String TEXT = Recital.of(120);

  private static String joined(Seam seam, String continuation, int step) {
    var said = new StringBuilder();
    for (int at = 0; at < continuation.length(); at += step) {
      said.append(
          seam.accept(continuation.substring(at, Math.min(at + step, continuation.length()))));
    }
    return said.append(seam.end()).toString();
  }

  /** Cuts the text at every place, lets {@code model} go on, and compares with the text. */
  private static void joinsEverywhere(boolean byPrefix, int from, BinaryOperator<String> model) {
    for (int cut = from; cut <= TEXT.length(); cut++) {
      String told = TEXT.substring(0, cut);
      if (Character.isHighSurrogate(told.charAt(cut - 1))) {
        continue;
      }
      String rest = TEXT.substring(cut);
      for (int step : new int[] {1, 4, 31, 1_000}) {
        Seam seam = byPrefix ? Seam.afterPrefix(told) : Seam.afterInstruction(told);
        assertThat(told + joined(seam, model.apply(told, rest), step))
            .as("cut at %d, in steps of %d", cut, step)
            .isEqualTo(TEXT);
        assertThat(seam.complaint()).isEmpty();
      }
    }
  }

  @Test
  void whatComesNextIsPassedOnAndWhiteSpaceThatWasTakenOffTheEndIsNotSaidTwice() {
    joinsEverywhere(true, 1, (told, rest) -> tail(told) + rest);
  }

  @Test
  void aModelThatLeavesOutTheWhiteSpaceIsJoinedAsWell() {
    assertThat(joined(Seam.afterPrefix("the red "), "fox", 1)).isEqualTo("fox");
    assertThat(joined(Seam.afterPrefix("the end.\n\n"), "\nNext", 1)).isEqualTo("Next");
    assertThat(joined(Seam.afterPrefix("the red"), " fox", 1)).isEqualTo(" fox");
  }

  @Test
  void lastWordsThatAreSaidAgainAreSwallowed() {
    joinsEverywhere(
        true, 24, (told, rest) -> told.substring(Math.max(0, told.length() - 60)) + rest);
  }

  @Test
  void anAnswerThatHoldsItsOwnBeginningIsCutToWhatIsNew() {
    joinsEverywhere(true, 1, (told, rest) -> told + rest);
    joinsEverywhere(false, 1, (told, rest) -> told + rest);
    joinsEverywhere(true, 1, (told, rest) -> "\n" + told + rest);
  }

  @Test
  void theWordsThatWereToBeRepeatedAreSwallowedAndWhatStandsBeforeThem() {
    joinsEverywhere(false, 1, (told, rest) -> Seam.anchor(told) + tail(told) + rest);
    joinsEverywhere(false, 1, (told, rest) -> "\n\n " + Seam.anchor(told) + tail(told) + rest);
    joinsEverywhere(
        false, 17, (told, rest) -> "Sure, it goes on:\n" + Seam.anchor(told) + tail(told) + rest);
  }

  private static String tail(String told) {
    return told.substring(told.stripTrailing().length());
  }

  @Test
  void aModelThatBreaksItsLinesOtherwiseStillRepeats() {
    var seam = Seam.afterInstruction("He went to the  sea\nand saw a boat with a red ");

    assertThat(joined(seam, "He went to the sea and saw\n a boat with a red sail.", 3))
        .isEqualTo("sail.");
  }

  @Test
  void shortRepetitionsAreTheTextsOwn() {
    assertThat(joined(Seam.afterPrefix("It is very, "), "very, very good.", 2))
        .isEqualTo("very, very good.");
    assertThat(joined(Seam.afterPrefix("1000"), "000", 1)).isEqualTo("000");
    String dashes = "-".repeat(200);
    assertThat(joined(Seam.afterPrefix("| a |\n|" + dashes), dashes + "|", 7))
        .isEqualTo(dashes + "|");
  }

  @Test
  void aTextThatBeginsAgainAndSaysSomethingElseIsNoContinuation() {
    String told = TEXT.substring(0, 200);
    for (var seam : new Seam[] {Seam.afterPrefix(told), Seam.afterInstruction(told)}) {
      assertThat(joined(seam, TEXT.substring(0, 150) + "but no. " + "x".repeat(600), 5)).isEmpty();
      assertThat(seam.complaint()).isPresent();
    }
  }

  @Test
  void aTextThatBeginsAgainAndStopsEarlyIsNoContinuation() {
    var seam = Seam.afterPrefix(TEXT.substring(0, 200));

    assertThat(joined(seam, TEXT.substring(0, 150), 5)).isEmpty();
    assertThat(seam.complaint()).isPresent();
  }

  @Test
  void aModelThatDoesNotRepeatWhatItWasToldToIsNotBelieved() {
    for (String said : new String[] {"I am sorry, I cannot do that.", "", TEXT.substring(200)}) {
      var seam = Seam.afterInstruction(TEXT.substring(0, 200));

      assertThat(joined(seam, said, 5)).isEmpty();
      assertThat(seam.complaint()).isPresent();
    }
  }

  @Test
  void nothingMoreIsACompleteAnswer() {
    var seam = Seam.afterPrefix(TEXT);

    assertThat(seam.end()).isEmpty();
    assertThat(seam.complaint()).isEmpty();
  }

  @Test
  void ordinaryContinuationsAreNotHeldBackForLong() {
    var seam = Seam.afterPrefix(TEXT.substring(0, 200));

    assertThat(seam.accept(TEXT.substring(200, 230))).isNotEmpty();
  }

  @Test
  void holdsBackNoMoreThanItsBoundWhateverComes() {
    var random = new Random(7);
    for (int round = 0; round < 300; round++) {
      String told = letters(random, 1 + random.nextInt(600));
      var seam = random.nextBoolean() ? Seam.afterPrefix(told) : Seam.afterInstruction(told);
      int taken = 0;
      while (!seam.isDecided() && taken < 5_000) {
        String more =
            random.nextInt(3) == 0 ? told.substring(told.length() / 2) : letters(random, 9);
        seam.accept(more);
        taken += more.length();
      }
      assertThat(seam.isDecided()).isTrue();
    }
  }

  private static String letters(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append("ab \n".charAt(random.nextInt(4)));
    }
    return text.toString();
  }
}
