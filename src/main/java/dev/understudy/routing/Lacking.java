package dev.understudy.routing;

import dev.understudy.chat.Feature;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What models of a vendor are known not to have, by how their names begin. */
public record Lacking(List<Models> models) {
  public static final Lacking NOTHING = new Lacking(List.of());

  public Lacking {
    models = List.copyOf(models);
  }

  /**
   * Some models.
   *
   * @param prefixes how their names begin, in lower case; an empty one is that of all
   */
  public record Models(List<String> prefixes, Set<Feature> features) {
    public Models {
      prefixes = List.copyOf(prefixes);
      features = Set.copyOf(features);
    }
  }

  /** What a model lacks, as far as is known: the first that speak of it decide. */
  public Set<Feature> of(String model) {
    if (models.isEmpty()) {
      return Set.of();
    }
    String folded = model.toLowerCase(Locale.ROOT);
    for (Models some : models) {
      if (some.prefixes().stream().anyMatch(folded::startsWith)) {
        return some.features().isEmpty() ? Set.of() : EnumSet.copyOf(some.features());
      }
    }
    return Set.of();
  }
}
