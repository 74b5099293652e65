package dev.understudy.routing;

import dev.understudy.chat.Feature;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which requests a target is for. What is empty is of no importance; of a list one must match.
 *
 * @param callers names of keys
 * @param tags tags of the key or the request
 * @param with features of which the request must ask for all
 * @param without features of which it must ask for none
 * @param bytesMin the smallest body
 * @param bytesMax the largest body
 * @param regions where the request is to be answered
 */
public record Conditions(
    List<String> callers,
    List<String> teams,
    List<String> tags,
    Set<Feature> with,
    Set<Feature> without,
    long bytesMin,
    long bytesMax,
    List<String> regions) {
  public static final Conditions NONE =
      new Conditions(
          List.of(), List.of(), List.of(), Set.of(), Set.of(), 0, Long.MAX_VALUE, List.of());

  public Conditions {
    callers = List.copyOf(callers);
    teams = List.copyOf(teams);
    tags = List.copyOf(tags);
    with = Set.copyOf(with);
    without = Set.copyOf(without);
    regions = List.copyOf(regions);
  }

  /** Whether they look at features, which are not known without reading the request. */
  boolean askFeatures() {
    return !with.isEmpty() || !without.isEmpty();
  }

  /** Why a request does not meet them, in a clause; empty if it does. */
  @SuppressWarnings("ReferenceEquality") // most targets have none, and this is asked at every call
  Optional<String> objection(Request request) {
    if (this == NONE) {
      return Optional.empty();
    }
    if (!callers.isEmpty() && !callers.contains(request.caller())) {
      return only("callers", callers);
    }
    if (!teams.isEmpty() && !teams.contains(request.team())) {
      return only("teams", teams);
    }
    if (!tags.isEmpty() && tags.stream().noneMatch(request.tags()::contains)) {
      return only("requests tagged", tags);
    }
    if (!request.features().containsAll(with)) {
      return only("requests with", texts(with));
    }
    for (Feature feature : without) {
      if (request.features().contains(feature)) {
        return Optional.of("it is for requests without " + feature.text());
      }
    }
    if (request.bytes() < bytesMin || request.bytes() > bytesMax) {
      return Optional.of(
          "it is for requests of %s, and this one has %d".formatted(sizes(), request.bytes()));
    }
    if (!regions.isEmpty() && regions.stream().noneMatch(r -> isIn(request.region(), r))) {
      return only("requests for region", regions);
    }
    return Optional.empty();
  }

  private String sizes() {
    return bytesMax == Long.MAX_VALUE
        ? "%d bytes and more".formatted(bytesMin)
        : "%d to %d bytes".formatted(bytesMin, bytesMax);
  }

  private static Optional<String> only(String what, List<String> names) {
    return Optional.of("it is for " + what + " " + String.join(", ", names));
  }

  static List<String> texts(Collection<Feature> features) {
    return new TreeSet<>(features).stream().map(Feature::text).toList();
  }

  /** Whether a region is another, or lies in it: {@code eu-west-1} is in {@code eu}. */
  public static boolean isIn(String region, String wanted) {
    return region.regionMatches(true, 0, wanted, 0, wanted.length())
        && (region.length() == wanted.length()
            || !Character.isLetter(region.charAt(wanted.length())));
  }
}
