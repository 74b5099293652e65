package dev.understudy.settlement.focus;

import dev.understudy.contract.Subject;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is the same for all use in one row.
 *
 * @param tags of the key, as JSON
 * @param price the name of our price, and with {@code listPrice} that of the list
 * @param each our price of one; empty where there is none, or where it goes by steps
 * @param listEach the list's
 * @param suspense why there is no price; empty where there is
 * @param correction the month in which it was booked, if its own was closed by then
 */
record UseKey(
    String vendor,
    String kind,
    String model,
    String region,
    String tier,
    String organisation,
    String team,
    String keyId,
    String tags,
    String route,
    String purpose,
    String item,
    String price,
    String listPrice,
    Optional<BigDecimal> each,
    Optional<BigDecimal> listEach,
    Currency currency,
    boolean estimated,
    String suspense,
    Optional<YearMonth> correction) {

  /** The order of rows: the same records give the same file. */
  static final Comparator<UseKey> ORDER =
      Comparator.comparing(UseKey::vendor)
          .thenComparing(UseKey::model)
          .thenComparing(UseKey::item)
          .thenComparing(UseKey::organisation)
          .thenComparing(UseKey::team)
          .thenComparing(UseKey::keyId)
          .thenComparing(UseKey::route)
          .thenComparing(UseKey::toString);

  /** As contracts look at it; tags of keys are not looked at, as on statements. */
  Subject subject() {
    return Subject.asker(organisation, team, Map.of(), Set.of()).at(vendor, kind, model, region);
  }

  /** What the price depends on beside the item, as its name says: {@code tier batch}. */
  String conditions() {
    String name = listPrice.isEmpty() ? price : listPrice;
    int comma = name.indexOf(", ", Math.max(0, name.lastIndexOf('@')));
    return comma < 0 ? "" : name.substring(comma + 2);
  }

  /** The thing that is sold, whoever asks for it and at whatever price. */
  String sku() {
    return kind + "/" + model + "/" + item;
  }

  /** The thing that is sold under the conditions on which its list price depends. */
  String skuPrice() {
    String conditions = conditions();
    return sku()
        + "/"
        + (conditions.isEmpty() ? "usual" : conditions.replace(", ", "+").replace(' ', '-'));
  }
}
