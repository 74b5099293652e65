package dev.understudy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.exchange.Exchange;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RecordsTest {
  private final RecordWriter writer = new RecordWriter();

  private byte[] spelt(Exchange exchange) {
    int length = writer.spell(exchange);
    return Arrays.copyOf(writer.bytes(), length);
  }

  private static Exchange read(byte[] bytes) {
    return new RecordReader().read(bytes, 0, bytes.length);
  }

  @Test
  void aCallIsReadAsItWasWritten() {
    Exchange usual = Calls.usual("01JDBZ9", Instant.parse("2026-11-27T12:00:00.123456789Z"));
    assertThat(read(spelt(usual))).isEqualTo(usual);
    assertThat(spelt(usual).length).isLessThan(900);
    var calls = new Calls(20261127);
    for (int i = 0; i < 2_000; i++) {
      Exchange call = calls.any("x" + i);
      assertThat(read(spelt(call))).isEqualTo(call);
    }
  }

  @Test
  void aCallThatGoesOnIsToldFromOneThatIsOver() {
    var calls = new Calls(20261128);
    for (int i = 0; i < 200; i++) {
      Exchange call = calls.any("x" + i);
      assertThat(RecordReader.isSoFar(spelt(call), 0)).isFalse();
      int length = writer.spellSoFar(call);
      byte[] soFar = Arrays.copyOf(writer.bytes(), length);
      assertThat(RecordReader.isSoFar(soFar, 0)).isTrue();
      assertThat(read(soFar)).isEqualTo(call);
    }
  }

  @Test
  void aPartOfACallIsNone() {
    byte[] whole = spelt(Calls.usual("01JDBZ9", Instant.EPOCH));
    for (int length = 0; length < whole.length; length++) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
