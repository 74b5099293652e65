package dev.understudy.pricing;

/** Names from strangers, made fit for a clause. */
final class Words {
  private static final int LENGTH_MAX = 100;

  private Words() {}

  static String cut(Object name) {
    String text = name.toString();
    String cut = text.length() > LENGTH_MAX ? text.substring(0, LENGTH_MAX) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
