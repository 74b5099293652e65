package dev.understudy.settlement.focus;

import dev.understudy.chat.Leaf;
import dev.understudy.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes one row of use: what was used, by whom, at which prices, within which commitment. */
final class UseRow {
  private final CostRows kit;
  private final Passing out;

  UseRow(CostRows kit, Passing out) {
    this.kit = kit;
    this.out = out;
  }

  /** Writes it, if there is anything to write. */
  void write(UseKey key, UseSum sum, Instant begins, Instant ends, Optional<Cover> cover)
      throws IOException {
    if (sum.isNothing()) {
      return;
    }
    Map<String, String> row = kit.row(key.vendor(), key.kind(), begins, ends, key.currency());
    key.correction()
        .ifPresent(month -> {
          row.put("ChargeClass", "Correction");
          kit.month(row, key.vendor(), month);
        });
    var item = new Item(key.item());
    boolean inSuspense = !key.suspense().isEmpty();
    row.put("ChargeCategory", "Usage");
    row.put("ChargeFrequency", "Usage-Based");
    row.put("PricingCategory", cover.isPresent() ? "Committed" : "Standard");
    row.put(
        "ChargeDescription",
        "%s of %s%s"
            .formatted(item.meter(), key.model(), inSuspense ? ", in suspense: no price" : ""));
    row.put("PublisherName", kit.parties().developer(key.vendor(), key.kind(), key.model()));
    CostRows.say(row, "RegionId", key.region());
    CostRows.say(row, "RegionName", key.region());
    row.put("ResourceId", key.vendor() + "/" + key.model());
    row.put("ResourceType", "Model");
    CostRows.say(
        row, "SubAccountId", key.team().isEmpty() ? "" : key.organisation() + "/" + key.team());
    CostRows.say(row, "SubAccountName", key.team());
    CostRows.say(row, "Tags", key.tags());
    row.put("SkuId", key.sku());
    row.put("SkuPriceId", key.skuPrice());
    row.put("SkuMeter", item.meter());
    row.put("SkuPriceDetails", details(key, item));
    row.put("ConsumedQuantity", CostRows.text(sum.quantity()));
    row.put("ConsumedUnit", item.unit());
    prices(row, key, sum, item, inSuspense);
    own(row, key, sum, item);
    BigDecimal cost = cover.map(Cover::billed).orElse(sum.amount());
    row.put("EffectiveCost", CostRows.text(cover.map(Cover::effective).orElse(sum.amount())));
    cover.ifPresent(one -> CostRows.commitment(row, one));
    if (inSuspense) {
      out.inSuspense();
    }
    out.emit(row, cost, key.currency());
  }

  private static void prices(
      Map<String, String> row, UseKey key, UseSum sum, Item item, boolean inSuspense) {
    if (key.each().isEmpty() && !inSuspense) {
      // By steps, packages or a minimum: what it came to is counted in money, at one for one.
      CostRows.priced(
          row, sum.amount(), key.currency().getCurrencyCode(), BigDecimal.ONE, BigDecimal.ONE);
      return;
    }
    BigDecimal each = key.each().orElse(BigDecimal.ZERO);
    BigDecimal list = key.listEach().orElse(each);
    if (item.unit().equals("Tokens")) {
      CostRows.priced(
          row,
          sum.quantity().movePointLeft(Item.TOKENS),
          "1000000 Tokens",
          list.movePointRight(Item.TOKENS),
          each.movePointRight(Item.TOKENS));
    } else {
      CostRows.priced(row, sum.quantity(), item.unit(), list, each);
    }
  }

  private static void own(Map<String, String> row, UseKey key, UseSum sum, Item item) {
    item.leaf()
        .ifPresent(leaf -> {
          row.put("x_TokenDirection", Item.title(leaf.direction()));
          row.put("x_TokenModality", Item.title(leaf.modality()));
          row.put("x_TokenPhase", Item.title(leaf.phase()));
          if (leaf.direction() == Leaf.Direction.INPUT) {
            row.put("x_TokenCacheAction", Item.cacheAction(leaf));
          }
        });
    row.put("x_Item", key.item());
    row.put("x_ModelId", key.model());
    row.put("x_Vendor", key.vendor());
    CostRows.say(row, "x_Organisation", key.organisation());
    CostRows.say(row, "x_KeyId", key.keyId());
    CostRows.say(row, "x_Route", key.route());
    row.put("x_Purpose", key.purpose());
    CostRows.say(row, "x_ServiceTier", key.tier());
    CostRows.say(row, "x_PriceVersion", key.price());
    row.put("x_ListPriceKnown", Boolean.toString(key.listEach().isPresent()));
    row.put("x_Estimated", Boolean.toString(key.estimated()));
    row.put("x_Attempts", Long.toString(sum.attempts()));
    if (!key.suspense().isEmpty()) {
      row.put("x_SuspenseReason", key.suspense());
      row.put("x_SuspenseCost", CostRows.text(sum.counted()));
    }
  }

  private static String details(UseKey key, Item item) {
    var details = Json.object();
    details.put("x_ModelId", key.model());
    item.details().forEach(details::put);
    if (!key.conditions().isEmpty()) {
      details.put("x_Conditions", key.conditions());
    }
    return Json.text(details);
  }
}
