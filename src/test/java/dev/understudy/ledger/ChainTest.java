package dev.understudy.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChainTest {
  private static String line(String name, String value) {
    return name.length() + " " + value.length() + " " + name + " " + value + "\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "né \u4e16 \ud83d\ude00 after", "half \ud83d of a pair", "é"})
  void aFactIsHashedAsItIsSpelledOut(String note) throws Exception {
    var amount = Money.of(new BigDecimal("0.0125"), Currencies.USD);
    Account usage = Account.of(Account.Kind.USAGE, "claude");
    Account payable = Account.of(Account.Kind.PAYABLE, "claude");
    String repeated = note.repeat(20);
    var draft =
        new Draft(
            new EventId("exchange", "01jdbz/0"),
            Act.post(),
            Currencies.USD,
            Instant.parse("2026-11-28T08:00:00.125Z"),
            List.of(Posting.debit(usage, amount), Posting.credit(payable, amount)),
            new TreeMap<>(Map.of("a", note, "b", repeated)));
    String spelled =
        "understudy ledger fact 1\n"
            + line("source", "exchange")
            + line("id", "01jdbz/0")
            + line("act", "post")
            + line("currency", "USD")
            + line("occurred", "2026-11-28T08:00:00.125Z")
            + line("posting", "usage:claude 0.0125 USD")
            + line("posting", "payable:claude -0.0125 USD")
            + line("note a", note)
            + line("note b", repeated);

    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(spelled.getBytes(StandardCharsets.UTF_8));
    assertThat(Chain.body(draft)).isEqualTo(HexFormat.of().formatHex(digest));
  }
}
