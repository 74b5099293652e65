package dev.understudy.contract;

import dev.understudy.access.Glob;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What is paid.
 *
 * @param mfn of which scope nobody else may be given a lower price
 * @param sla what is given back for a bad month
 */
public record MoneyTerms(
    List<ShareClause> shares,
    List<ProfitClause> profits,
    List<CommitmentClause> commitments,
    List<CapacityClause> capacity,
    Optional<Scope> mfn,
    Optional<SlaClause> sla) {
  public MoneyTerms {
    shares = List.copyOf(shares);
    profits = List.copyOf(profits);
    commitments = List.copyOf(commitments);
    capacity = List.copyOf(capacity);
  }

  /**
   * A share of revenue.
   *
   * @param until the trigger whose effects end it
   * @param dueDays days after a period until its statement is due
   */
  public record ShareClause(
      String id,
      Party payer,
      Party payee,
      Scope scope,
      Span window,
      RevenueShare terms,
      Optional<String> until,
      int dueDays) {}

  /** A share of profit. */
  public record ProfitClause(String id, Party holder, ProfitParticipation terms) {}

  /**
   * What is to be bought at the least.
   *
   * @param eligible what counts for it
   */
  public record CommitmentClause(
      String id, Party debtor, Party creditor, Scope eligible, Commitment terms) {
    /** Whether capacity that is bought counts for it. */
    public boolean counts(CapacityClause bought) {
      return terms.kind() == Commitment.Kind.CAPACITY
          && bought.host().id().equals(creditor.id())
          && bought.terms().unit().equals(terms.unit())
          && eligible.takes(bought);
    }
  }

  /**
   * What is bought by the hour.
   *
   * @param models patterns for models or deployments it serves
   * @param region empty if not said
   * @param heldBy the right of first refusal it is under
   * @param spillTargets where more than it takes may go; empty: wherever the route leads
   */
  public record CapacityClause(
      String id,
      Party host,
      List<Glob> models,
      String region,
      Span window,
      Optional<String> heldBy,
      List<String> spillTargets,
      CapacityPurchase terms) {
    public CapacityClause {
      models = List.copyOf(models);
      spillTargets = List.copyOf(spillTargets);
    }

    /** Whether it is what a target answers from. */
    public boolean serves(String vendor, String kind, String model) {
      return host.serves(vendor, kind)
          && (models.isEmpty() || models.stream().anyMatch(glob -> glob.matches(model)));
    }
  }

  /**
   * Service levels.
   *
   * @param latencyP95Millis 0 if not said
   * @param exclude what does not count, such as maintenance
   */
  public record SlaClause(ServiceCredits credits, int latencyP95Millis, List<String> exclude) {
    public SlaClause {
      exclude = List.copyOf(exclude);
    }

    /** The availability that was promised. */
    public BigDecimal availability() {
      return credits.availability();
    }
  }
}
