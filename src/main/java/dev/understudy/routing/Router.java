package dev.understudy.routing;

import dev.understudy.chat.Feature;
import dev.understudy.exchange.Exclusion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Puts the targets of a route in order for one request: a function of the route, the request, what
 * is known of the targets, and chance.
 *
 * <p>Rules that a person set, and what a model cannot do, keep a target out for good. How it did of
 * late only puts it last: of those who are out, one is always left, so that a call is never refused
 * for the sake of our own suspicion.
 */
public final class Router {
  /** The word in records for a target that its failing keeps out. */
  public static final String OUT = "breaker";

  private final Route route;
  private final Request request;
  private final Signals signals;
  private final RandomGenerator random;
  private final List<Exclusion> excluded = new ArrayList<>();
  private final List<RouteTarget> out = new ArrayList<>();
  private String rule = "";

  private Router(Route route, Request request, Signals signals, RandomGenerator random) {
    this.route = route;
    this.request = request;
    this.signals = signals;
    this.random = random;
  }

  public static Order order(Route route, Request request, Signals signals, RandomGenerator random) {
    return new Router(route, request, signals, random).order();
  }

  private Order order() {
    var targets = new ArrayList<RouteTarget>();
    for (Tier tier : route.tiers()) {
      targets.addAll(order(tier));
    }
    int healthy = targets.size();
    // The one that is to be back soonest: the others stay out.
    out.sort(Comparator.comparingLong(t -> signals.outUntilNanos(t.target()) - base()));
    for (int i = 0; i < out.size(); i++) {
      RouteTarget target = out.get(i);
      if (i == 0) {
        targets.add(target);
      } else {
        excluded.add(new Exclusion(target.name(), OUT, signals.whyOut(target.target())));
      }
    }
    if (rule.isEmpty()) {
      rule = healthy == 0 && !out.isEmpty() ? "last resort: every target is out" : "priority";
    }
    return new Order(rule, targets, targets.size() - healthy, excluded);
  }

  /** Nanosecond times have no fixed origin, so they are compared by their distance. */
  private long base() {
    return signals.outUntilNanos(out.getFirst().target());
  }

  private List<RouteTarget> order(Tier tier) {
    var in = new ArrayList<RouteTarget>();
    var probes = new ArrayList<RouteTarget>();
    for (RouteTarget target : tier.targets()) {
      Optional<Exclusion> objection = objection(target);
      if (objection.isPresent()) {
        excluded.add(objection.get());
        continue;
      }
      switch (signals.standing(target.target())) {
        case IN -> in.add(target);
        case PROBE -> probes.add(target);
        case OUT -> out.add(target);
      }
    }
    // Who was out is asked first, once: if it fails, another answers before the caller notices.
    List<RouteTarget> ordered = new ArrayList<>(probes);
    if (!probes.isEmpty() && rule.isEmpty()) {
      rule = "probe: " + probes.getFirst().name() + " was out and may be well again";
    }
    boolean first = ordered.isEmpty() && rule.isEmpty();
    ordered.addAll(in.size() < 2 ? in : balanced(tier, in, first));
    return ordered;
  }

  private Optional<Exclusion> objection(RouteTarget target) {
    Optional<String> unmet = target.when().objection(request);
    if (unmet.isPresent()) {
      return Optional.of(new Exclusion(target.name(), "condition", unmet.get()));
    }
    if (!target.lacks().isEmpty()) {
      var missing = new TreeSet<Feature>(target.lacks());
      missing.retainAll(request.features());
      if (!missing.isEmpty()) {
        return Optional.of(
            new Exclusion(
                target.name(),
                "capability",
                "its model does not take " + String.join(", ", Conditions.texts(missing))));
      }
    }
    if (!request.region().isEmpty() && !Conditions.isIn(target.region(), request.region())) {
      return Optional.of(region(target, request.region()));
    }
    if (!route.regions().isEmpty()
        && route.regions().stream().noneMatch(r -> Conditions.isIn(target.region(), r))) {
      return Optional.of(region(target, String.join(" or ", route.regions())));
    }
    return Optional.empty();
  }

  private static Exclusion region(RouteTarget target, String wanted) {
    return new Exclusion(
        target.name(),
        "region",
        target.region().isEmpty()
            ? "its region is not known, and " + wanted + " is asked for"
            : "it answers in " + target.region() + ", and " + wanted + " is asked for");
  }

