package dev.understudy.settlement;

import dev.understudy.contract.Contract;
import dev.understudy.contract.ContractBook;
import dev.understudy.contract.ContractVersion;
import dev.understudy.contract.SharePath;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * Makes the statement of a contract for a month of all that is known: no clock, nothing that was
 * made before. What counts on from month to month is counted from the beginning each time, so that
 * whatever is heard of late is in it.
 */
public final class Settler {
  private final Contract contract;
  private final YearMonth period;
  private final Given given;
  private final List<Section> sections = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();

  private Settler(Contract contract, YearMonth period, Given given) {
    this.contract = contract;
    this.period = period;
    this.given = given;
  }

  /**
   * The statement of a month.
   *
   * @throws IOException if what was used or sold cannot be read
   * @throws Unsettled if something is missing without which it would be wrong
   */
  public static Statement settle(Contract contract, YearMonth period, Given given)
      throws IOException {
    return new Settler(contract, period, given).statement();
  }

  private Statement statement() throws IOException {
    Currency currency = contract.versions().getFirst().currency();
    for (ContractVersion version : contract.versions()) {
      if (!version.currency().equals(currency)) {
        throw new Unsettled(
            "%s goes from %s to %s in version %d: a contract that changes its currency is settled"
                    .formatted(contract.id(), currency, version.currency(), version.version())
                + " under two ids");
      }
    }
    if (!Statement.begin(period.plusMonths(1))
        .isAfter(contract.versions().getFirst().term().from())) {
      throw new Unsettled(
          "%s begins at %s, after %s"
              .formatted(contract.id(), contract.versions().getFirst().term().from(), period));
    }
    new ShareSections(this).add();
    new ProfitSections(this).add();
    new CommitmentSections(this).add();
    new CapacitySections(this).add();
    new ClaimSections(this).add();
    paths();
    return new Statement(
        contract.id(),
        period,
        currency,
        sections,
        events,
        doubts.stream().distinct().sorted().toList());
  }

  /** Where shares that are to be elsewhere by and by stood at the end of the month. */
  private void paths() throws IOException {
    Instant begin = Statement.begin(period);
    Instant end = Statement.begin(period.plusMonths(1));
    Optional<ContractVersion> version = contract.at(end.minusMillis(1));
    if (version.isEmpty()) {
      return;
    }
    var book = new ContractBook(contract.versions());
    for (SharePath path : version.get().duties().paths()) {
      if (path.window().from().isBefore(end) && !path.window().isOver(begin)) {
        SharePath.Standing standing = path.standing(book, given.facts(), begin, end);
        event(
            "%s: %s is to be away from %s, %s; %s%s"
                .formatted(
                    path.id(),
                    SharePath.percent(standing.target()),
                    path.awayFrom().id(),
                    path.binding() ? "a term" : "a goal",
                    standing.inWords(),
                    standing.isKnown() ? standing.isBehind() ? ", behind" : ", in time" : ""));
      }
    }
  }

  Contract contract() {
    return contract;
  }

  YearMonth period() {
    return period;
  }

  Given given() {
    return given;
  }

  void add(Section section) {
    sections.add(section);
  }

  void event(String event) {
    events.add(event);
  }

  void doubt(String doubt) {
    doubts.add(doubt);
  }
}
