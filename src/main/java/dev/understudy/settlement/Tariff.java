package dev.understudy.settlement;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one customer is invoiced for its calls, and how.
 *
 * @param customer its name in our books
 * @param name how it is addressed
 * @param organisation whose keys' calls it pays
 * @param teams only these; empty for all
 * @param keys only these, by their ids; empty for all
 * @param tax such as 0.19; empty for none
 * @param by how lines are grouped, beside the model and what was counted
 * @param channel by which it is sold, for the contracts of those whose models they are
 */
public record Tariff(
    String customer,
    String name,
    List<String> address,
    String organisation,
    Set<String> teams,
    Set<String> keys,
    Currency currency,
    Optional<BigDecimal> tax,
    By by,
    Basis basis,
    String channel,
    String product) {

  /** How lines are grouped. */
  public enum By {
    MODEL,
    TEAM,
    KEY
  }

  /** What prices are made of. */
  public sealed interface Basis {
    /**
     * What the vendor asked, times a factor, and a sum for each attempt that cost anything.
     *
     * @param times 1 or more is a margin
     */
    record CostPlus(BigDecimal times, BigDecimal plus) implements Basis {}

    /** Price books of our own, by their files: negotiated first, then list. */
    record Books(List<String> files) implements Basis {
      public Books {
        files = List.copyOf(files);
      }
    }
  }

  /** Who sends invoices. */
  public record Issuer(String name, List<String> address, String taxId, String series) {
    public Issuer {
      address = List.copyOf(address);
    }
  }

  public Tariff {
    address = List.copyOf(address);
    teams = Set.copyOf(teams);
    keys = Set.copyOf(keys);
  }

  Invoice.Sold sold() {
    return new Invoice.Sold(channel, product);
  }

  boolean isFor(String anOrganisation, String team, String key) {
    return organisation.equals(anOrganisation)
        && (teams.isEmpty() || teams.contains(team))
        && (keys.isEmpty() || keys.contains(key));
  }
}
