package dev.understudy.app.settings;

import dev.understudy.app.settings.RolloutBlock.CertificateBlock;
import dev.understudy.app.settings.RolloutBlock.GuardrailBlock;
import dev.understudy.app.settings.RolloutBlock.ShadowBlock;
import dev.understudy.rollout.Guardrail;
import dev.understudy.rollout.Metric;
import dev.understudy.rollout.Rules;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Measure;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes rollouts of what a file says about them. */
final class RolloutReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern SHARE = Pattern.compile("([0-9]{1,6}(?:[.][0-9]{1,9})?) ?(%?)");
  private static final String MARGIN = "margin";
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m)");

  private final Problems problems;
  private final Path file;

  /**
   * A reader.
   *
   * @param file beside which relative files lie
   */
  RolloutReader(Problems problems, Path file) {
    this.problems = problems;
    this.file = file;
  }

  /** Reads all, in the order of the file. */
  List<DeclaredRollout> read(Entries<RolloutBlock> said) {
    var all = new ArrayList<DeclaredRollout>();
    for (var entry : said.all()) {
      Text name = entry.name();
      if (NAME.matcher(name.value()).matches()) {
        read(name.value(), entry.value()).ifPresent(all::add);
      } else {
        problems.add(
            name.place(),
            "a rollout's name is up to 64 letters, digits, points, underscores and hyphens");
      }
    }
    return all;
  }

  /** Reads one; if there are problems, it is of no use. */
  Optional<DeclaredRollout> read(String name, RolloutBlock said) {
    Place place = said.route().place();
    String candidate = said.candidate().value();
    int slash = candidate.indexOf('/');
    if (slash <= 0 || slash == candidate.length() - 1) {
      problems.add(said.candidate().place(), "a candidate is written vendor/model");
    }
    Rules.Approval approval =
        choice(said.approval(), Rules.Approval.class, Rules.Approval.NONE, "approval");
    Rules.Stickiness sticky =
        choice(said.sticky(), Rules.Stickiness.class, Rules.Stickiness.CONVERSATION, "stickiness");
    Lacking lacking = choice(said.lacking(), Lacking.class, Lacking.REFUSE, "way with lacking");
    List<Guardrail> guardrails = guardrails(said.guardrails(), said.suite(), place);
    List<Double> stages = stages(said.stages());
    double unproven = share(said.unproven(), 0.05, "unproven", 0, 1);
    double rehearsal = share(said.rehearsal(), 0.01, "rehearsal", 0, 1);
    double shadow = share(said.shadow().share(), 0.1, "share", 0, 1);
    double alpha = said.alpha().map(this::alpha).orElse(0.05);
    Rules.Copies copies = copies(said.shadow());
    if (!problems.isEmpty()) {
      return Optional.empty();
    }
    try {
      var rules =
          new Rules(
              stages,
              guardrails,
              alpha,
              unproven,
              said.calls().orElse(200),
              said.time().orElse(Duration.ofMinutes(10)),
              approval,
              sticky,
              shadow,
              rehearsal,
              copies);
      return Optional.of(
          new DeclaredRollout(
              name,
              said.route().value(),
              candidate,
              rules,
              said.suite().map(suite -> file.resolveSibling(suite.value())),
              lacking == Lacking.PASS,
              said.certificate()
                  .map(wanted ->
                      new DeclaredRollout.Certificate(
                          wanted.suite().map(Text::value),
                          Duration.ofDays(wanted.days().orElse(90)))),
              new DeclaredRollout.Places(
                  place,
                  said.candidate().place(),
                  said.suite().map(Text::place).orElse(place),
                  said.certificate()
                      .flatMap(CertificateBlock::suite)
                      .map(Text::place)
                      .orElse(said.candidate().place()))));
    } catch (IllegalArgumentException e) {
      problems.add(place, "rollout %s: %s".formatted(name, e.getMessage()));
      return Optional.empty();
    }
  }

  private enum Lacking {
    REFUSE,
    PASS
  }

  private double alpha(Decimal said) {
    double value = said.value().doubleValue();
    if (!(value > 0 && value < 0.5)) {
      problems.add(said.place(), "alpha lies between 0 and 0.5, not " + said.value());
    }
    return value;
  }

  private Rules.Copies copies(ShadowBlock said) {
    Rules.Copies usual = Rules.Copies.USUAL;
    said.costPerDay()
        .filter(cost -> cost.value().signum() <= 0)
        .ifPresent(cost -> problems.add(cost.place(), "what copies may cost in a day is above 0"));
    if (!problems.isEmpty()) {
      return usual;
    }
    return new Rules.Copies(
        said.atOnce().orElse(usual.atOnce()),
        said.waiting().orElse(usual.waiting()),
        said.costPerDay().map(cost -> cost.value().doubleValue()).orElse(usual.costPerDay()));
  }

  private <E extends Enum<E>> E choice(Optional<Text> said, Class<E> of, E usual, String what) {
    if (said.isEmpty()) {
      return usual;
    }
    for (E one : of.getEnumConstants()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(said.get().value())) {
        return one;
      }
    }
    problems.add(
        said.get().place(),
        "unknown %s %s; known: %s"
            .formatted(
                what,
                Nearness.quoted(said.get().written()),
                String.join(
                    ", ",
                    Arrays.stream(of.getEnumConstants())
                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                        .toList())));
    return usual;
  }

  private List<Double> stages(List<Measure> said) {
    if (said.isEmpty()) {
      return Rules.USUAL_STAGES;
    }
    var stages = new ArrayList<Double>();
    for (Measure one : said) {
      double share = one.value().equals("shadow") ? 0 : share(Optional.of(one), 0, "a stage", 0, 1);
      if (!stages.isEmpty() && share <= stages.getLast()) {
        problems.add(one.place(), "stages ascend, and each is there once");
      }
      stages.add(share);
    }
    if (stages.getLast() != 1) {
      problems.add(said.getLast().place(), "the last stage is 100%");
    }
    return stages;
  }

  private List<Guardrail> guardrails(
      Entries<GuardrailBlock> said, Optional<Text> suite, Place place) {
    Map<Metric, GuardrailBlock> blocks = new LinkedHashMap<>();
    Map<Metric, Place> places = new LinkedHashMap<>();
    if (said.all().isEmpty() && said.broken().isEmpty()) {
      for (Metric metric : List.of(Metric.ERRORS, Metric.REFUSALS, Metric.FORMAT, Metric.LATENCY)) {
        blocks.put(metric, NOTHING_SAID);
      }
      if (suite.isPresent()) {
        blocks.put(Metric.QUALITY, NOTHING_SAID);
      }
    }
    List<String> known = Arrays.stream(Metric.values()).map(Metric::word).toList();
    for (var entry : said.all()) {
      Text name = entry.name();
      Optional<Metric> metric = Metric.of(name.value());
      if (metric.isEmpty()) {
        problems.add(
            name.place(),
            "unknown metric %s%s; known: %s"
                .formatted(
                    Nearness.quoted(name.written()),
                    Nearness.hint(name.written(), known),
                    String.join(", ", known)));
        continue;
      }
      if (metric.get() == Metric.QUALITY && suite.isEmpty()) {
        problems.add(name.place(), "nobody judges quality: name a suite with checks under suite");
      }
      blocks.put(metric.get(), entry.value());
      places.put(metric.get(), name.place());
    }
    var guardrails = new ArrayList<Guardrail>();
    blocks.forEach((metric, block) -> {
      Place at = places.getOrDefault(metric, place);
      try {
        guardrails.add(guardrail(metric, block));
      } catch (IllegalArgumentException e) {
        problems.add(at, String.valueOf(e.getMessage()));
      }
    });
    return guardrails;
  }

  private static final GuardrailBlock NOTHING_SAID =
      new GuardrailBlock(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private Guardrail guardrail(Metric metric, GuardrailBlock said) {
    double most = metric.isQuantile() ? 100 : 1;
    double margin = share(said.margin(), usualMargin(metric), MARGIN, 0, most);
    double tolerates = share(said.tolerates(), margin, "tolerates", 0, most);
    double quantile =
        said.quantile()
            .map(Decimal::value)
            .map(Number::doubleValue)
            .orElse(metric == Metric.COST ? 0.5 : 0.95);
    OptionalDouble limit =
        said.limit().isPresent()
            ? limit(metric, said.limit().get())
            : metric == Metric.ERRORS ? OptionalDouble.of(0.2) : OptionalDouble.empty();
    return new Guardrail(metric, margin, tolerates, quantile, limit, said.window().orElse(50));
  }

  private static double usualMargin(Metric metric) {
    return switch (metric) {
      case ERRORS -> 0.01;
      case REFUSALS, FORMAT -> 0.02;
      case QUALITY -> 0.03;
      case LATENCY, FIRST_TOKEN, COST -> 0.25;
    };
  }

  private OptionalDouble limit(Metric metric, Measure said) {
    return switch (metric) {
      case ERRORS, REFUSALS, FORMAT, QUALITY ->
          OptionalDouble.of(share(Optional.of(said), 1, "limit", 0, 1));
      case COST -> OptionalDouble.of(share(Optional.of(said), 1, "limit", 0, 1_000_000));
      case LATENCY, FIRST_TOKEN -> {
        Matcher matcher = TIME.matcher(said.value());
        if (!matcher.matches()) {
          problems.add(said.place(), "a limit of times is a duration, such as 800ms or 8s");
          yield OptionalDouble.empty();
        }
        double unit =
            switch (matcher.group(2)) {
              case "ms" -> 1;
              case "s" -> 1_000;
              default -> 60_000;
            };
        yield OptionalDouble.of(unit * Double.parseDouble(matcher.group(1)));
      }
    };
  }

  private double share(
      Optional<Measure> said, double usual, String what, double least, double most) {
    if (said.isEmpty()) {
      return usual;
    }
    Matcher matcher = SHARE.matcher(said.get().value());
    double value = Double.NaN;
    if (matcher.matches()) {
      value = Double.parseDouble(matcher.group(1)) / (matcher.group(2).isEmpty() ? 1 : 100);
    }
    if (what.equals(MARGIN) && value == 0) {
      problems.add(
          said.get().place(),
          "a margin of zero can never be shown to be kept: say how much worse is still good enough,"
              + " such as 2%");
      return usual;
    }
    if (!(value >= least && value <= most)) {
      problems.add(
          said.get().place(),
          "%s is a share such as 5%% or 0.05, at most %s"
              .formatted(what, most == 1 ? "100%" : Double.toString(most)));
      return usual;
    }
    return value;
  }
}
