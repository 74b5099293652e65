package dev.understudy.settlement.reconciliation;

import java.util.Locale;
import java.util.regex.Pattern;

/** Whether a bill's name for a model and ours mean the same model. */
final class ModelNames {
  /** A date behind a model's name, or nothing: {@code gpt-5} and {@code gpt-5-1} are two models. */
  private static final Pattern DATED =
      Pattern.compile(
          "(?:[-@](?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4,8}|latest))?(?:-v[0-9]+(?::[0-9]+)?)?");

  private ModelNames() {}

  /** Whether two names are of one model, one of them with a date or a path. */
  static boolean isSame(String billed, String ours) {
    String a = bare(billed);
    String b = bare(ours);
    if (a.isEmpty() || b.isEmpty()) {
      return a.equals(b);
    }
    String longer = a.length() >= b.length() ? a : b;
    String shorter = a.length() >= b.length() ? b : a;
    return longer.startsWith(shorter)
        && DATED.matcher(longer.substring(shorter.length())).matches();
  }

  private static String bare(String model) {
    String lower = model.toLowerCase(Locale.ROOT).replace(' ', '-');
    return lower.substring(lower.lastIndexOf('/') + 1);
  }
}
