package dev.understudy.settlement;

import dev.understudy.money.Money;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * One fact of business that no call tells of: a sale, what is taken off sales, a profit. Texts that
 * are not known are empty.
 *
 * @param source who tells it, such as the name of a billing system
 * @param id its name there; with the source it names the fact for good
 * @param occurredAt decides the period, to the millisecond
 * @param amount above zero; a profit may be below
 * @param contract the only contract it counts for; empty for every contract whose terms it fits
 * @param seller the party that sold, or whose profit it is
 * @param reference the id of the sale that a credit note or refund takes back
 */
public record SalesFact(
    String source,
    String id,
    Kind kind,
    Instant occurredAt,
    Money amount,
    String contract,
    String seller,
    String product,
    String channel,
    String model,
    String region,
    String segment,
    String customer,
    String reference) {
  private static final int TEXT_MAX = 120;

  /** What it is. */
  public enum Kind {
    SALE,
    TAX,
    REFUND,
    CREDIT,
    CHARGEBACK,
    /** What a third party, such as an app store, kept of sales. */
    FEE,
    /** What may be distributed of a profit. */
    PROFIT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The words there are. */
    public static List<String> words() {
      return List.of(values()).stream().map(Kind::word).toList();
    }
  }

  public SalesFact {
    occurredAt = occurredAt.truncatedTo(ChronoUnit.MILLIS);
    if (source.isEmpty() || id.isEmpty()) {
      throw new IllegalArgumentException("a fact has a source and an id");
    }
    if (amount.isZero() || (amount.sign() < 0 && kind != Kind.PROFIT)) {
      throw new IllegalArgumentException(
          "the amount of a %s must be above zero, not %s; what is taken back is a refund or a credit"
              .formatted(kind.word(), amount));
    }
    for (String text :
        List.of(
            source, id, contract, seller, product, channel, model, region, segment, customer,
            reference)) {
      if (text.length() > TEXT_MAX || text.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "a text of a fact is at most %d characters in one line".formatted(TEXT_MAX));
      }
    }
    for (String name : List.of(source, id)) {
      if (name.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException("a source and an id have no spaces: \"" + name + '"');
      }
    }
  }
}
