package dev.understudy.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The worked examples of notices, each by its name and to its last digit. */
final class NoticeTest {
  @Test
  void noticeOf180DaysSentOnFriday20260130IsEffectiveOn20260731() {
    var notice =
        new Notice(
            Map.of("us", 180),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            2,
            true,
            Set.of());

    assertThat(notice.received(LocalDate.parse("2026-01-30"))).isEqualTo("2026-02-01");
    assertThat(notice.effective(LocalDate.parse("2026-01-30"), 180)).isEqualTo("2026-07-31");
    assertThat(notice.latest(LocalDate.parse("2026-07-31"), 180)).isEqualTo("2026-01-30");
  }

  @Test
  void noticeInBusinessDaysLeavesOutWeekendsAndHolidays() {
    var notice =
        new Notice(
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            true,
            0,
            true,
            Set.of(LocalDate.parse("2026-12-25")));

    assertThat(notice.effective(LocalDate.parse("2026-12-23"), 2)).isEqualTo("2026-12-28");
    assertThat(notice.latest(LocalDate.parse("2026-12-28"), 2)).isEqualTo("2026-12-23");
  }
}
