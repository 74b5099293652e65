package dev.understudy.app.settings;

import dev.understudy.app.settings.RouteBlock.HedgeBlock;
import dev.understudy.app.settings.RouteBlock.QueueBlock;
import dev.understudy.app.settings.RouteBlock.RetriesBlock;
import dev.understudy.app.settings.RouteBlock.TargetBlock;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.Continuing;
import dev.understudy.routing.GainRule;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Queue;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import dev.understudy.routing.Waits;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Vendors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Makes routes of what a file says about them. */
final class RouteReader {
  /** More targets than this no route leads to, those of its fallback routes among them. */
  private static final int TARGETS_MAX = 100;

  private final Problems problems;
  private final Choices choices;
  private final TargetNames names;
  private final TargetReader targets;
  private final GainReader gains;
  private final ReviewReader reviews;
  private final Map<String, Entries.Entry<RouteBlock>> blocks = new LinkedHashMap<>();

  /** Routes of which something could not be read, so that nothing of them is called missing. */
  private Set<String> broken = Set.of();

  private final Map<String, List<Tier>> tiers = new HashMap<>();
  private final Set<Set<String>> loops = new HashSet<>();

  /**
   * A reader of routes to these vendors.
   *
   * @param unusable names of vendors about which a problem was reported already
   * @param regions where vendors answer, by name, as far as is known
   */
  RouteReader(
      Catalogue catalogue,
      Problems problems,
      Vendors vendors,
      Set<String> unusable,
      Map<String, String> regions,
      boolean sandbox) {
    this.problems = problems;
    this.choices = new Choices(problems);
    this.names = new TargetNames(catalogue, problems, vendors, unusable, sandbox);
    this.targets = new TargetReader(names, choices, problems, regions);
    this.gains = new GainReader(problems);
    this.reviews = new ReviewReader(names, targets, choices, problems);
  }

  /** Reads all. */
  List<Route> routes(Entries<RouteBlock> said) {
    broken = said.broken();
    for (var entry : said.all()) {
      Text name = entry.name();
      if (TargetNames.isName(name.value())) {
        blocks.put(name.value(), entry);
      } else {
        problems.add(name.place(), "a route's name is up to 200 characters without white space");
      }
    }
    var routes = new ArrayList<Route>();
    for (var entry : blocks.values()) {
      String name = entry.name().value();
      RouteBlock block = entry.value();
      List<Tier> of = tiers(name, new ArrayList<>());
      Retry retry = retry(block.retries(), entry.name().place());
      Optional<Hedge> hedge = hedge(block.hedge());
      if (!of.isEmpty()) {
        routes.add(
            new Route(
                name,
                of,
                Choices.values(block.regions()),
                retry,
                hedge,
                block.hold(),
                block.queue().map(RouteReader::queue),
                continuing(block),
                reviews.review(block, of)));
      }
    }
    return routes;
  }

  private Continuing continuing(RouteBlock block) {
    Continuing.What what =
        block
            .continuation()
            .flatMap(text ->
                choices.choice(
                    text, "continuation", Continuing.What.values(), Continuing.What::text))
            .orElse(Continuing.USUAL.what());
    return new Continuing(what, block.continuations().orElse(Continuing.USUAL.timesMax()));
  }

  /**
   * The targets of a route by priority, those of the routes it falls back on behind them.
   *
   * @param path the routes that lead here
   */
  private List<Tier> tiers(String name, List<String> path) {
    List<Tier> before = tiers.get(name);
    if (before != null) {
      return before;
    }
    Entries.Entry<RouteBlock> entry = blocks.get(name);
    if (entry == null) {
      return List.of();
    }
    RouteBlock block = entry.value();
    path.add(name);
    int problemsBefore = problems.total();
    var all = new ArrayList<Tier>();
    var seen = new LinkedHashSet<Target>();
    own(entry, seen, all);
    for (Text text : block.fallback()) {
      if (blocks.containsKey(text.value())) {
        if (path.contains(text.value())) {
          loop(text, path.subList(path.indexOf(text.value()), path.size()));
          continue;
        }
        List<String> within = Choices.values(blocks.get(text.value()).value().regions());
        for (Tier tier : tiers(text.value(), path)) {
          var further = new ArrayList<RouteTarget>();
          for (RouteTarget target : tier.targets()) {
            boolean lies = within.isEmpty() || within.stream().anyMatch(target::isIn);
            if (lies && seen.size() < TARGETS_MAX && seen.add(target.target())) {
              further.add(target);
            }
          }
          if (!further.isEmpty()) {
            all.add(new Tier(further, tier.balance(), tier.affinity(), tier.gain()));
          }
        }
      } else {
        names
            .of(text)
            .filter(target -> isNew(target, text, seen))
            .ifPresent(target ->
                all.add(
                    Tier.of(
                        targets.plain(target, TargetReader.waits(block.timeouts(), Waits.NONE)))));
      }
    }
    path.removeLast();
    if (problems.total() == problemsBefore) {
      // Within a loop what is found depends on where one came in.
      tiers.put(name, List.copyOf(all));
    }
    return all;
  }

