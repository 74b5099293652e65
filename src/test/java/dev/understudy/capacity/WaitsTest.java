package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class WaitsTest {
  private static final Instant NOW = Instant.parse("2026-08-19T14:34:00Z");

  @Test
  void readsEveryFormThatVendorsWriteAWaitIn() {
    assertThat(millis("6m0s")).hasValue(360_000);
    assertThat(millis("88ms")).hasValue(88);
    assertThat(millis("17.399999999s")).hasValue(17_400);
    assertThat(millis("1m11.339s")).hasValue(71_339);
    assertThat(millis("2h3m0.5s")).hasValue(7_380_500);
    assertThat(millis("0s")).hasValue(0);
    assertThat(millis("2")).hasValue(2_000);
    assertThat(millis("0.25")).hasValue(250);
    assertThat(millis("2026-08-19T14:34:37Z")).hasValue(37_000);
    assertThat(millis("2026-08-19T16:34:37+02:00")).hasValue(37_000);
    assertThat(millis("Wed, 19 Aug 2026 14:35:00 GMT")).hasValue(60_000);
    assertThat(millis("1787150100")).hasValue(60_000);
    assertThat(millis("1787150100000")).hasValue(60_000);
    assertThat(Waits.ofMillis("1500")).hasValue(1_500);
  }

  @Test
  void takesWhatIsOverForNow() {
    assertThat(millis("2026-08-19T14:00:00Z")).hasValue(0);
    assertThat(millis("1754667660000")).hasValue(0);
  }

  @Test
  void readsNothingIntoWhatIsNoWait() {
    for (String text :
        new String[] {
          "",
          " ",
          "-1",
          "soon",
          "1h2",
          "s",
          "NaN",
          "Infinity",
          "1e9",
          "REDACTED",
          "2026-13-45",
          "9999999999999999999999",
          "X-RATELIMIT-RESET-TOKENS-XXX",
          "Wed, 99 Foo 2026",
          "１２"
        }) {
      assertThat(millis(text)).as(text).isEmpty();
    }
  }

  @Property
  void neverThrowsAndNeverWaitsForEver(@ForAll String text) {
    for (OptionalLong wait : new OptionalLong[] {millis(text), Waits.ofMillis(text)}) {
      wait.ifPresent(millis -> assertThat(millis).isBetween(0L, Waits.MILLIS_MAX));
    }
  }

  private static OptionalLong millis(String text) {
    return Waits.millis(text, NOW);
  }
}
