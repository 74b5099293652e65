package dev.understudy.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * Two answers to one question before the judges.
 *
 * @param ballots one of each judge
 * @param majority whether the panel decides by majority; else by the mean
 * @param candidateBaits whether the candidate's answer speaks to the judge
 * @param candidateLength of the answer, in characters
 */
public record Duel(
    List<Ballot> ballots,
    boolean majority,
    boolean candidateBaits,
    boolean incumbentBaits,
    int candidateLength,
    int incumbentLength) {
  public Duel {
    ballots = List.copyOf(ballots);
  }

  /**
   * How far the panel prefers the candidate's answer, from 0 to 1; empty if not more than half of
   * the judges said something. A candidate's answer that speaks to the judge wins nothing. Where
   * the incumbent's does, nobody knows what the judges would have said: a tie would be the
   * candidate's gain.
   */
  public Optional<Double> preference() {
    double sum = 0;
    int wins = 0;
    int losses = 0;
    int heard = 0;
    for (Ballot ballot : ballots) {
      Optional<Double> said = ballot.preference();
      if (said.isPresent()) {
        heard++;
        sum += said.get();
        wins += said.get() > 0.5 ? 1 : 0;
        losses += said.get() < 0.5 ? 1 : 0;
      }
    }
    if (incumbentBaits || 2 * heard <= ballots.size()) {
      return Optional.empty();
    }
    double panel = heard == 1 || !majority ? sum / heard : majority(wins, losses, heard);
    return Optional.of(candidateBaits ? Math.min(panel, 0.5) : panel);
  }

  private static double majority(int wins, int losses, int heard) {
    return 2 * wins > heard ? 1 : 2 * losses > heard ? 0 : 0.5;
  }

  /** Whether half of the judges or more were for whichever answer stood in one place. */
  boolean isByPlace() {
    return 2 * ballots.stream().filter(Ballot::isByPlace).count() >= ballots.size();
  }

  /** Whether judges that said something came to different ends. */
  boolean isDisputed() {
    return ballots.stream()
            .flatMap(b -> b.preference().stream())
            .map(p -> Double.compare(p, 0.5))
            .distinct()
            .count()
        > 1;
  }

  /** Why the panel came to no end. */
  String silence() {
    if (incumbentBaits) {
      return "the incumbent's answer holds text that is aimed at a judge";
    }
    for (Ballot ballot : ballots) {
      for (Optional<Heard> heard : List.of(ballot.candidateFirst(), ballot.incumbentFirst())) {
        if (heard.isPresent() && heard.get() instanceof Heard.Nothing(String why)) {
          return ballot.judge() + ": " + why;
        }
      }
    }
    return "the judges said nothing";
  }
}
