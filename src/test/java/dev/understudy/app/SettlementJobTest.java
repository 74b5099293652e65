package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.contract.ContractBook;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.settlement.Given;
import dev.understudy.settlement.SalesFact;
import dev.understudy.store.Database;
import dev.understudy.store.SqlSalesStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedule, told what time it is. */
final class SettlementJobTest {
  @TempDir private Path folder;

  @Test
  void aMonthIsSettledFromItsDayOnOnceAndAgainWhenSomethingIsHeardOfLate() throws IOException {
    ContractBook book = ContractFiles.read(List.of(Path.of("examples/settlement/resale.yaml")));
    var terms =
        new SettlementJob.Terms(3, 2, Optional.of("us"), folder.resolve("out"), Optional.empty());
    try (Database database = Database.embedded(folder.resolve("understudy.db"))) {
      keep(database, "s-1", "2026-03-31T23:59:59Z");
      var desks = SettlementDesks.over(database, Given.ListPrices.NONE, Optional.empty());

      // On the second only February and what is before are over long enough.
      assertThat(SettlementJob.run(terms, book, desks, at("2026-04-02")).made())
          .hasSize(2)
          .allMatch(line -> line.contains("2026-01") || line.contains("2026-02"));
      SettlementJob.Done third = SettlementJob.run(terms, book, desks, at("2026-04-03"));
      assertThat(third.failed()).isEmpty();
      assertThat(third.made())
          .singleElement()
          .asString()
          .startsWith("statement of resale for 2026-03, revision 1: [1520 USD], in ");
      assertThat(SettlementJob.run(terms, book, desks, at("2026-04-03")).made()).isEmpty();

      keep(database, "s-2", "2026-02-10T00:00:00Z");
      assertThat(SettlementJob.run(terms, book, desks, at("2026-04-04")).made())
          .hasSize(2)
          .allMatch(line -> line.contains("revision 2"));
      assertThat(folder.resolve("out/resale-2026-02-r2.pdf")).isNotEmptyFile();
      assertThat(folder.resolve("out/resale-2026-02-r1.pdf")).isNotEmptyFile();
    }
  }

  @Test
  void oneThatFailsDoesNotKeepTheOthersBack() throws IOException {
    ContractBook book = ContractFiles.read(List.of(Path.of("examples/settlement/resale.yaml")));
    var terms =
        new SettlementJob.Terms(
            1, 1, Optional.empty(), folder, Optional.of(folder.resolve("none.yaml")));
    try (Database database = Database.embedded(folder.resolve("understudy.db"))) {
      var desks = SettlementDesks.over(database, Given.ListPrices.NONE, Optional.empty());

      SettlementJob.Done done = SettlementJob.run(terms, book, desks, at("2026-04-02"));

      assertThat(done.made()).hasSize(1);
      assertThat(done.failed())
          .containsExactly(
              "no invoices for 2026-03: " + folder.resolve("none.yaml") + ": no such file");
    }
  }

  private static Instant at(String day) {
    return Instant.parse(day + "T08:00:00Z");
  }

  private static void keep(Database database, String id, String at) throws IOException {
    new SqlSalesStore(database)
        .keep(
            List.of(
                new SalesFact(
                    "test",
                    id,
                    SalesFact.Kind.SALE,
                    Instant.parse(at),
                    Money.of(new BigDecimal("100"), Currencies.USD),
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "",
                    "")),
            List.of(),
            Instant.parse(at));
  }
}
