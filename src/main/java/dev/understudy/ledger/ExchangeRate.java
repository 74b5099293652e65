package dev.understudy.ledger;

import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;

/**
 * What one unit of a currency was worth in another on a day.
 *
 * @param source who says so, such as {@code ECB reference rate}
 */
public record ExchangeRate(
    Currency from, Currency to, BigDecimal rate, LocalDate day, String source) {
  public ExchangeRate {
    if (rate.signum() <= 0 || from.equals(to) || source.isBlank()) {
      throw new IllegalArgumentException(
          "a rate of exchange is above zero, between two currencies, and has a source");
    }
  }

  /**
   * Moves an amount on an account from one currency to the other, as two linked facts: each ledger
   * balances in itself, and what rounding takes is on its account.
   *
   * @param event the name of both, each with its currency behind it
   * @param amount in {@link #from}
   */
  public List<Draft> exchange(
      EventId event, Account account, Money amount, Rounding rounding, Instant occurredAt) {
    if (!amount.currency().equals(from)) {
      throw new IllegalArgumentException(
          "%s is not in %s, which the rate is for".formatted(amount, from));
    }
    Money exact = Money.of(amount.amount().multiply(rate), to);
    Rounding.Rounded rounded = rounding.round(exact);
    Account toAccount = Account.of(Account.Kind.EXCHANGE, to.getCurrencyCode());
    Account fromAccount = Account.of(Account.Kind.EXCHANGE, from.getCurrencyCode());
    EventId out = new EventId(event.source(), event.id() + "/" + from);
    EventId in = new EventId(event.source(), event.id() + "/" + to);
    var arriving = new ArrayList<Posting>();
    if (!rounded.money().isZero()) {
      arriving.add(new Posting(account, rounded.money()));
    }
    if (!rounded.difference().isZero()) {
      arriving.add(
          new Posting(
              Account.of(Account.Kind.ROUNDING, to.getCurrencyCode()), rounded.difference()));
    }
    arriving.add(new Posting(fromAccount, exact.negate()));
    return List.of(
        noted(
            Draft.post(
                out,
                from,
                occurredAt,
                List.of(new Posting(account, amount.negate()), new Posting(toAccount, amount))),
            in),
        noted(Draft.post(in, to, occurredAt, arriving), out));
  }

  private Draft noted(Draft draft, EventId other) {
    return draft
        .noting("rate", "1 %s = %s %s".formatted(from, rate.toPlainString(), to))
        .noting("rate day", day.toString())
        .noting("rate source", source)
        .noting("other side", other.toString());
  }
}
