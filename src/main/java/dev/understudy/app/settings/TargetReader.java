package dev.understudy.app.settings;

import dev.understudy.app.settings.RouteBlock.TargetBlock;
import dev.understudy.app.settings.RouteBlock.WaitsBlock;
import dev.understudy.app.settings.RouteBlock.WhenBlock;
import dev.understudy.chat.Feature;
import dev.understudy.routing.Conditions;
import dev.understudy.routing.Overrides;
import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Waits;
import dev.understudy.text.ByteCount;
import dev.understudy.text.Decimal;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes targets of what a route's block says about them. */
final class TargetReader {
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_-]{1,64}([.][A-Za-z0-9_-]{1,64}){0,9}");

  /** Members of requests that are the gateway's own. */
  private static final Set<String> OWN = Set.of("model", "stream");

  private final TargetNames names;
  private final Choices choices;
  private final Problems problems;
  private final Map<String, String> regions;

  /**
   * Reads targets.
   *
   * @param regions where vendors answer, by name, as far as is known
   */
  TargetReader(TargetNames names, Choices choices, Problems problems, Map<String, String> regions) {
    this.names = names;
    this.choices = choices;
    this.problems = problems;
    this.regions = regions;
  }

  /** A target about which nothing more is said. */
  RouteTarget plain(Target target, Waits waits) {
    return new RouteTarget(
        target,
        1,
        Conditions.NONE,
        names.lacking(target.vendor()).of(target.model()),
        regions.getOrDefault(target.vendor(), ""),
        waits,
        Overrides.NONE);
  }

  /**
   * A target as its block has it.
   *
   * @param target what its name leads to; empty where that was reported already
   * @param waits how long its route waits where the block says nothing
   */
  Optional<RouteTarget> of(TargetBlock said, Optional<Target> target, Waits waits) {
    double weight = weight(said.weight());
    Conditions when = conditions(said.when(), said.target().place());
    EnumSet<Feature> lacks = EnumSet.noneOf(Feature.class);
    target.ifPresent(one -> lacks.addAll(names.lacking(one.vendor()).of(one.model())));
    lacks.removeAll(choices.features(said.can()));
    lacks.addAll(choices.features(said.cannot()));
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
            Choices.values(said.callers()),
            Choices.values(said.teams()),
            Choices.values(said.tags()),
            choices.features(said.with()),
            choices.features(said.without()),
            bytesMin,
            bytesMax,
            Choices.values(said.regions()));
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

  /** How long a target is waited for: as is said, else as {@code otherwise}. */
  static Waits waits(WaitsBlock said, Waits otherwise) {
    var own = new Waits(said.connect(), said.firstToken(), said.idle(), said.total());
    return own.isEmpty() ? otherwise : own.or(otherwise);
  }
}
