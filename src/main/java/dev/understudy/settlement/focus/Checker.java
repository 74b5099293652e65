package dev.understudy.settlement.focus;

import dev.understudy.money.Money;
import dev.understudy.settlement.focus.Rule.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Holds a dataset against the requirements of the specification, row by row. */
public final class Checker {
  private static final int NAME_LENGTH_MAX = 50;

  private final RuleBook book;
  private final Options options;
  private final Header header;
  private final Consumer<Violation> told;
  private final List<Looked> looked = new ArrayList<>();
  private final SortedMap<String, Long> broken = new TreeMap<>();
  private final List<String> notAsked = new ArrayList<>();
  private final CommitmentSums commitments = new CommitmentSums();
  private final InvoiceSums invoices;
  private long rows;
  private long must;
  private long should;

  /**
   * What is known of a file beside it.
   *
   * @param supported what the provider supports, which decides about columns that must be there
   * @param excerpt whether the file is a part of a dataset, so that columns may be missing
   * @param invoices what is payable on each invoice; empty to compare none
   */
  public record Options(Set<String> supported, boolean excerpt, Map<String, Money> invoices) {
    public static final Options PLAIN = new Options(Set.of(), false, Map.of());

    public Options {
      supported = Set.copyOf(supported);
      invoices = Map.copyOf(invoices);
    }
  }

  /**
   * What came of it.
   *
   * @param must how often something that must be is not
   * @param should how often something that should be is not
   * @param broken how often each rule is broken
   * @param asked how many rules were looked at
   * @param notAsked rules that do not apply to this file
   * @param notes what could not be compared
   */
  public record Report(
      long rows,
      long must,
      long should,
      SortedMap<String, Long> broken,
      int asked,
      List<String> notAsked,
      List<String> notes) {
    public boolean conforms() {
      return must == 0;
    }
  }

  /** A rule with the place of its column and its test. */
  private record Looked(Rule rule, int column, Tests.Test test) {}

  /**
   * Begins with the head of a file.
   *
   * @param told hears of every violation
   */
  public Checker(RuleBook book, Options options, Header header, Consumer<Violation> told) {
    this.book = book;
    this.options = options;
    this.header = header;
    this.told = told;
    invoices = new InvoiceSums(options.invoices());
    for (Rule rule : book.rules()) {
      if (rule.way() == Rule.Way.CHECKED && rule.weight() != Weight.MAY) {
        begin(rule);
      }
    }
  }

  private void begin(Rule rule) {
    switch (rule.word()) {
      case "present" -> present(rule);
      case "header" -> head(rule);
      // Broken by way of the columns that ask for the format.
      case "format" -> {}
      default -> {
        if (rule.column().equals("*")) {
          for (int i = 0; i < header.names().size(); i++) {
            looked.add(new Looked(rule, i, Tests.of(rule)));
          }
        } else if (!header.has(rule.column())) {
          notAsked.add(rule.id());
        } else if (rule.word().equals("some")
            && rule.when().equals(Condition.ALWAYS)
            && !options.supported().containsAll(rule.criteria())) {
          notAsked.add(rule.id());
        } else {
          looked.add(new Looked(rule, header.indexOf(rule.column()), Tests.of(rule)));
        }
      }
    }
  }

  private void present(Rule rule) {
    if (options.excerpt() || !options.supported().containsAll(rule.criteria())) {
      notAsked.add(rule.id());
    } else if (!header.has(rule.column())) {
      tell(rule, 1, rule.column(), "", "the column is missing", Optional.empty());
    }
  }

  private void head(Rule rule) {
    boolean custom = false;
    for (String name : header.names()) {
      boolean known = book.columns().contains(name);
      boolean own = name.startsWith("x_");
      Optional<String> fault =
          switch (rule.id()) {
            case "ColumnHandling-A-001-M" ->
                when(!own && !name.matches("[A-Z].*"), "not in Pascal case");
            case "ColumnHandling-A-003-M" ->
                when(!own && !name.matches("[A-Za-z0-9]*"), "not of letters and digits alone");
            case "ColumnHandling-A-005-O" ->
                when(
                    name.codePointCount(0, name.length()) > NAME_LENGTH_MAX,
                    "longer than " + NAME_LENGTH_MAX + " characters");
            case "ColumnHandling-A-010-M" ->
                when(
                    !own && !known,
                    "no column of the specification, and not marked by x_" + near(name));
            case "ColumnHandling-A-011-O" ->
                when(
                    own && !name.matches("x_[A-Z][A-Za-z0-9]*"),
                    "not x_ and a name in Pascal case");
            default -> when(known && custom, "stands behind a column of one's own");
          };
      custom |= !known;
      fault.ifPresent(message -> tell(rule, 1, name, "", message, Optional.empty()));
    }
  }

  private static Optional<String> when(boolean wrong, String message) {
    return wrong ? Optional.of(message) : Optional.empty();
  }

  private String near(String name) {
    return book.columns().stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .map(column -> "; the column is called " + column)
        .orElse("");
  }

  /** Looks at the next row. */
  public void accept(Row row) {
    rows++;
    for (int i = 0; i < looked.size(); i++) {
      Looked one = looked.get(i);
      if (one.rule().when().holds(row)) {
        Optional<Tests.Fault> fault = one.test().of(row, one.column());
        if (fault.isPresent()) {
          tell(
              one.rule(),
              row.line(),
              header.names().get(one.column()),
              row.get(one.column()).orElse(""),
              fault.get().message(),
              fault.get().because());
        }
      }
    }
    commitments.add(row);
    invoices.add(row);
  }

  /** Compares what only the whole file shows, and sums up. */
  public Report finish() {
    var notes = new ArrayList<String>();
    if (book.dataset() == RuleBook.Dataset.COST_AND_USAGE_1_2) {
      for (CommitmentSums.Difference difference : commitments.differences(notes)) {
        compared(
            "DiscountHandling-A-011-C",
            "CommitmentDiscountId",
            difference.id(),
            difference.message());
        compared(
            "EffectiveCost-C-012-C", "CommitmentDiscountId", difference.id(), difference.message());
      }
      for (InvoiceSums.Difference difference : invoices.differences(options.excerpt())) {
        compared(difference.rule(), "InvoiceId", difference.id(), difference.message());
      }
    }
    int asked = (int) looked.stream().map(Looked::rule).distinct().count();
    return new Report(rows, must, should, broken, asked, List.copyOf(notAsked), notes);
  }

  private void compared(String rule, String column, String id, String message) {
    Rule meant =
        book.rules().stream().filter(one -> one.id().equals(rule)).findFirst().orElseThrow();
    tell(meant, 1, column, id, message, Optional.empty());
  }

  private void tell(
      Rule rule, long line, String column, String value, String message, Optional<String> because) {
    boolean weighs = rule.weight() == Weight.MUST;
    if (weighs) {
      must++;
    } else {
      should++;
    }
    broken.merge(rule.id(), 1L, Long::sum);
    told.accept(new Violation(rule.id(), because, weighs, line, column, value, message));
  }
}
