package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.exchange.Exchange;
import dev.understudy.exchange.Fact;
import dev.understudy.journal.Booking;
import dev.understudy.journal.Calls;
import dev.understudy.journal.DiskJournal;
import dev.understudy.ledger.AttemptCosts;
import dev.understudy.ledger.Ledger;
import dev.understudy.money.Currencies;
import dev.understudy.settlement.focus.Row;
import dev.understudy.settlement.focus.RowReader;
import dev.understudy.store.Database;
import dev.understudy.store.SqlAttemptBook;
import dev.understudy.store.SqlLedgerStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call that the journal tells after its month was closed is a correction in the costs. */
final class LateCallsTest {
  private static final Instant IN_TIME = Instant.parse("2026-10-05T10:00:00Z");
  private static final Instant LATE = Instant.parse("2026-10-06T10:00:00Z");
  private static final Instant CLOSED = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant HEARD = Instant.parse("2026-11-03T08:00:00Z");

  @TempDir private Path data;

  private void tell(Database database, Exchange call) throws IOException {
    var journal =
        DiskJournal.open(
            new DiskJournal.Settings(
                data.resolve("journal"), Duration.ofMillis(20), false, 1L << 30, false),
            new Booking(
                () -> new SqlAttemptBook(database, () -> HEARD),
                exchange -> exchange,
                _ -> Optional.empty(),
                exchange -> exchange.id().getBytes(StandardCharsets.UTF_8)));
    journal.append(call);
    assertThat(journal.settle(Duration.ofSeconds(60))).isTrue();
    journal.close();
  }

  private List<Row> exported() throws IOException {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Commands.line(Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("focus", "export", "--from=2026-10", "--to=2026-10-31", "--data=" + data);
    assertThat(code).as(err.toString()).isZero();
    var rows = new ArrayList<Row>();
    try (RowReader reader = RowReader.of(new StringReader(out.toString()), false)) {
      for (Optional<Row> row = reader.next(); row.isPresent(); row = reader.next()) {
        rows.add(row.get());
      }
    }
    return rows;
  }

  @Test
  void itHasItsOwnChargePeriodAndTheBillingPeriodOfItsBooking() throws IOException {
    try (Database database = Database.embedded(data.resolve(Running.DATABASE))) {
      tell(database, Calls.usual("01in-time", IN_TIME));
      new Ledger(new SqlLedgerStore(database), () -> HEARD).close(Currencies.USD, CLOSED);
      tell(database, Calls.usual("01late", LATE));
    }

    List<Row> rows = exported();

    assertThat(rows).hasSize(6);
    for (Row row : rows) {
      boolean late = row.get("ChargePeriodStart").orElseThrow().startsWith("2026-10-06");
      assertThat(row.get("ChargeClass"))
          .isEqualTo(late ? Optional.of("Correction") : Optional.empty());
      assertThat(row.get("BillingPeriodStart").orElseThrow())
          .startsWith(late ? "2026-11-01" : "2026-10-01");
    }
    assertThat(rows)
        .filteredOn(row -> row.get("ChargeClass").isPresent())
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.get("x_Vendor")).contains("claude"));
  }

  @Test
  void theLedgerNamesAnAttemptAsItsFactDoes() {
    Exchange call = Calls.usual("01call", LATE);

    assertThat(AttemptCosts.of(call))
        .singleElement()
        .satisfies(draft -> {
          assertThat(draft.event().source()).isEqualTo(AttemptCosts.SOURCE);
          assertThat(draft.event().id()).isEqualTo(Fact.of(call, 0, "").id());
        });
  }
}
