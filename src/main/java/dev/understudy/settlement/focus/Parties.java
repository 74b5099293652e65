package dev.understudy.settlement.focus;

import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Developers;
import dev.understudy.vendor.Kind;
import java.util.Map;
import java.util.function.Function;

/** Who sells, who made, who hosts and who invoices what a call used, as bills name them. */
public final class Parties {
  private final Billing billing;
  private final Function<String, String> titles;
  private final Developers developers;
  private final Map<String, String> kinds;

  /**
   * Makes them.
   *
   * @param titles how a kind of vendor is written
   * @param kinds of the vendors in the settings
   */
  Parties(
      Billing billing,
      Function<String, String> titles,
      Developers developers,
      Map<String, String> kinds) {
    this.kinds = Map.copyOf(kinds);
    this.billing = billing;
    this.titles = titles;
    this.developers = developers;
  }

  /**
   * By the catalogue.
   *
   * @param kinds of the vendors in the settings, by their names there
   */
  public static Parties of(
      Billing billing, Catalogue catalogue, Developers developers, Map<String, String> kinds) {
    return new Parties(
        billing, kind -> catalogue.kind(kind).map(Kind::title).orElse(kind), developers, kinds);
  }

  /** The kind of a vendor: as calls said, else as the settings say; else its name is one. */
  public String kind(String vendor, String said) {
    return said.isEmpty() || said.equals(vendor) ? kinds.getOrDefault(vendor, vendor) : said;
  }

  /** Who sells; of programs one runs oneself, oneself. */
  public String provider(String vendor, String kind) {
    return billing
        .party(vendor)
        .provider()
        .orElseGet(() -> developers.isOwn(kind) ? billing.account().name() : titles.apply(kind));
  }

  /** Who invoices: the provider, unless the billing file says otherwise. */
  String issuer(String vendor, String kind) {
    return billing.party(vendor).issuer().orElseGet(() -> provider(vendor, kind));
  }

  /** Who made the model. */
  public String developer(String vendor, String kind, String model) {
    return developers.of(kind, model).orElseGet(() -> provider(vendor, kind));
  }

  /** Whom the vendor bills. */
  Billing.Account account(String vendor) {
    return billing.party(vendor).account().orElse(billing.account());
  }

  /** What is sold, as one service for each kind. */
  String service(String kind) {
    String title = titles.apply(kind);
    return title.endsWith(" API") ? title : title + " API";
  }
}
