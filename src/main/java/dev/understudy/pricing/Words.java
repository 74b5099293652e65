package dev.understudy.pricing;

import java.util.regex.Pattern;

/** Names from strangers, made fit for a clause. */
final class Words {
  private static final int LENGTH_MAX = 100;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Words() {}

  static String cut(Object name) {
    String text = name.toString();
    String cut = text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "…" : text;
    return CONTROL.matcher(cut).replaceAll("?");
  }
}
