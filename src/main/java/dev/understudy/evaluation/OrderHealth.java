package dev.understudy.evaluation;

import dev.understudy.statistics.Agreement;
import dev.understudy.statistics.Interval;
import dev.understudy.statistics.PairedOutcomes;
import dev.understudy.statistics.Proportions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a judge that saw pairs in both orders looked at the answers or at their places.
 *
 * @param usable pairs judged in both orders
 * @param consistent of these, how many with the same verdict both times
 * @param toFirst how many won by whichever answer stood first
 * @param toSecond how many won by whichever answer stood second
 * @param firstWins replies that prefer the first, over all that prefer one
 * @param decided replies that prefer one
 * @param firstShare the exact 95 % interval of the first's share
 * @param p exact, two-sided, were the places nothing to it
 * @param kappa between the two orders
 */
public record OrderHealth(
    int usable,
    int consistent,
    int toFirst,
    int toSecond,
    int firstWins,
    int decided,
    Interval firstShare,
    double p,
    double kappa) {

  /** Of pairs asked both ways; empty if there is none. */
  static Optional<OrderHealth> of(List<Ballot> ballots) {
    var once = new ArrayList<String>();
    var again = new ArrayList<String>();
    int toFirst = 0;
    int toSecond = 0;
    int firstWins = 0;
    int decided = 0;
    for (Ballot ballot : ballots) {
      if (ballot.candidateFirst().orElse(null) instanceof Heard.Said(double first)
          && ballot.incumbentFirst().orElse(null) instanceof Heard.Said(double second)) {
        once.add(word(first));
        again.add(word(1 - second));
        toFirst += first > 0.5 && second > 0.5 ? 1 : 0;
        toSecond += first < 0.5 && second < 0.5 ? 1 : 0;
        firstWins += (first > 0.5 ? 1 : 0) + (second > 0.5 ? 1 : 0);
        decided += (first != 0.5 ? 1 : 0) + (second != 0.5 ? 1 : 0);
      }
    }
    if (once.isEmpty()) {
      return Optional.empty();
    }
    int consistent = 0;
    for (int i = 0; i < once.size(); i++) {
      consistent += once.get(i).equals(again.get(i)) ? 1 : 0;
    }
    return Optional.of(
        new OrderHealth(
            once.size(),
            consistent,
            toFirst,
            toSecond,
            firstWins,
            decided,
            decided == 0
                ? new Interval(0, 1)
                : Proportions.clopperPearson(firstWins, decided, 0.95),
            // McNemar's exact test of two counts is the sign test that is wanted here.
            new PairedOutcomes(0, firstWins, decided - firstWins, 0).exactP(),
            Agreement.kappa(once, again)));
  }

  private static String word(double preference) {
    return preference > 0.5 ? "candidate" : preference < 0.5 ? "incumbent" : "tie";
  }

  /** The share of pairs with the same verdict in both orders. */
  public double consistency() {
    return (double) consistent / usable;
  }
}
