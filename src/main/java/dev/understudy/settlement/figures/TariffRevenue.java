package dev.understudy.settlement.figures;

import dev.understudy.exchange.Facts;
import dev.understudy.settlement.Tariff;
import dev.understudy.settlement.focus.ListPrices;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What customers are charged by their tariffs: the vendor's price times a factor, or by price books
 * of our own. A sum for each call, and prices by steps, are on invoices only.
 */
public final class TariffRevenue implements Revenue {
  private final List<Tariff> tariffs;
  private final Map<String, Listed> books = new HashMap<>();

  /**
   * Makes it.
   *
   * @param books the prices of each customer who has books of its own
   */
  public TariffRevenue(List<Tariff> tariffs, Map<String, ListPrices> books) {
    this.tariffs = List.copyOf(tariffs);
    books.forEach((customer, prices) ->
        this.books.put(customer, sum -> prices.each(sum.group(), sum.item(), sum.begins())));
  }

  @Override
  public Optional<BigDecimal> of(Facts.Sum sum) {
    Facts.Group group = sum.group();
    if (!group.purpose().isCallers()) {
      return Optional.empty();
    }
    for (Tariff tariff : tariffs) {
      boolean meant =
          tariff.organisation().equals(group.organisation())
              && (tariff.teams().isEmpty() || tariff.teams().contains(group.team()))
              && (tariff.keys().isEmpty() || tariff.keys().contains(group.keyId()))
              && tariff.currency().equals(Figures.currency(sum));
      if (meant) {
        return switch (tariff.basis()) {
          case Tariff.Basis.CostPlus(BigDecimal times, BigDecimal _) ->
              sum.priced() ? Optional.of(sum.amount().amount().multiply(times)) : Optional.empty();
          case Tariff.Basis.Books _ ->
              Optional.ofNullable(books.get(tariff.customer()))
                  .flatMap(prices -> prices.each(sum))
                  .filter(each -> each.currency().equals(tariff.currency()))
                  .map(each -> each.amount().multiply(sum.quantity()));
        };
      }
    }
    return Optional.empty();
  }
}