  private void loop(Text text, List<String> through) {
    if (loops.add(Set.copyOf(through))) {
      problems.add(
          text.place(),
          "the fallbacks loop: " + String.join(" → ", through) + " → " + text.value());
    }
  }

  /** The targets that the route itself names. */
  private void own(Entries.Entry<RouteBlock> entry, Set<Target> seen, List<Tier> all) {
    RouteBlock block = entry.value();
    Waits waits = TargetReader.waits(block.timeouts(), Waits.NONE);
    if (block.serve().isPresent() && !block.targets().isEmpty()) {
      problems.add(
          block.serve().get().place(), "serve is short for one of targets: only one may be there");
    }
    if (block.serve().isEmpty() && block.targets().isEmpty()) {
      if (!broken.contains(entry.name().value())) {
        problems.add(
            entry.name().place(),
            "route "
                + Nearness.quoted(entry.name().value())
                + " has no targets: name one under serve, or several under targets");
      }
      return;
    }
    block
        .serve()
        .flatMap(text -> names.of(text).filter(target -> isNew(target, text, seen)))
        .ifPresent(target -> all.add(Tier.of(targets.plain(target, waits))));
    Balance balance =
        block
            .balance()
            .flatMap(text -> choices.choice(text, "balance", Balance.values(), Balance::text))
            .orElse(Balance.WEIGHTED);
    Affinity affinity =
        block
            .affinity()
            .flatMap(text -> choices.choice(text, "affinity", Affinity.values(), Affinity::text))
            .orElse(balance == Balance.WEIGHTED ? Affinity.AUTO : Affinity.NONE);
    var byPriority = new TreeMap<Integer, List<RouteTarget>>();
    for (TargetBlock said : block.targets()) {
      Optional<Target> named =
          names.of(said.target()).filter(one -> isNew(one, said.target(), seen));
      targets
          .of(said, named, waits)
          .ifPresent(target ->
              byPriority
                  .computeIfAbsent(said.priority().orElse(1), _ -> new ArrayList<>())
                  .add(target));
    }
    Optional<GainRule> gain = gains.rule(block, balance, entry.name().place(), byPriority.values());
    byPriority
        .values()
        .forEach(tier ->
            all.add(
                new Tier(
                    tier,
                    balance,
                    affinity,
                    gain.filter(rule -> tier.getFirst().target().equals(rule.cheap())))));
  }

  private boolean isNew(Target target, Text text, Set<Target> seen) {
    if (seen.size() >= TARGETS_MAX) {
      problems.add(text.place(), "a route has at most " + TARGETS_MAX + " targets");
      return false;
    }
    boolean first = !seen.isEmpty() && seen.iterator().next().equals(target);
    if (seen.add(target)) {
      return true;
    }
    problems.add(
        text.place(),
        Nearness.quoted(text.written())
            + (first ? " is what the route serves already" : " is there twice"));
    return false;
  }

  private Retry retry(RetriesBlock said, Place at) {
    Retry usual = Retry.USUAL;
    Duration backoff = said.backoff().orElse(usual.backoff());
    Duration backoffMax =
        said.backoffMax()
            .orElse(backoff.compareTo(usual.backoffMax()) > 0 ? backoff : usual.backoffMax());
    if (backoffMax.compareTo(backoff) < 0) {
      problems.add(at, "backoff-max is less than backoff");
      backoffMax = backoff;
    }
    return new Retry(
        said.attempts().orElse(usual.attempts()),
        choices.within(said.share(), 0, 10, usual.share(), "share"),
        said.burst().orElse(usual.burst()),
        backoff,
        backoffMax);
  }

  private Optional<Hedge> hedge(HedgeBlock said) {
    double quantile = choices.within(said.quantile(), 0.5, 0.999, 0, "quantile");
    if (said.after().isPresent() && said.quantile().isPresent()) {
      problems.add(said.quantile().get().place(), "a hedge has either after or quantile");
    }
    return said.after().isEmpty() && said.quantile().isEmpty()
        ? Optional.empty()
        : Optional.of(new Hedge(said.after(), quantile));
  }

  private static Queue queue(QueueBlock said) {
    return new Queue(said.max().orElse(200), said.deadline().orElse(Duration.ofSeconds(20)));
  }
}
