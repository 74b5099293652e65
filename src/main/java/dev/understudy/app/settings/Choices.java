package dev.understudy.app.settings;

import dev.understudy.chat.Feature;
import dev.understudy.text.Decimal;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads words and numbers of which only some are allowed, and reports the others. */
final class Choices {
  private final Problems problems;

  Choices(Problems problems) {
    this.problems = problems;
  }

  /**
   * The one that a text names; empty if none is called so, which is reported.
   *
   * @param what they are, for the report
   */
  <E> Optional<E> choice(Text said, String what, E[] all, Function<E, String> name) {
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

  /** A number from {@code min} to {@code max}; {@code usual} if none is said, or another. */
  double within(Optional<Decimal> said, double min, double max, double usual, String name) {
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

  /** The features that texts name. */
  Set<Feature> features(List<Text> said) {
    var features = EnumSet.noneOf(Feature.class);
    for (Text text : said) {
      choice(text, "feature", Feature.values(), Feature::text).ifPresent(features::add);
    }
    return features;
  }

  static List<String> values(List<Text> texts) {
    return texts.stream().map(Text::value).toList();
  }
}
