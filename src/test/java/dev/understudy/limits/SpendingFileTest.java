package dev.understudy.limits;

import static dev.understudy.limits.Counting.demand;
import static dev.understudy.limits.Counting.scope;
import static dev.understudy.limits.Counting.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpendingFileTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 27);
  private static final Scope KEY = scope("key:a", 0, 0, 0, "1USD/day", "20USD/month");

  @TempDir Path folder;

  private static Counting on(SpendingFile book) {
    return new Counting(
        Allotment.WHOLE, book, ZoneOffset.UTC, Instant.parse("2026-11-27T12:00:00Z"));
  }

  private static void spend(Counting counting, double usd) {
    Place place = counting.admitted(demand(0, usd), KEY);
    place.settle(place.attempt(), demand(0, usd));
    place.leave();
  }

  @Test
  void remembersOverARestartWhatWasSpent() throws IOException {
    try (var book = SpendingFile.open(folder, TODAY)) {
      Counting before = on(book);
      spend(before, 0.25);
      book.flush();
      spend(before, 0.5);
    }
    try (var book = SpendingFile.open(folder, TODAY)) {
      Counting after = on(book);
      after.refused(demand(0, 0.26), KEY);
      assertThat(after.spent("key:a")).isEqualTo(usd(0.75));
      spend(after, 0.25);
    }
    try (var book = SpendingFile.open(folder, TODAY)) {
      assertThat(on(book).refused(demand(0, 0.01), KEY).left()).isEqualTo("0");
    }
  }

  @Test
  void makesNoFileWhereNothingIsSpent() throws IOException {
    try (var book = SpendingFile.open(folder, TODAY)) {
      on(book).admitted(demand(0, 0.1), KEY);
      book.flush();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void countsATornLastLineAsNotWrittenAndGoesOnBehindIt() throws IOException {
    try (var book = SpendingFile.open(folder, TODAY)) {
      Counting counting = on(book);
      spend(counting, 0.25);
      book.flush();
      spend(counting, 0.5);
    }
    Path file = folder.resolve("spending.log");
    byte[] whole = Files.readAllBytes(file);
    // Two budgets, so the last line of four is the month's; each cut but the last loses one line.
    for (int cut = 1; cut < 30; cut++) {
      Files.write(file, Arrays.copyOf(whole, whole.length - cut));
      try (var book = SpendingFile.open(folder, TODAY)) {
        Counting counting = on(book);
        counting.refused(demand(0, 0.9), KEY);
        assertThat(counting.spent("key:a")).isEqualTo(usd(0.75));
        spend(counting, 0.1);
      }
      try (var book = SpendingFile.open(folder, TODAY)) {
        Counting counting = on(book);
        counting.refused(demand(0, 0.9), KEY);
        assertThat(counting.spent("key:a")).isEqualTo(usd(0.85));
      }
    }
  }

  @Test
  void doesNotCountALineWhoseChecksumIsWrong() throws IOException {
    try (var book = SpendingFile.open(folder, TODAY)) {
      spend(on(book), 0.25);
    }
    Path file = folder.resolve("spending.log");
    String forged = Files.readString(file).replace("250000000", "000000000");
    Files.writeString(file, forged);
    try (var book = SpendingFile.open(folder, TODAY)) {
      Counting counting = on(book);
      spend(counting, 0.1);
      assertThat(counting.spent("key:a")).isEqualTo(usd(0.1));
    }
  }

  @Test
  void writesAFileThatGrewTooLargeAnew() throws IOException {
    try (var book = SpendingFile.open(folder, TODAY, 2_000)) {
      Counting counting = on(book);
      for (int i = 0; i < 300; i++) {
        spend(counting, 0.001);
        book.flush();
      }
      assertThat(book.trouble()).isEmpty();
    }
    assertThat(Files.size(folder.resolve("spending.log"))).isLessThan(2_500);
    try (var book = SpendingFile.open(folder, TODAY)) {
      Counting counting = on(book);
      counting.refused(demand(0, 0.9), KEY);
      assertThat(counting.spent("key:a")).isEqualTo(usd(0.3));
    }
  }

  @Test
  void forgetsPeriodsThatAreLongOver() throws IOException {
    try (var book = SpendingFile.open(folder, TODAY)) {
      spend(on(book), 0.25);
    }
    try (var book = SpendingFile.open(folder, TODAY.plusDays(1))) {
      Counting tomorrow = on(book);
      tomorrow.pass(Duration.ofDays(1));
      spend(tomorrow, 0.8);
      assertThat(tomorrow.spent("key:a")).isEqualTo(usd(0.8));
    }
  }

  @Test
  void refusesAFolderThatAnotherGatewayUses() throws IOException {
    try (var book = SpendingFile.open(folder, TODAY)) {
      spend(on(book), 0.25);
      book.flush();
      assertThatThrownBy(() -> SpendingFile.open(folder, TODAY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is in use by another gateway")
          .hasMessageContaining("--data");
    }
  }

  @Test
  void goesOnWhenTheDiskRefusesAndWritesWhenItTakesAgain() throws IOException {
    Path missing = folder.resolve("gone");
    try (var book = SpendingFile.open(missing, TODAY)) {
      Counting counting = on(book);
      spend(counting, 0.25);
      book.flush();
      assertThat(book.trouble()).isPresent();

      Files.createDirectories(missing);
      spend(counting, 0.25);
      book.flush();
      assertThat(book.trouble()).isEmpty();
    }
    try (var book = SpendingFile.open(missing, TODAY)) {
      Counting counting = on(book);
      spend(counting, 0.1);
      assertThat(counting.spent("key:a")).isEqualTo(usd(0.6));
    }
  }

  @Test
  void ignoresLinesOfAnotherVersion() throws IOException {
    Files.writeString(
        folder.resolve("spending.log"),
        "not a line\n\n00000000\tkey:a\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE);
    try (var book = SpendingFile.open(folder, TODAY)) {
      spend(on(book), 0.1);
    }
  }
}
