package dev.understudy.admin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the resource of an address. */
final class Resources {
  private final List<Resource> all;

  /** What there is at an address. */
  sealed interface Find {}

  /** The resource, with what stands at the places of its path. */
  record Found(Resource resource, Map<String, String> names) implements Find {}

  /**
   * The address is known, but not with this method.
   *
   * @param allow the methods it is known with
   */
  record OtherMethod(String allow) implements Find {}

  /** There is nothing. */
  record Unknown(String message) implements Find {}

  Resources(List<Resource> resources) {
    var seen = new HashSet<String>();
    for (Resource resource : resources) {
      String shape = resource.path().template().replaceAll("\\{[^}]*}", "{}");
      if (!seen.add(resource.method() + " " + shape)) {
        throw new IllegalArgumentException(
            "two resources for " + resource.method() + " " + resource.path().template());
      }
    }
    all = List.copyOf(resources);
  }

  Find find(String method, String rawPath) {
    List<String> segments =
        rawPath.startsWith("/") ? List.of(rawPath.substring(1).split("/", -1)) : List.of();
    var matches = new ArrayList<Found>();
    for (Resource resource : all) {
      Optional<Map<String, String>> names = resource.path().match(segments);
      names.ifPresent(n -> matches.add(new Found(resource, n)));
    }
    if (matches.isEmpty()) {
      return new Unknown("unknown; known: " + known());
    }
    // Literal addresses go before those with places: /admin/keys/import is no key's name.
    int fewest =
        matches.stream().mapToInt(match -> match.resource().path().places()).min().orElseThrow();
    List<Found> closest =
        matches.stream().filter(m -> m.resource().path().places() == fewest).toList();
    for (Found match : closest) {
      if (match.resource().answers(method)) {
        return match;
      }
    }
    return new OtherMethod(
        Resource.METHODS.stream()
            .filter(known -> closest.stream().anyMatch(m -> m.resource().answers(known)))
            .collect(Collectors.joining(", ")));
  }

  private String known() {
    return all.stream()
        .map(resource -> resource.path().template())
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
