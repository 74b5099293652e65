package dev.understudy.ledger;

import dev.understudy.money.Money;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an entry does to balances. */
final class Effects {
  private Effects() {}

  /**
   * By account.
   *
   * @param ended the entry that it ends, if it ends one
   */
  static SortedMap<Account, Balance> of(Draft draft, Optional<Entry> ended) {
    var effects = new TreeMap<Account, Balance>();
    switch (draft.act()) {
      case Act.Post _, Act.Reverse _ -> posted(draft.postings(), effects);
      case Act.Reserve _ -> pending(draft.postings(), effects);
      case Act.Settle _ -> {
        pending(held(ended), effects);
        posted(draft.postings(), effects);
      }
      case Act.Release _ -> pending(held(ended), effects);
    }
    return effects;
  }

  private static List<Posting> held(Optional<Entry> ended) {
    return ended
        .orElseThrow(() -> new IllegalArgumentException("the reservation is not given"))
        .postings()
        .stream()
        .map(Posting::negate)
        .toList();
  }

  private static void posted(List<Posting> postings, SortedMap<Account, Balance> effects) {
    for (Posting posting : postings) {
      Currency currency = posting.amount().currency();
      effects.merge(
          posting.account(), new Balance(posting.amount(), Money.zero(currency)), Balance::plus);
    }
  }

  private static void pending(List<Posting> postings, SortedMap<Account, Balance> effects) {
    for (Posting posting : postings) {
      Currency currency = posting.amount().currency();
      effects.merge(
          posting.account(), new Balance(Money.zero(currency), posting.amount()), Balance::plus);
    }
  }
}