  private List<RouteTarget> balanced(Tier tier, List<RouteTarget> in, boolean first) {
    if (tier.affinity() != Affinity.NONE && request.session() != 0) {
      List<RouteTarget> kept =
          by(in, target -> -Rendezvous.score(request.session(), target.name(), target.weight()));
      say(first, "affinity: calls of this session stay together");
      return kept;
    }
    List<RouteTarget> shuffled = shuffled(in);
    return switch (tier.balance()) {
      case WEIGHTED -> {
        say(first, "weighted: by chance, in proportion to the weights");
        yield shuffled;
      }
      case LEAST_BUSY -> {
        var ordered =
            by(shuffled, target -> (signals.openCalls(target.target()) + 1) / target.weight());
        if (first) {
          rule =
              "least-busy: %d open calls".formatted(signals.openCalls(ordered.getFirst().target()));
        }
        yield ordered;
      }
      case LATENCY -> {
        var ordered = twoChoices(in);
        if (first) {
          rule =
              "latency: peak of %.0f ms, the better of two"
                  .formatted(latencyMillis(ordered.getFirst()));
        }
        yield ordered;
      }
      case CHEAPEST -> {
        say(first, "cheapest: by the price of a request of this size");
        yield by(shuffled, target -> priceOrMost(target));
      }
      case HEADROOM -> {
        var ordered = by(shuffled, target -> -Math.rint(signals.headroom(target.target()) * 20));
        if (first) {
          rule =
              "headroom: %.0f %% of its limits are left"
                  .formatted(100 * signals.headroom(ordered.getFirst().target()));
        }
        yield ordered;
      }
      case GAIN -> tier.gain().map(rule -> byGain(rule, in, first)).orElse(shuffled);
    };
  }

  private List<RouteTarget> byGain(GainRule rule, List<RouteTarget> in, boolean first) {
    // The request was estimated by the router of the route's first tier that has one.
    boolean estimated = route.gain().map(GainRule::model).filter(rule.model()::equals).isPresent();
    GainRule.Choice choice =
        rule.choose(
            estimated ? request.gain() : Double.NaN,
            signals.price(rule.cheap(), request),
            signals.price(rule.strong(), request));
    say(first, choice.why());
    return by(in, target -> target.target().equals(choice.first()) ? 0 : 1);
  }

  private void say(boolean first, String how) {
    if (first) {
      rule = how;
    }
  }

  private double priceOrMost(RouteTarget target) {
    double price = signals.price(target.target(), request);
    return Double.isNaN(price) ? Double.MAX_VALUE : price;
  }

  /** In the order of a number; equals stay as they are. */
  private static List<RouteTarget> by(
      List<RouteTarget> targets, ToDoubleFunction<RouteTarget> number) {
    record Numbered(RouteTarget target, double number) {}
    return targets.stream()
        .map(target -> new Numbered(target, number.applyAsDouble(target)))
        .sorted(Comparator.comparingDouble(Numbered::number))
        .map(Numbered::target)
        .toList();
  }

  /** By chance, in proportion to weights: each is drawn among those that are left. */
  private List<RouteTarget> shuffled(List<RouteTarget> in) {
    return by(in, target -> -Math.log(1 - random.nextDouble()) / target.weight());
  }

  /** Each is the better of two that are drawn among those that are left. */
  private List<RouteTarget> twoChoices(List<RouteTarget> in) {
    var left = new ArrayList<>(in);
    var ordered = new ArrayList<RouteTarget>();
    while (left.size() > 1) {
      int one = random.nextInt(left.size());
      int other = random.nextInt(left.size() - 1);
      other += other >= one ? 1 : 0;
      ordered.add(left.remove(load(left.get(one)) <= load(left.get(other)) ? one : other));
    }
    ordered.addAll(left);
    return ordered;
  }

  /** How long a call would probably wait, were it to queue behind those that are open. */
  private double load(RouteTarget target) {
    return (latencyMillis(target) + 1) * (signals.openCalls(target.target()) + 1) / target.weight();
  }

  private double latencyMillis(RouteTarget target) {
    return signals.latencyMillis(target.target(), request.delivery());
  }
}
