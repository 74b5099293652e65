package dev.understudy.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Feature;
import dev.understudy.exchange.Exclusion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Whom a route asks, and in which order. */
final class RouterTest {
  private static final Request PLAIN =
      new Request("app", "search", Set.of("beta"), Set.of(), 400, "", 0);

  /** What is known of targets, as a test says. */
  private static final class Known implements Signals {
    final Map<String, Standing> standing = new HashMap<>();
    final Map<String, Double> millis = new HashMap<>();
    final Map<String, Integer> open = new HashMap<>();
    final Map<String, Double> price = new HashMap<>();
    final Map<String, Double> headroom = new HashMap<>();
    final Map<String, Long> until = new HashMap<>();

    @Override
    public Standing standing(Target target) {
      return standing.getOrDefault(target.model(), Standing.IN);
    }

    @Override
    public long outUntilNanos(Target target) {
      return until.getOrDefault(target.model(), 0L);
    }

    @Override
    public double latencyMillis(Target target, Delivery delivery) {
      return millis.getOrDefault(target.model(), 0.0);
    }

    @Override
    public int openCalls(Target target) {
      return open.getOrDefault(target.model(), 0);
    }

    @Override
    public double price(Target target, Request request) {
      return price.getOrDefault(target.model(), Double.NaN);
    }

    @Override
    public double headroom(Target target) {
      return headroom.getOrDefault(target.model(), 1.0);
    }
  }

  private final Known known = new Known();

  @Test
  void weightsShareCallsInProportion() {
    Route route = route(Balance.WEIGHTED, weighted("a", 3), weighted("b", 1));
    var random = new Random(7);
    int first = 0;
    for (int i = 0; i < 10_000; i++) {
      first += names(Router.order(route, PLAIN, known, random)).getFirst().equals("a") ? 1 : 0;
    }

    assertThat(first).isBetween(7_300, 7_700);
  }

  @Test
  void theLeastBusyComesFirstForItsWeight() {
    known.open.putAll(Map.of("a", 10, "b", 4, "c", 1));
    Route route = route(Balance.LEAST_BUSY, weighted("a", 10), weighted("b", 1), weighted("c", 1));

    assertThat(order(route, PLAIN)).containsExactly("a", "c", "b");
  }

  @Test
  void theQuickerOfTwoAnswersMoreOften() {
    known.millis.putAll(Map.of("a", 900.0, "b", 100.0));
    Route route = route(Balance.LATENCY, weighted("a", 1), weighted("b", 1));

    assertThat(order(route, PLAIN)).containsExactly("b", "a");
  }

  @Test
  void theCheapestComesFirstAndAnUnknownPriceLast() {
    known.price.putAll(Map.of("a", 0.3, "c", 0.1));
    Route route = route(Balance.CHEAPEST, weighted("a", 1), weighted("b", 1), weighted("c", 1));

    assertThat(order(route, PLAIN)).containsExactly("c", "a", "b");
  }

  @Test
  void whoHasMostOfItsLimitsLeftComesFirst() {
    known.headroom.putAll(Map.of("a", 0.1, "b", 0.8));
    Route route = route(Balance.HEADROOM, weighted("a", 1), weighted("b", 1));

    assertThat(order(route, PLAIN)).containsExactly("b", "a");
  }

  @Test
  void aModelWithoutImagesIsNeverAskedAboutOne() {
    var blind = RouteTarget.of(new Target("v", "blind"), Set.of(Feature.IMAGES));
    var seeing = RouteTarget.of(new Target("v", "seeing"));
    Route route = new Route("r", List.of(Tier.of(blind), Tier.of(seeing)));
    var picture = new Request("app", "", Set.of(), Set.of(Feature.IMAGES), 9, "", 0);

    Order order = Router.order(route, picture, known, new Random(1));

    assertThat(names(order)).containsExactly("seeing");
    assertThat(order.excluded())
        .containsExactly(new Exclusion("v/blind", "capability", "its model does not take images"));
    assertThat(order(route, PLAIN)).containsExactly("blind", "seeing");
  }

  @Test
  void conditionsKeepTargetsToTheirRequests() {
    var when =
        new Conditions(
            List.of(),
            List.of("search"),
            List.of("gold", "beta"),
            Set.of(),
            Set.of(Feature.TOOLS),
            100,
            500,
            List.of());
    Route route =
        new Route(
            "r",
            List.of(
                Tier.of(conditional("special", when)),
                Tier.of(RouteTarget.of(new Target("v", "usual")))));

    assertThat(order(route, PLAIN)).containsExactly("special", "usual");
    assertThat(order(route, new Request("app", "ads", Set.of("beta"), Set.of(), 400, "", 0)))
        .containsExactly("usual");
    assertThat(order(route, new Request("app", "search", Set.of(), Set.of(), 400, "", 0)))
        .containsExactly("usual");
    assertThat(order(route, new Request("app", "search", Set.of("beta"), Set.of(), 501, "", 0)))
        .containsExactly("usual");
    assertThat(
            order(
                route,
                new Request("app", "search", Set.of("beta"), Set.of(Feature.TOOLS), 400, "", 0)))
        .containsExactly("usual");
  }

  @Test
  void aRegionThatIsAskedForIsKept() {
    Route route =
        new Route(
            "r",
            List.of(
                Tier.of(in("paris", "eu-west-3")),
                Tier.of(in("ohio", "us-east-2")),
                Tier.of(in("somewhere", ""))));

    assertThat(order(route, new Request("a", "", Set.of(), Set.of(), 1, "eu", 0)))
        .containsExactly("paris");
    assertThat(order(route, new Request("a", "", Set.of(), Set.of(), 1, "e", 0))).isEmpty();
  }

