package dev.understudy.gateway;

import dev.understudy.exchange.Attempt;
import dev.understudy.exchange.Exchange;
import dev.understudy.json.JsonScanner;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Order;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Split;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** One call's part in the trial that its route is under. */
final class Trial {
  private final Split split;
  private final long session;
  private final boolean chosen;
  private final Optional<KeptReply> kept;

  /** Whose turn it is, any of them. */
  private List<String> first = List.of();

  /** Who is asked only because nobody else answers. */
  private List<String> lastResort = List.of();

  private Trial(Split split, long session, boolean chosen, Optional<KeptReply> kept) {
    this.split = split;
    this.session = session;
    this.chosen = chosen;
    this.kept = kept;
  }

  static Trial of(Split split, Asked asked, JsonScanner scanner, Copies copies) {
    long session = session(split, asked, scanner);
    boolean chosen = split.takes(session);
    boolean copied =
        split
            .copying()
            .filter(copying -> !(chosen && copying.to().target().equals(split.other().target())))
            .filter(copying -> ThreadLocalRandom.current().nextDouble() < copying.share())
            .filter(_ -> copies.wants(split, session))
            .isPresent();
    return new Trial(
        split, session, chosen, copied ? Optional.of(new KeptReply()) : Optional.empty());
  }

  /** A caller who names no user is known by the conversation; a call of neither goes by chance. */
  private static long session(Split split, Asked asked, JsonScanner scanner) {
    long session = Sessions.of(split.stickiness(), asked.body(), asked.length(), scanner);
    if (session == 0 && split.stickiness() == Affinity.USER) {
      session = Sessions.of(Affinity.CONVERSATION, asked.body(), asked.length(), scanner);
    }
    return session == 0
        ? ThreadLocalRandom.current().nextLong()
        : Split.ofCaller(session, asked.caller().keyId());
  }

  /** Keeps what the caller is answered, if the call is to be copied. */
  void readAlong(CallerReply reply) {
    kept.ifPresent(reply::keep);
  }

  /** The route as this call goes. */
  Route route(Route by) {
    Route going = chosen ? split.chosen(by) : by;
    first = names(going.tiers().getFirst().targets());
    return going;
  }

  /** The targets were put in order. */
  void ordered(Order order) {
    List<RouteTarget> targets = order.targets();
    lastResort =
        order.lastResort() == 0
            ? List.of()
            : names(targets.subList(targets.size() - order.lastResort(), targets.size()));
  }

  private static List<String> names(List<RouteTarget> targets) {
    return targets.stream().map(RouteTarget::name).toList();
  }

  /** Whether the split's other target was to serve it first. */
  boolean isChosen() {
    return chosen;
  }

  /** Whether it is the other target, whose refusal the route's own may not share. */
  boolean tries(Candidate candidate) {
    return chosen && candidate.target().equals(split.other().target());
  }

  /** Why the call goes as it does, in a clause. */
  String clause() {
    return "rollout %s: %s"
        .formatted(split.name(), chosen ? split.other().name() + " first" : "as the route says");
  }

  /** The call is over, and its caller has the answer. */
  void over(Exchange exchange, Asked asked, LoopState loop, Copies copies) {
    Optional<Turn> turn = turn(exchange);
    if (exchange.outcome() == Attempt.Outcome.ABANDONED || turn.isEmpty()) {
      // Of a caller who left nobody knows how he would have been answered.
      return;
    }
    boolean copied =
        kept.isPresent()
            && split.copying().isPresent()
            && copies.offer(
                new Copies.Copy(
                    split,
                    split.copying().get(),
                    session,
                    asked,
                    exchange,
                    turn.get(),
                    kept.get(),
                    loop));
    if (!copied) {
      copies.trials().served(split, turn.get(), session, exchange);
    }
  }

  /** Whose turn it was; empty if nobody was asked, and nobody's failing was the reason. */
  private Optional<Turn> turn(Exchange exchange) {
    Optional<String> asked = exchange.attempts().stream().findFirst().map(Attempt::target);
    boolean others = asked.filter(first::contains).isEmpty();
    boolean passedOver =
        others && first.stream().anyMatch(name -> Turn.isKeptOut(exchange, name, lastResort));
    if (asked.isEmpty() && !passedOver) {
      return Optional.empty();
    }
    boolean withoutRoom =
        others
            && !passedOver
            && exchange.outcome() == Attempt.Outcome.ANSWERED
            && first.stream().anyMatch(name -> Turn.isWithoutRoom(exchange, name));
    // Where a rule of the route kept the incumbent out, who came first in its place stands for it.
    Optional<String> whose = chosen || passedOver ? first.stream().findFirst() : asked;
    return whose.map(target -> new Turn(chosen, target, passedOver, withoutRoom, kept.isPresent()));
  }
}
