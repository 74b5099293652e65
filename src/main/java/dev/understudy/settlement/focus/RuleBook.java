package dev.understudy.settlement.focus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** All requirements for one dataset of one version of the specification. */
public final class RuleBook {
  private static final int FIELDS = 8;

  private final Dataset dataset;
  private final List<Rule> rules;
  private final Set<String> columns;

  /** A dataset of the specification, in one of its versions. */
  public enum Dataset {
    COST_AND_USAGE_1_2("1.2", "cost-and-usage", "rules-1.2.tsv"),
    COST_AND_USAGE_1_4("1.4", "cost-and-usage", "rules-1.4-cost-and-usage.tsv"),
    CONTRACT_COMMITMENT_1_4("1.4", "contract-commitment", "rules-1.4-contract-commitment.tsv"),
    INVOICE_DETAIL_1_4("1.4", "invoice-detail", "rules-1.4-invoice-detail.tsv"),
    BILLING_PERIOD_1_4("1.4", "billing-period", "rules-1.4-billing-period.tsv");

    private final String version;
    private final String word;
    private final String resource;

    Dataset(String version, String word, String resource) {
      this.version = version;
      this.word = word;
      this.resource = resource;
    }

    public String version() {
      return version;
    }

    /** Its name on command lines. */
    public String word() {
      return word;
    }

    /**
     * The dataset of that version and name.
     *
     * @throws IllegalArgumentException if there is none, with all there are
     */
    public static Dataset of(String version, String word) {
      var known = new TreeSet<String>();
      for (Dataset one : values()) {
        if (one.version.equals(version) && one.word.equals(word)) {
          return one;
        }
        known.add(one.version + " " + one.word);
      }
      throw new IllegalArgumentException(
          "unknown dataset %s %s; known: %s".formatted(version, word, String.join(", ", known)));
    }
  }

  private RuleBook(Dataset dataset, List<Rule> rules) {
    this.dataset = dataset;
    this.rules = List.copyOf(rules);
    var names = new LinkedHashSet<String>();
    for (Rule rule : rules) {
      if (rule.word().equals("present")) {
        names.add(rule.column());
      }
      // Columns whose presence is merely allowed are columns all the same.
      if (rule.word().equals("string") || rule.word().equals("decimal")) {
        names.add(rule.column());
      }
    }
    columns = Set.copyOf(names);
  }

  public static RuleBook of(Dataset dataset) {
    return new RuleBook(dataset, read(dataset.resource));
  }

  private static List<Rule> read(String resource) {
    var in = RuleBook.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("the program was packed without " + resource);
    }
    var rules = new ArrayList<Rule>();
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          rules.add(rule(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rules;
  }

  private static Rule rule(String line) {
    String[] fields = Arrays.copyOf(line.split("\t", -1), FIELDS);
    for (int i = 0; i < FIELDS; i++) {
      fields[i] = fields[i] == null ? "" : fields[i];
    }
    return new Rule(
        fields[0],
        Rule.Weight.valueOf(fields[1].toUpperCase(Locale.ROOT)),
        fields[2].equals("static"),
        fields[3],
        fields[4].isEmpty() ? List.of() : List.of(fields[4].split(",")),
        Condition.parse(fields[5]),
        fields[6],
        fields[7].equals("*"));
  }

  public Dataset dataset() {
    return dataset;
  }

  List<Rule> rules() {
    return rules;
  }

  /** The columns the specification has for this dataset. */
  public Set<String> columns() {
    return columns;
  }

  /** Everything somebody may or may not support, on which rules depend. */
  public Set<String> criteria() {
    var all = new TreeSet<String>();
    rules.forEach(rule -> all.addAll(rule.criteria()));
    return all;
  }
}