  @Test
  void aTargetThatMayBeWellAgainIsProbedFirst() {
    known.standing.put("b", Standing.PROBE);
    Route route = route(Balance.WEIGHTED, weighted("a", 100), weighted("b", 1));

    assertThat(order(route, PLAIN)).containsExactly("b", "a");
  }

  @Test
  void ofThoseThatAreOutTheOneThatIsBackSoonestIsTheLastResort() {
    known.standing.putAll(Map.of("a", Standing.OUT, "b", Standing.OUT));
    known.until.putAll(Map.of("a", Long.MIN_VALUE + 5, "b", Long.MAX_VALUE - 5));
    Route route = route(Balance.WEIGHTED, weighted("a", 1), weighted("b", 1));

    Order order = Router.order(route, PLAIN, known, new Random(1));

    assertThat(names(order)).containsExactly("b");
    assertThat(order.lastResort()).isEqualTo(1);
    assertThat(order.excluded()).extracting(Exclusion::rule).containsExactly("breaker");
  }

  @Property(tries = 200)
  void aSessionStaysWhereItIsWhenAnotherTargetGoes(@ForAll long session) {
    if (session == 0) {
      return;
    }
    var targets = List.of(weighted("a", 1), weighted("b", 2), weighted("c", 3));
    var route = new Route("r", List.of(new Tier(targets, Balance.WEIGHTED, Affinity.AUTO)));
    var request = new Request("app", "", Set.of(), Set.of(), 1, "", session);
    var all = new Known();
    List<String> before = names(Router.order(route, request, all, new Random(1)));
    all.standing.put(before.getFirst(), Standing.OUT);

    List<String> after = names(Router.order(route, request, all, new Random(2)));

    assertThat(names(Router.order(route, request, new Known(), new Random(3)))).isEqualTo(before);
    assertThat(after).containsExactly(before.get(1), before.get(2), before.getFirst());
  }

  @Test
  void sessionsAreSpreadInProportionToWeights() {
    var targets = List.of(weighted("a", 1), weighted("b", 3));
    var route = new Route("r", List.of(new Tier(targets, Balance.WEIGHTED, Affinity.AUTO)));
    int first = 0;
    for (int i = 1; i <= 10_000; i++) {
      var request = new Request("app", "", Set.of(), Set.of(), 1, "", i * 0x9e3779b97f4a7c15L);
      first +=
          names(Router.order(route, request, known, new Random(1))).getFirst().equals("a") ? 1 : 0;
    }

    assertThat(first).isBetween(2_300, 2_700);
  }

  @Property(tries = 500)
  void someTargetIsAlwaysLeftUnlessARuleForbidsAll(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 0, max = 2) Integer> standings,
      @ForAll Balance balance,
      @ForAll long seed) {
    var random = new Random(seed);
    var signals = new Known();
    var tiers = new ArrayList<Tier>();
    var row = new ArrayList<RouteTarget>();
    for (int i = 0; i < standings.size(); i++) {
      signals.standing.put("m" + i, Standing.values()[standings.get(i)]);
      signals.millis.put("m" + i, random.nextDouble() * 1000);
      row.add(weighted("m" + i, 1 + random.nextInt(9)));
      if (random.nextBoolean() || i == standings.size() - 1) {
        tiers.add(new Tier(row, balance, Affinity.NONE));
        row.clear();
      }
    }
    var route = new Route("r", tiers);

    Order order = Router.order(route, PLAIN, signals, random);

    List<String> asked = names(order);
    assertThat(asked).isNotEmpty().doesNotHaveDuplicates();
    // Every target is either asked or excluded with a reason, and none is both.
    var all = new HashSet<String>(asked);
    order.excluded().forEach(one -> assertThat(all.add(one.target().substring(2))).isTrue());
    assertThat(all).hasSize(standings.size());
    // Who is out comes last, and one of them at the most.
    long out = asked.stream().filter(m -> signals.standing.get(m) == Standing.OUT).count();
    assertThat(out).isLessThanOrEqualTo(1).isEqualTo(order.lastResort());
    if (out == 1) {
      assertThat(signals.standing.get(asked.getLast())).isEqualTo(Standing.OUT);
    }
    // Priorities hold among those who are in.
    var priority = new LinkedHashSet<Integer>();
    for (String model : asked.subList(0, asked.size() - order.lastResort())) {
      priority.add(tierOf(route, model));
    }
    assertThat(new ArrayList<>(priority)).isSorted();
  }

  private static int tierOf(Route route, String model) {
    for (int i = 0; i < route.tiers().size(); i++) {
      if (route.tiers().get(i).targets().stream().anyMatch(t -> t.target().model().equals(model))) {
        return i;
      }
    }
    throw new AssertionError(model);
  }

  private List<String> order(Route route, Request request) {
    return names(Router.order(route, request, known, new Random(1)));
  }

  private static List<String> names(Order order) {
    return order.targets().stream().map(target -> target.target().model()).toList();
  }

  private static Route route(Balance balance, RouteTarget... targets) {
    return new Route("r", List.of(new Tier(List.of(targets), balance, Affinity.NONE)));
  }

  private static RouteTarget weighted(String model, double weight) {
    return new RouteTarget(
        new Target("v", model), weight, Conditions.NONE, Set.of(), "", Waits.NONE, Overrides.NONE);
  }

  private static RouteTarget conditional(String model, Conditions when) {
    return new RouteTarget(
        new Target("v", model), 1, when, Set.of(), "", Waits.NONE, Overrides.NONE);
  }

  private static RouteTarget in(String model, String region) {
    return new RouteTarget(
        new Target("v", model), 1, Conditions.NONE, Set.of(), region, Waits.NONE, Overrides.NONE);
  }
}
