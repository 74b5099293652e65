package dev.understudy.protocol.gemini;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's name says about what it understands.
 *
 * @param known whether the name is that of a Gemini model with a number
 */
record ModelName(boolean known, int major, int minor, boolean pro, boolean lite, boolean flash) {
  private static final Pattern GEMINI = Pattern.compile("gemini-(\\d+)(?:\\.(\\d+))?(?:-|$)");

  static ModelName of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean pro = lower.contains("-pro");
    boolean lite = lower.contains("-lite");
    boolean flash = lower.contains("-flash");
    Matcher found = GEMINI.matcher(lower);
    if (found.find() && found.group(1).length() <= 4) {
      int minor =
          found.group(2) == null || found.group(2).length() > 4
              ? 0
              : Integer.parseInt(found.group(2));
      return new ModelName(true, Integer.parseInt(found.group(1)), minor, pro, lite, flash);
    }
    // gemini-flash-latest, gemini-pro-latest: whatever is newest, which is 3 or later.
    if (lower.contains("gemini-") && lower.endsWith("-latest")) {
      return new ModelName(true, 3, 0, pro, lite, flash);
    }
    return new ModelName(false, 0, 0, pro, lite, flash);
  }

  boolean isFrom(int majorMin, int minorMin) {
    return known && (major > majorMin || (major == majorMin && minor >= minorMin));
  }

  /**
   * Whether the model takes standard JSON Schema ({@code parametersJsonSchema}, {@code
   * responseJsonSchema}): 2.5 and later (ai.google.dev, "Structured outputs").
   */
  boolean takesJsonSchema() {
    return isFrom(2, 5);
  }

  /** Whether thoughts are steered by level rather than by budget, and calls must be signed. */
  boolean isThree() {
    return isFrom(3, 0);
  }
}
