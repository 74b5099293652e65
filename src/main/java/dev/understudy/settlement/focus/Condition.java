package dev.understudy.settlement.focus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a rule holds for a row: one of several lists of terms, all of whose terms are true.
 *
 * <p>Written {@code A=x & B!= / C!=@D}: A is x and B has a value, or C and D differ.
 */
record Condition(List<List<Term>> any) {
  static final Condition ALWAYS = new Condition(List.of());

  /**
   * One comparison.
   *
   * @param value what is compared with; empty for no value
   * @param other whether the value is the name of a column
   */
  record Term(String column, boolean same, Optional<String> value, boolean other) {
    boolean holds(Row row) {
      boolean equal =
          other
              ? row.get(column).equals(row.get(value.orElseThrow()))
              : row.get(column).equals(value);
      return equal == same;
    }
  }

  Condition {
    any = any.stream().map(List::copyOf).toList();
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is written in any other way
   */
  static Condition parse(String text) {
    if (text.isEmpty()) {
      return ALWAYS;
    }
    var any = new ArrayList<List<Term>>();
    for (String all : text.split(" / ", -1)) {
      var terms = new ArrayList<Term>();
      for (String term : all.split(" & ", -1)) {
        terms.add(term(term));
      }
      any.add(terms);
    }
    return new Condition(any);
  }

  private static Term term(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("no condition: " + text);
    }
    boolean same = text.charAt(equals - 1) != '!';
    String column = text.substring(0, same ? equals : equals - 1);
    String value = text.substring(equals + 1);
    boolean other = value.startsWith("@");
    String meant = other ? value.substring(1) : value;
    return new Term(column, same, meant.isEmpty() ? Optional.empty() : Optional.of(meant), other);
  }

  boolean holds(Row row) {
    if (any.isEmpty()) {
      return true;
    }
    for (List<Term> all : any) {
      boolean holds = true;
      for (int i = 0; holds && i < all.size(); i++) {
        holds = all.get(i).holds(row);
      }
      if (holds) {
        return true;
      }
    }
    return false;
  }
}
