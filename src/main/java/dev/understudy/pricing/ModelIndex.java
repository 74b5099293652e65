package dev.understudy.pricing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds a model's prices by any of its names. A name leads to a model only if the book says so, or
 * if it is the model's own name with a date behind it: {@code gpt-5.1-codex} is not {@code
 * gpt-5.1}.
 */
final class ModelIndex {
  private static final Pattern DATED =
      Pattern.compile("(.+)(?:-20[0-9]{2}-[01][0-9]-[0-3][0-9]|[-@]20[0-9]{2}[01][0-9][0-3][0-9])");

  private final Map<String, ModelPrices> exact = new HashMap<>();
  private final List<Glob> globs = new ArrayList<>();

  private record Glob(Pattern pattern, ModelPrices model) {}

  ModelIndex(List<ModelPrices> models) {
    for (ModelPrices model : models) {
      exact.put(model.name(), model);
    }
    for (ModelPrices model : models) {
      for (String name : model.names()) {
        if (name.contains("*")) {
          globs.add(new Glob(glob(name), model));
        } else {
          exact.putIfAbsent(name, model);
        }
      }
    }
  }

  Optional<ModelPrices> find(String name) {
    ModelPrices found = exact.get(name);
    if (found != null) {
      return Optional.of(found);
    }
    for (Glob glob : globs) {
      if (glob.pattern().matcher(name).matches()) {
        return Optional.of(glob.model());
      }
    }
    return undated(name).map(exact::get);
  }

  /** The name without the date behind it; nothing if there is none. */
  static Optional<String> undated(String name) {
    var dated = DATED.matcher(name);
    return dated.matches() ? Optional.of(dated.group(1)) : Optional.empty();
  }

  static Pattern glob(String text) {
    var pattern = new StringBuilder();
    for (String piece : text.split("\\*", -1)) {
      pattern.append(pattern.isEmpty() ? "" : ".*").append(Pattern.quote(piece));
    }
    return Pattern.compile(pattern.toString());
  }
}
