package dev.understudy.gain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A router's file keeps its meaning only as long as texts keep their buckets. */
final class ReadingTest {
  /** How buckets are defined: by the hashes of words, pairs and pieces as texts. */
  private static List<Integer> hits(List<String> tokens) {
    var hits = new ArrayList<Integer>();
    String before = "^";
    for (String token : tokens) {
      hits.add(bucket(token.hashCode()));
      hits.add(bucket((before + " " + token).hashCode() * 31 + 7));
      before = token;
      String whole = "<" + token + ">";
      for (int at = 0; token.length() >= 4 && at + 4 <= whole.length(); at++) {
        hits.add(Reading.WORD_BUCKETS + bucket(whole.substring(at, at + 4).hashCode() * 17 + 3));
      }
    }
    return hits;
  }

  private static int bucket(int hash) {
    int mixed = hash;
    mixed ^= mixed >>> 16;
    mixed *= 0x85ebca6b;
    mixed ^= mixed >>> 13;
    mixed *= 0xc2b2ae35;
    mixed ^= mixed >>> 16;
    return mixed & (Reading.WORD_BUCKETS - 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?",
        "the the the the",
        "Weng earns $12 an hour for babysitting; don't ask why.",
        "Donaudampfschifffahrtsgesellschaft zählt Größe, naïve 東京 текст и ещё",
        "a ab abc abcd abcde 12 123 x1y2z3w4"
      })
  void bucketsAreThoseOfTheTextsTheyStandFor(String text) {
    Reading reading = Reading.of(text);

    var counts = new TreeMap<Integer, Integer>();
    for (int hit : hits(reading.tokens)) {
      counts.merge(hit, 1, Integer::sum);
    }
    assertThat(Arrays.stream(reading.buckets).boxed()).containsExactlyElementsOf(counts.keySet());
    for (int i = 0; i < reading.buckets.length; i++) {
      assertThat(reading.weights[i])
          .isEqualTo((float) (1 + StrictMath.log(counts.get(reading.buckets[i]))));
    }
    assertThat(reading.words)
        .isEqualTo((int) counts.keySet().stream().filter(b -> b < Reading.WORD_BUCKETS).count());
  }
}
