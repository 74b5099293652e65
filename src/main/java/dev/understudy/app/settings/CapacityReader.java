package dev.understudy.app.settings;

import dev.understudy.app.settings.VendorBlock.CapacityBlock;
import dev.understudy.app.settings.VendorBlock.ProvisionedBlock;
import dev.understudy.capacity.Burn;
import dev.understudy.capacity.Dimension;
import dev.understudy.capacity.HeaderDialect;
import dev.understudy.capacity.Hours;
import dev.understudy.capacity.Provisioned;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.vendor.ModelNames;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads what a file says of the limits of one vendor's models. */
final class CapacityReader {
  private static final double WEIGHT_MAX = 100;

  private final Problems problems;

  CapacityReader(Problems problems) {
    this.problems = problems;
  }

  /** One for each name, in the order of the file. */
  List<ModelCapacity> read(Entries<CapacityBlock> said) {
    var all = new ArrayList<ModelCapacity>();
    for (var entry : said.all()) {
      all.add(read(entry.name(), entry.value()));
    }
    return all;
  }

  private ModelCapacity read(Text name, CapacityBlock said) {
    Map<Dimension, Long> limits = new EnumMap<>(Dimension.class);
    put(limits, Dimension.REQUESTS, said.requests());
    put(limits, Dimension.TOKENS, said.tokens());
    put(limits, Dimension.INPUT_TOKENS, said.inputTokens());
    put(limits, Dimension.OUTPUT_TOKENS, said.outputTokens());
    put(limits, Dimension.REQUESTS_DAY, said.requestsPerDay());
    put(limits, Dimension.TOKENS_DAY, said.tokensPerDay());
    Optional<HeaderDialect> headers =
        said.headers()
            .flatMap(text -> {
              Optional<HeaderDialect> dialect = HeaderDialect.named(text.value());
              if (dialect.isEmpty()) {
                var known = HeaderDialect.ALL.stream().map(HeaderDialect::name).toList();
                problems.add(
                    text.place(),
                    "unknown dialect of limit headers %s; known: %s"
                        .formatted(Nearness.quoted(text.written()), String.join(", ", known)));
              }
              return dialect;
            });
    return new ModelCapacity(
        new ModelNames(List.of(name.value())),
        limits,
        said.concurrent().map(OptionalInt::of).orElse(OptionalInt.empty()),
        weight(said.outputWeight(), "output-weight", WEIGHT_MAX),
        weight(said.cachedWeight(), "cached-weight", 1),
        said.holdsMaxTokens(),
        said.interactiveShare()
            .map(percent -> OptionalDouble.of(percent / 100.0))
            .orElse(OptionalDouble.empty()),
        headers,
        said.provisioned().flatMap(block -> provisioned(name.place(), block)));
  }

  private static void put(
      Map<Dimension, Long> limits, Dimension dimension, Optional<Integer> limit) {
    limit.ifPresent(value -> limits.put(dimension, (long) value));
  }

  private OptionalDouble weight(Optional<Text> said, String field, double max) {
    if (said.isEmpty()) {
      return OptionalDouble.empty();
    }
    String value = said.get().value();
    if (!value.matches("\\d{1,3}(\\.\\d{1,6})?") || Double.parseDouble(value) > max) {
      problems.add(said.get().place(), "%s must be a number from 0 to %.0f".formatted(field, max));
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(Double.parseDouble(value));
  }

  private Optional<Provisioned> provisioned(Place place, ProvisionedBlock said) {
    if (said.tokensPerUnit().isEmpty()) {
      problems.add(
          place,
          "provisioned needs tokens-per-unit: the input tokens a minute that a unit is worth");
      return Optional.empty();
    }
    Hours hours = said.hours().map(this::hours).orElse(Hours.ALWAYS);
    int enter = said.spillAt().orElse(95);
    int leave = said.backAt().orElse(Math.min(80, enter - 1));
    if (leave >= enter || leave < 1) {
      problems.add(
          place,
          "spill-at is %d and back-at %d; back-at must be lower, or targets change to and fro"
              .formatted(enter, leave));
      return Optional.empty();
    }
    Optional<Provisioned.Beyond> beyond =
        said.beyond().isEmpty()
            ? Optional.of(Provisioned.Beyond.REFUSED)
            : beyond(said.beyond().get());
    return beyond.map(what ->
        new Provisioned(
            said.units().orElse(1),
            said.tokensPerUnit().get(),
            new Burn(
                weight(said.outputWeight(), "output-weight", WEIGHT_MAX).orElse(1),
                weight(said.cachedWeight(), "cached-weight", 1).orElse(0),
                what == Provisioned.Beyond.REFUSED),
            hours,
            enter / 100.0,
            leave / 100.0,
            what));
  }

  private Hours hours(Text said) {
    try {
      return Hours.parse(said.value());
    } catch (IllegalArgumentException e) {
      problems.add(said.place(), String.valueOf(e.getMessage()));
      return Hours.ALWAYS;
    }
  }

  private Optional<Provisioned.Beyond> beyond(Text said) {
    return switch (said.value()) {
      case "refuse" -> Optional.of(Provisioned.Beyond.REFUSED);
      case "charge" -> Optional.of(Provisioned.Beyond.CHARGED);
      default -> {
        problems.add(
            said.place(), "beyond is refuse or charge, not " + Nearness.quoted(said.written()));
        yield Optional.empty();
      }
    };
  }
}
