package dev.understudy.settlement.focus;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells how each requirement of the specification is met, for pages and people. */
public final class RuleTable {
  private RuleTable() {}

  /** How many there are of each kind and way, as rows of a page. */
  public static List<String> summary(RuleBook book) {
    var lines = new ArrayList<String>();
    lines.add("| how it is met | static | dynamic |");
    lines.add("| --- | --- | --- |");
    Map<Rule.Way, int[]> counts = new EnumMap<>(Rule.Way.class);
    for (Rule rule : book.rules()) {
      counts.computeIfAbsent(rule.way(), _ -> new int[2])[rule.isStatic() ? 0 : 1]++;
    }
    for (Map.Entry<Rule.Way, int[]> one : counts.entrySet()) {
      lines.add(
          "| %s | %d | %d |".formatted(words(one.getKey()), one.getValue()[0], one.getValue()[1]));
    }
    return lines;
  }

  /** Each dynamic requirement that no file shows, with who knows. */
  public static List<String> beyond(RuleBook book) {
    var lines = new ArrayList<String>();
    lines.add("| requirement | column | met | by, or unknown for want of |");
    lines.add("| --- | --- | --- | --- |");
    for (Rule rule : book.rules()) {
      switch (rule.way()) {
        case COMPARED, MADE, OUTSIDE ->
            lines.add(
                "| `%s` | %s | %s | %s |"
                    .formatted(rule.id(), rule.column(), shortly(rule.way()), rule.rest()));
        case CHECKED, PARTS, ALLOWANCE -> {}
      }
    }
    return lines;
  }

  /** Each requirement, one to a line, separated by tabs. */
  public static List<String> all(RuleBook book) {
    var lines = new ArrayList<String>();
    for (Rule rule : book.rules()) {
      lines.add(
          String.join(
              "\t",
              rule.id(),
              rule.weight().name().toLowerCase(Locale.ROOT),
              rule.isStatic() ? "static" : "dynamic",
              shortly(rule.way()),
              rule.column(),
              rule.check()));
    }
    return lines;
  }

  private static String shortly(Rule.Way way) {
    return switch (way) {
      case CHECKED -> "checked";
      case PARTS -> "by its parts";
      case ALLOWANCE -> "allows";
      case COMPARED -> "compared";
      case MADE -> "by how it is made";
      case OUTSIDE -> "not checkable";
    };
  }

  private static String words(Rule.Way way) {
    return switch (way) {
      case CHECKED -> "looked at in every file";
      case PARTS -> "by the requirements it is made of";
      case ALLOWANCE -> "allows something: nothing breaks it";
      case COMPARED ->
          "compared with commitments in the file, or with invoices that were registered";
      case MADE -> "true of our own exports by how they are made";
      case OUTSIDE -> "not checkable from what is exported";
    };
  }
}
