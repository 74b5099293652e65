package dev.understudy.app.settings;

import dev.understudy.app.settings.SettingsFile.CascadeBlock;
import dev.understudy.app.settings.SettingsFile.CouncilBlock;
import dev.understudy.app.settings.SettingsFile.HedgeBlock;
import dev.understudy.app.settings.SettingsFile.QueueBlock;
import dev.understudy.app.settings.SettingsFile.RetriesBlock;
import dev.understudy.app.settings.SettingsFile.RouteBlock;
import dev.understudy.app.settings.SettingsFile.TargetBlock;
import dev.understudy.app.settings.SettingsFile.WaitsBlock;
import dev.understudy.app.settings.SettingsFile.WhenBlock;
import dev.understudy.chat.Feature;
import dev.understudy.routing.Affinity;
import dev.understudy.routing.Balance;
import dev.understudy.routing.Conditions;
import dev.understudy.routing.Continuing;
import dev.understudy.routing.GainRule;
import dev.understudy.routing.Hedge;
import dev.understudy.routing.Lacking;
import dev.understudy.routing.Overrides;
import dev.understudy.routing.Queue;
import dev.understudy.routing.Retry;
import dev.understudy.routing.Review;
import dev.understudy.routing.Route;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Tier;
import dev.understudy.routing.Waits;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.Vendors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Makes routes of what a file says about them. */
final class RouteReader {
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s]{1,200}");
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_-]{1,64}([.][A-Za-z0-9_-]{1,64}){0,9}");

  /** More targets than this no route leads to, those of its fallback routes among them. */
  private static final int TARGETS_MAX = 100;

  /** Members of requests that are the gateway's own. */
  private static final Set<String> OWN = Set.of("model", "stream");

  private static final String SAMPLED = "sampled";
  private static final String[] SAMPLINGS = {"always", SAMPLED};

  private final Catalogue catalogue;
  private final Problems problems;
  private final GainReader gains;
  private final Vendors vendors;
  private final Set<String> unusable;
  private final Map<String, String> regions;
  private final Map<String, String> known;
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
    this.catalogue = catalogue;
    this.problems = problems;
    this.vendors = vendors;
    this.unusable = unusable;
    this.regions = regions;
    this.known = known(vendors, sandbox);
    this.gains = new GainReader(problems);
  }

  /** Reads all. */
  List<Route> routes(Entries<RouteBlock> said) {
    broken = said.broken();
    for (var entry : said.all()) {
      Text name = entry.name();
      if (NAME.matcher(name.value()).matches()) {
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
                values(block.regions()),
                retry,
                hedge,
                block.hold(),
                block.queue().map(RouteReader::queue),
                continuing(block),
                review(block, of)));
      }
    }
    return routes;
  }

  private Optional<Review> review(RouteBlock block, List<Tier> of) {
    if (block.cascade().isPresent() && block.council().isPresent()) {
      problems.add(
          block.council().get().checker().place(), "a route has either a cascade or a council");
      return Optional.empty();
    }
    return block
        .cascade()
        .<Review>flatMap(said -> cascade(said, block, of))
        .or(() -> block.council().flatMap(this::council));
  }

  private Optional<Review> cascade(CascadeBlock said, RouteBlock block, List<Tier> of) {
    if (of.size() < 2) {
      Place at =
          said.threshold()
              .map(Decimal::place)
              .or(() -> said.judge().map(Text::place))
              .or(() -> block.serve().map(Text::place))
              .or(() -> block.targets().stream().findFirst().map(one -> one.target().place()))
              .orElse(new Place("", 1, 1));
      problems.add(at, "a cascade needs somebody to ask next: name others under fallback");
    }
    double threshold = within(said.threshold(), 0, 1, 0.5, "threshold");
    Optional<RouteTarget> judge =
        said.judge().flatMap(this::target).map(target -> plain(target, Waits.NONE));
    return Optional.of(new Review.Cascade(threshold, judge));
  }

  private Optional<Review> council(CouncilBlock said) {
    boolean sampled =
        said.on()
            .flatMap(text -> choice(text, "sampling", SAMPLINGS, Function.identity()))
            .filter(SAMPLED::equals)
            .isPresent();
    if (!sampled && said.share().isPresent()) {
      problems.add(said.share().get().place(), "a share is of use with on: sampled only");
    }
    double share = sampled ? within(said.share(), 0, 1, 0.1, "share") : 1;
    Review.Action action =
        said.action()
            .flatMap(text -> choice(text, "action", Review.Action.values(), Review.Action::text))
            .orElse(Review.Action.ANNOTATE);
    return target(said.checker())
        .map(target -> new Review.Council(plain(target, Waits.NONE), share, action));
  }

  private Continuing continuing(RouteBlock block) {
    Continuing.What what =
        block
            .continuation()
            .flatMap(text ->
                choice(text, "continuation", Continuing.What.values(), Continuing.What::text))
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
        List<String> within = values(blocks.get(text.value()).value().regions());
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
        target(text)
            .filter(target -> isNew(target, text, seen))
            .ifPresent(
                target -> all.add(Tier.of(plain(target, waits(block.timeouts(), Waits.NONE)))));
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
    Waits waits = waits(block.timeouts(), Waits.NONE);
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
        .flatMap(text -> target(text).filter(target -> isNew(target, text, seen)))
        .ifPresent(target -> all.add(Tier.of(plain(target, waits))));
    Balance balance =
        block
            .balance()
            .flatMap(text -> choice(text, "balance", Balance.values(), Balance::text))
            .orElse(Balance.WEIGHTED);
    Affinity affinity =
        block
            .affinity()
            .flatMap(text -> choice(text, "affinity", Affinity.values(), Affinity::text))
            .orElse(balance == Balance.WEIGHTED ? Affinity.AUTO : Affinity.NONE);
    var byPriority = new TreeMap<Integer, List<RouteTarget>>();
    for (TargetBlock said : block.targets()) {
      target(said, waits, seen)
          .ifPresent(target ->
              byPriority
                  .computeIfAbsent(said.priority().orElse(1), _ -> new ArrayList<>())
                  .add(target));
    }
    Optional<GainRule> gain = gains.rule(block, balance, entry.name().place(), byPriority.values());
    byPriority
        .values()
        .forEach(targets ->
            all.add(
                new Tier(
                    targets,
                    balance,
                    affinity,
                    gain.filter(rule -> targets.getFirst().target().equals(rule.cheap())))));
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

  private RouteTarget plain(Target target, Waits waits) {
    return new RouteTarget(
        target,
        1,
        Conditions.NONE,
        lacking(target.vendor()).of(target.model()),
        regions.getOrDefault(target.vendor(), ""),
        waits,
        Overrides.NONE);
  }

  private Optional<RouteTarget> target(TargetBlock said, Waits waits, Set<Target> seen) {
    Optional<Target> target = target(said.target()).filter(one -> isNew(one, said.target(), seen));
    double weight = weight(said.weight());
    Conditions when = conditions(said.when(), said.target().place());
    EnumSet<Feature> lacks = EnumSet.noneOf(Feature.class);
    target.ifPresent(one -> lacks.addAll(lacking(one.vendor()).of(one.model())));
    lacks.removeAll(features(said.can()));
    lacks.addAll(features(said.cannot()));
    Overrides overrides = overrides(said);
    Waits all = waits(said.timeouts(), waits);
    return target.map(one ->
        new RouteTarget(
            one,
            weight,
            when,
            lacks,
            said.region().map(Text::value).orElse(regions.getOrDefault(one.vendor(), "")),
            all,
            overrides));
  }

  private double weight(Optional<Decimal> said) {
    if (said.isPresent()
        && (said.get().value().signum() <= 0 || said.get().value().doubleValue() > 1e9)) {
      problems.add(
          said.get().place(),
          "a weight must be more than 0 and at most 1000000000, not "
              + said.get().value().toPlainString()
              + "; a target that is to get nothing is left out, or has a later priority");
      return 1;
    }
    return said.map(weight -> weight.value().doubleValue()).orElse(1.0);
  }

  private Conditions conditions(WhenBlock said, Place at) {
    long bytesMin =
        Math.max(said.bytesMin().map(ByteCount::bytes).orElse(0L), said.tokensMin().orElse(0) * 4L);
    long bytesMax =
        Math.min(
            said.bytesMax().map(ByteCount::bytes).orElse(Long.MAX_VALUE),
            said.tokensMax().map(tokens -> tokens * 4L + 3).orElse(Long.MAX_VALUE));
    var made =
        new Conditions(
            values(said.callers()),
            values(said.teams()),
            values(said.tags()),
            features(said.with()),
            features(said.without()),
            bytesMin,
            bytesMax,
            values(said.regions()));
    if (bytesMin > bytesMax) {
      problems.add(at, "no request is from %d to %d bytes long".formatted(bytesMin, bytesMax));
    }
    for (Text text : said.without()) {
      if (said.with().stream().anyMatch(with -> with.value().equals(text.value()))) {
        problems.add(text.place(), text.written() + " cannot be both there and not there");
      }
    }
    return made.equals(Conditions.NONE) ? Conditions.NONE : made;
  }

  private Overrides overrides(TargetBlock said) {
    var set = new LinkedHashMap<String, String>();
    for (var entry : said.set().all()) {
      if (isPath(entry.name())) {
        set.put(entry.name().value(), entry.value().json());
      }
    }
    var drop = said.drop().stream().filter(this::isPath).map(Text::value).toList();
    return set.isEmpty() && drop.isEmpty() ? Overrides.NONE : new Overrides(set, drop);
  }

  private boolean isPath(Text text) {
    if (OWN.contains(text.value())) {
      problems.add(text.place(), text.value() + " cannot be changed: it is the gateway's own");
      return false;
    }
    if (!PATH.matcher(text.value()).matches()) {
      problems.add(
          text.place(),
          Nearness.quoted(text.written())
              + " is not the path of a member, such as temperature or generationConfig.topK");
      return false;
    }
    return true;
  }

  private static Waits waits(WaitsBlock said, Waits otherwise) {
    var own = new Waits(said.connect(), said.firstToken(), said.idle(), said.total());
    return own.isEmpty() ? otherwise : own.or(otherwise);
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
        within(said.share(), 0, 10, usual.share(), "share"),
        said.burst().orElse(usual.burst()),
        backoff,
        backoffMax);
  }

  private Optional<Hedge> hedge(HedgeBlock said) {
    double quantile = within(said.quantile(), 0.5, 0.999, 0, "quantile");
    if (said.after().isPresent() && said.quantile().isPresent()) {
      problems.add(said.quantile().get().place(), "a hedge has either after or quantile");
    }
    return said.after().isEmpty() && said.quantile().isEmpty()
        ? Optional.empty()
        : Optional.of(new Hedge(said.after(), quantile));
  }

  private double within(Optional<Decimal> said, double min, double max, double usual, String name) {
    if (said.isEmpty()) {
      return usual;
    }
    double value = said.get().value().doubleValue();
    if (value < min || value > max) {
      problems.add(
          said.get().place(),
          "%s must be from %s to %s, not %s"
              .formatted(name, min, max, said.get().value().toPlainString()));
      return usual;
    }
    return value;
  }

  private Set<Feature> features(List<Text> said) {
    var features = EnumSet.noneOf(Feature.class);
    for (Text text : said) {
      choice(text, "feature", Feature.values(), Feature::text).ifPresent(features::add);
    }
    return features;
  }

  private <E> Optional<E> choice(Text said, String what, E[] all, Function<E, String> name) {
    for (E one : all) {
      if (name.apply(one).equals(said.value())) {
        return Optional.of(one);
      }
    }
    problems.add(
        said.place(),
        "unknown %s %s; known: %s"
            .formatted(
                what,
                Nearness.quoted(said.written()),
                String.join(", ", Arrays.stream(all).map(name).toList())));
    return Optional.empty();
  }

  private static List<String> values(List<Text> texts) {
    return texts.stream().map(Text::value).toList();
  }

  /** What models of a vendor are known to lack. */
  private Lacking lacking(String vendor) {
    return vendors
        .named(vendor)
        .map(Vendor::kind)
        .or(() -> Optional.of(vendor))
        .flatMap(catalogue::kind)
        .map(RouteReader::lacking)
        .orElse(Lacking.NOTHING);
  }

  static Lacking lacking(Kind kind) {
    var models = new ArrayList<Lacking.Models>();
    kind.lacks()
        .forEach((prefix, features) -> models.add(new Lacking.Models(List.of(prefix), features)));
    return models.isEmpty() ? Lacking.NOTHING : new Lacking(models);
  }

  /** The vendors' names by every name that leads to them. */
  private Map<String, String> known(Vendors vendors, boolean sandbox) {
    var known = new LinkedHashMap<String, String>();
    vendors.all().forEach(vendor -> known.put(vendor.name(), vendor.name()));
    if (sandbox) {
      Settings.SANDBOX_VENDORS.forEach(name -> known.putIfAbsent(name, name));
    }
    for (Vendor vendor : vendors.all()) {
      catalogue
          .kind(vendor.kind())
          .ifPresent(kind -> {
            known.putIfAbsent(kind.name(), vendor.name());
            kind.aliases().forEach(alias -> known.putIfAbsent(alias, vendor.name()));
          });
    }
    return known;
  }

  private Optional<Target> target(Text text) {
    String value = text.value();
    int slash = value.indexOf('/');
    if (slash <= 0 || slash == value.length() - 1 || !NAME.matcher(value).matches()) {
      problems.add(
          text.place(),
          Nearness.quoted(text.written()) + " must be written as vendor/model" + suggested(text));
      return Optional.empty();
    }
    String vendor = value.substring(0, slash);
    String name = known.get(vendor);
    if (name != null) {
      return Optional.of(new Target(name, value.substring(slash + 1)));
    }
    if (!unusable.contains(vendor)) {
      // A name that came from a variable stays unsaid.
      String said = text.variables().isEmpty() ? vendor : text.written();
      problems.add(text.place(), "unknown vendor " + Nearness.quoted(said) + remedy(text, vendor));
    }
    return Optional.empty();
  }

  /** For the name of a model alone, the vendor whose models are called like that. */
  private String suggested(Text text) {
    String model = text.written().toLowerCase(Locale.ROOT);
    return catalogue.kinds().stream()
        .filter(kind -> known.containsKey(kind.name()))
        .filter(kind -> kind.modelPrefixes().stream().anyMatch(model::startsWith))
        .findFirst()
        .map(kind -> ", such as " + known.get(kind.name()) + "/" + text.written())
        .orElse("");
  }

  private String remedy(Text text, String vendor) {
    Optional<Kind> kind = catalogue.kind(vendor);
    if (kind.isPresent() && text.variables().isEmpty()) {
      List<String> variables = kind.get().keyVariables();
      return variables.isEmpty()
          ? "; name it under vendors"
          : "; set " + variables.getFirst() + " or name it under vendors";
    }
    return text.variables().isEmpty() ? Nearness.hint(vendor, known.keySet()) : "";
  }

  private static Queue queue(QueueBlock said) {
    return new Queue(said.max().orElse(200), said.deadline().orElse(Duration.ofSeconds(20)));
  }
}
