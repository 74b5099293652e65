package dev.understudy.vendor;

import java.util.List;

/**
 * Which models an endpoint is for, where a cloud speaks several protocols, each to some of its
 * models.
 *
 * @param patterns in each, {@code *} stands for any text; with {@code !} before it, a pattern names
 *     what is left out; without a pattern that lets in, all are in that none leaves out
 */
public record ModelNames(List<String> patterns) {
  public static final ModelNames ALL = new ModelNames(List.of());

  public ModelNames {
    patterns = List.copyOf(patterns);
  }

  public boolean contains(String model) {
    if (patterns.isEmpty()) {
      return true;
    }
    boolean in = patterns.stream().allMatch(pattern -> pattern.startsWith("!"));
    for (String pattern : patterns) {
      if (pattern.startsWith("!")) {
        if (matches(pattern.substring(1), model)) {
          return false;
        }
      } else {
        in = in || matches(pattern, model);
      }
    }
    return in;
  }

  private static boolean matches(String pattern, String model) {
    int star = pattern.indexOf('*');
    if (star < 0) {
      return pattern.equals(model);
    }
    if (!model.startsWith(pattern.substring(0, star))) {
      return false;
    }
    String rest = pattern.substring(star + 1);
    for (int from = star; from <= model.length(); from++) {
      if (matches(rest, model.substring(from))) {
        return true;
      }
    }
    return false;
  }
}
