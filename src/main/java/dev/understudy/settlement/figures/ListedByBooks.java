package dev.understudy.settlement.figures;

import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.settlement.focus.ListPrices;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Looks list prices up in the books in force, each price of each day once. */
public final class ListedByBooks implements Listed {
  /** Beyond this, what was looked up is forgotten. */
  private static final int KNOWN_MAX = 100_000;

  private final ListPrices lists;
  private final Map<Question, Optional<Money>> known = new HashMap<>();

  private record Question(
      String vendor,
      String kind,
      String model,
      String replyModel,
      String region,
      String tier,
      String price,
      String item,
      long day) {}

  public ListedByBooks(ListPrices lists) {
    this.lists = lists;
  }

  @Override
  public Optional<Money> each(Facts.Sum sum) {
    Facts.Group group = sum.group();
    if (lists.isByList(group.price())) {
      // Our price is the list's, by steps too.
      return sum.each().map(one -> Money.of(one, sum.amount().currency()));
    }
    var question =
        new Question(
            group.vendor(),
            group.kind(),
            group.model(),
            group.replyModel(),
            group.region(),
            group.tier(),
            group.price(),
            sum.item(),
            Math.floorDiv(sum.begins().getEpochSecond(), 86_400L));
    if (known.size() > KNOWN_MAX) {
      known.clear();
    }
    return known.computeIfAbsent(question, _ -> lists.each(group, sum.item(), sum.begins()));
  }
}
