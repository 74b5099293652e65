package dev.understudy.settlement.focus;

import java.util.List;

/**
 * One requirement of the specification, as data.
 *
 * @param id as the specification's model names it, such as {@code ListCost-C-009-C}; for what has
 *     no model, a name of our own
 * @param isStatic whether the model says that the dataset alone shows it
 * @param column of which it speaks; empty for the dataset, {@code *} for every column
 * @param criteria what must be supported for it to be asked, in our words
 * @param when for which rows it holds
 * @param check what is looked at, a word of {@link Tests} with its parameters, or who knows
 * @param corrected whether it follows the specification's text where its model says something else
 */
record Rule(
    String id,
    Weight weight,
    boolean isStatic,
    String column,
    List<String> criteria,
    Condition when,
    String check,
    boolean corrected) {

  /** How much a requirement weighs. */
  enum Weight {
    /** Whoever breaks it does not conform. */
    MUST,
    /** It is advised. */
    SHOULD,
    /** It is allowed: nothing breaks it. */
    MAY
  }

  /** How a requirement is met, or who could say whether it is. */
  enum Way {
    /** Looked at in every file. */
    CHECKED,
    /** By the rules it is made of. */
    PARTS,
    /** Allows something. */
    ALLOWANCE,
    /** Looked at where commitments, or invoices, are there to compare with. */
    COMPARED,
    /** True of our own exports by how they are made. */
    MADE,
    /** Nobody can tell from what is exported. */
    OUTSIDE
  }

  Rule {
    criteria = List.copyOf(criteria);
  }

  /** The first word of the check. */
  String word() {
    int space = check.indexOf(' ');
    return space < 0 ? check : check.substring(0, space);
  }

  /** What follows the first word. */
  String rest() {
    int space = check.indexOf(' ');
    return space < 0 ? "" : check.substring(space + 1);
  }

  Way way() {
    return switch (word()) {
      case "parts" -> Way.PARTS;
      case "may" -> Way.ALLOWANCE;
      case "ledger", "history" -> Way.MADE;
      case "invoice", "commitment" -> Way.COMPARED;
      case "outside" -> Way.OUTSIDE;
      default -> Way.CHECKED;
    };
  }
}
