package dev.understudy.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where amounts stand.
 *
 * @param owner whose it is: a caller, a vendor, a contract, a currency
 */
public record Account(Kind kind, String owner) implements Comparable<Account> {
  private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,119}");

  public enum Kind {
    /** What a caller owes us. */
    RECEIVABLE,
    /** What we owe a vendor. */
    PAYABLE,
    /** What was sold to a caller. */
    REVENUE,
    /** What a vendor's services cost us. */
    USAGE,
    /** What is given away of revenue under a contract. */
    SHARE,
    /** What was used of a commitment. */
    COMMITMENT_USED,
    /** What was paid of a commitment and not used. */
    COMMITMENT_UNUSED,
    /** What was paid ahead and is not used yet; below zero what was received ahead. */
    PREPAID,
    /** What has no price, or does not add up, until somebody clears it. */
    SUSPENSE,
    /** What rounding took or gave. */
    ROUNDING,
    /** The other side of an exchange into another currency. */
    EXCHANGE,
    /** Money that came or went. */
    CASH,
    /** Taxes that are passed on. */
    TAX;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Account {
    if (!OWNER.matcher(owner).matches()) {
      throw new IllegalArgumentException(
          "an account's owner is up to 120 letters, digits and ._:/@-");
    }
  }

  public static Account of(Kind kind, String owner) {
    return new Account(kind, owner);
  }

  /**
   * Reads {@code payable:anthropic}.
   *
   * @throws IllegalArgumentException if it is written in any other way
   */
  public static Account parse(String text) {
    int colon = text.indexOf(':');
    String word = colon < 0 ? text : text.substring(0, colon);
    Optional<Kind> kind = Optional.empty();
    List<String> known = new ArrayList<>();
    for (Kind one : Kind.values()) {
      known.add(one.word());
      if (one.word().equals(word)) {
        kind = Optional.of(one);
      }
    }
    if (colon < 0 || kind.isEmpty()) {
      throw new IllegalArgumentException(
          "an account is written like payable:anthropic; known kinds: " + String.join(", ", known));
    }
    return new Account(kind.get(), text.substring(colon + 1));
  }

  @Override
  public int compareTo(Account other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : owner.compareTo(other.owner);
  }

  @Override
  public String toString() {
    return kind.word() + ":" + owner;
  }
}
