package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RefusalsTest {
  /** Of these every way of refusing that is known can be put together, and much that is none. */
  private static final List<String> WORDS =
      List.of(
          "i'm",
          "I am",
          "very",
          "really",
          "sorry,",
          "sorry",
          "but",
          "I",
          "can't",
          "cannot",
          "can’t",
          "am unable",
          "am unable to",
          "am not able to",
          "'m unable to",
          "won't",
          "will not",
          "help",
          "comply",
          "share",
          "must",
          "decline",
          "refuse",
          "have to",
          "need to",
          "As an AI",
          "as a language model",
          "this",
          "that",
          "your",
          "request",
          "goes against",
          "violates",
          "yes",
          "able to",
          "the",
          "cake",
          ".",
          "\n");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I can't help with that.",
        "I can not assist you here.",
        "I'm unable to help with that request.",
        "I’m not able to provide medical advice.",
        "I am unable to share this.",
        "I'm sorry, but I can't do that.",
        "I'm so sorry, but I'm unable to comply.",
        "I’m sorry, I cannot assist with that request.",
        "As an AI, I can't have opinions.",
        "I must decline."
      })
  void thisIsARefusal(String said) {
    assertThat(Refusals.isOne(said)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I'm able to help with that.",
        "I am sorry to hear that; here is what you can do.",
        "The lock cannot help here, since it is taken already.",
        "I can help: press the button.",
        "He is unable to give an answer before Monday."
      })
  void thisIsNone(String said) {
    assertThat(Refusals.isOne(said)).isFalse();
  }

  @Test
  void whatIsLookedForFirstKeepsNoRefusalFromBeingFound() {
    var random = new Random(7);
    int found = 0;
    for (int i = 0; i < 100_000; i++) {
      var said = new StringBuilder();
      for (int words = 1 + random.nextInt(7); words > 0; words--) {
        said.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
      }
      String text = said.toString();
      boolean refusal = Refusals.isWorded(Refusals.beginning(text));
      assertThat(Refusals.isOne(text)).as(text).isEqualTo(refusal);
      found += refusal ? 1 : 0;
    }
    assertThat(found).isGreaterThan(500);
  }

  @Test
  void eachWayOfRefusingIsKnown() {
    for (String text :
        List.of(
            "I'm very sorry, but I can't",
            "I am sorry, I am unable",
            "I won't do that",
            "I will not assist",
            "I am not able to create that",
            "I am unable to engage",
            "I must refuse",
            "I have to decline",
            "As an AI, I am of course unable",
            "as a language model I cannot",
            "Your request violates",
            "This request goes against")) {
      assertThat(Refusals.isOne(text)).as(text).isTrue();
    }
    assertThat(Refusals.isOne("I can help with that request gladly")).isFalse();
  }
}
