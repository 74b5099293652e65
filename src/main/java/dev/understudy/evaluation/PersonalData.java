package dev.understudy.evaluation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of texts what tells who somebody is, by its shape: addresses, numbers of telephones,
 * cards and accounts. A net with holes: names and what is told in words stay.
 */
final class PersonalData {
  private static final Pattern MAIL =
      Pattern.compile("[\\p{L}0-9._%+-]{1,64}@(?:[\\p{L}0-9-]{1,63}\\.){1,8}\\p{L}{2,24}");
  private static final Pattern ACCOUNT =
      Pattern.compile("\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\\b");
  private static final Pattern CARD = Pattern.compile("\\b(?:[0-9][ -]?){13,19}\\b");
  private static final Pattern SOCIAL = Pattern.compile("\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b");
  private static final Pattern PHONE =
      Pattern.compile(
          "(?<![\\w.,])(?:\\+[0-9]{1,3}[ ./-]?)?(?:\\(0?[0-9]{1,4}\\)[ ./-]?|0[0-9]{1,4}[ ./-])?[0-9]{2,8}(?:[ ./-][0-9]{2,8}){1,4}(?![\\w.,]?\\d)");
  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\b(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\\b");

  /**
   * The sixth version, whole or with zeros left out, and the cards' own; a time has no such form.
   */
  private static final Pattern LONG_ADDRESS =
      Pattern.compile(
          "(?<![\\w:])(?=[A-Fa-f:]*[0-9])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
              + "|(?:[0-9A-Fa-f]{1,4}:){1,7}(?::[0-9A-Fa-f]{1,4}){1,7}"
              + "|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})(?![\\w:])");

  /** Shorter runs of digits are sums, years and sizes. */
  private static final int PHONE_DIGITS_MIN = 9;

  private PersonalData() {}

  static String without(String text) {
    String out = MAIL.matcher(text).replaceAll("[email]");
    out = ACCOUNT.matcher(out).replaceAll("[account]");
    out = SOCIAL.matcher(out).replaceAll("[number]");
    out = ADDRESS.matcher(out).replaceAll("[address]");
    out = LONG_ADDRESS.matcher(out).replaceAll("[address]");
    out = replaced(CARD, out, PersonalData::isCard, "[card]");
    return replaced(PHONE, out, PersonalData::isPhone, "[phone]");
  }

  private interface Test {
    boolean of(String digits, String text);
  }

  private static String replaced(Pattern pattern, String text, Test test, String by) {
    Matcher matcher = pattern.matcher(text);
    var out = new StringBuilder();
    while (matcher.find()) {
      String found = matcher.group();
      boolean gone = test.of(found.replaceAll("[^0-9]", ""), found);
      String tail = gone && found.endsWith(" ") ? " " : "";
      matcher.appendReplacement(out, Matcher.quoteReplacement(gone ? by + tail : found));
    }
    return matcher.appendTail(out).toString();
  }

  /** The check digit of cards (Luhn). */
  private static boolean isCard(String digits, String text) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int counted = i % 2 == 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
      sum += counted;
    }
    return digits.length() >= 13 && sum % 10 == 0;
  }

  private static boolean isPhone(String digits, String text) {
    return digits.length() >= PHONE_DIGITS_MIN
        && digits.length() <= 15
        && !text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}.*");
  }
}
