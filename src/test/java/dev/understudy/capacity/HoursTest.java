package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

final class HoursTest {

  @Test
  void bookedHoursAreThoseOfTheirOwnPlace() {
    Hours office = Hours.parse("mon-fri 08:00-18:00 Europe/Berlin");

    assertThat(office.contains(Instant.parse("2026-11-27T07:30:00Z"))).isTrue(); // Friday 08:30
    assertThat(office.contains(Instant.parse("2026-11-27T06:30:00Z"))).isFalse();
    assertThat(office.contains(Instant.parse("2026-11-27T17:00:00Z"))).isFalse();
    assertThat(office.contains(Instant.parse("2026-11-28T09:00:00Z"))).isFalse();
  }

  @Test
  void hoursPastMidnightBelongToTheDayOnWhichTheyBegin() {
    Hours nights = Hours.parse("fri 22:00-06:00");

    assertThat(nights.contains(Instant.parse("2026-11-27T23:00:00Z"))).isTrue();
    assertThat(nights.contains(Instant.parse("2026-11-28T05:00:00Z"))).isTrue();
    assertThat(nights.contains(Instant.parse("2026-11-28T23:00:00Z"))).isFalse();
    assertThat(nights.contains(Instant.parse("2026-11-27T05:00:00Z"))).isFalse();
  }

  @Test
  void aWeekMayTurnBetweenItsDays() {
    Hours weekend = Hours.parse("sat-mon");

    assertThat(weekend.contains(Instant.parse("2026-11-29T12:00:00Z"))).isTrue();
    assertThat(weekend.contains(Instant.parse("2026-11-30T12:00:00Z"))).isTrue();
    assertThat(weekend.contains(Instant.parse("2026-12-01T12:00:00Z"))).isFalse();
    assertThat(Hours.parse("24x7").contains(Instant.EPOCH)).isTrue();
  }

  @Test
  void saysHowHoursAreWritten() {
    for (String wrong : new String[] {"", "always", "mon 8-18", "mon-fri 25:00-26:00"}) {
      assertThatThrownBy(() -> Hours.parse(wrong))
          .hasMessage("hours are written as 24x7, or as mon-fri 08:00-18:00 Europe/Berlin");
    }
    assertThatThrownBy(() -> Hours.parse("mon-fri 08:00-18:00 Europe/Atlantis"))
        .hasMessage("unknown time zone \"Europe/Atlantis\"; write it as Europe/Berlin");
  }
}
