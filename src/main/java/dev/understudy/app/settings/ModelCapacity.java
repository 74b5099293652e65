package dev.understudy.app.settings;

import dev.understudy.capacity.Burn;
import dev.understudy.capacity.Dimension;
import dev.understudy.capacity.HeaderDialect;
import dev.understudy.capacity.Provisioned;
import dev.understudy.capacity.Terms;
import dev.understudy.vendor.Counting;
import dev.understudy.vendor.ModelNames;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What the settings say of the limits of some models; what they do not say the catalogue does. */
public record ModelCapacity(
    ModelNames models,
    Map<Dimension, Long> limits,
    OptionalInt concurrent,
    OptionalDouble outputWeight,
    OptionalDouble cachedWeight,
    Optional<Boolean> holdsMax,
    OptionalDouble interactiveShare,
    Optional<HeaderDialect> headers,
    Optional<Provisioned> provisioned) {
  public ModelCapacity {
    limits = Map.copyOf(limits);
  }

  /** Nothing is said. */
  static final ModelCapacity NOTHING =
      new ModelCapacity(
          ModelNames.ALL,
          Map.of(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          OptionalDouble.empty(),
          Optional.empty(),
          Optional.empty());

  /** All that is known. */
  Terms terms(HeaderDialect usual, Counting counting) {
    return new Terms(
        limits,
        concurrent.orElse(0),
        new Burn(
            outputWeight.orElse(counting.output()),
            cachedWeight.orElse(counting.cached()),
            holdsMax.orElse(counting.holdsMax())),
        interactiveShare.orElse(Terms.USUAL_SHARE),
        headers.orElse(usual),
        provisioned);
  }
}
