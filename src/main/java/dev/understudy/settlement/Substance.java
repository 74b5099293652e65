package dev.understudy.settlement;

import dev.understudy.json.Json;
import dev.understudy.settlement.Line.Item;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a kept statement says beside its wording: who owes whom how much for which time, the amounts
 * and quantities this was made of, and what is booked. Texts, events, notes and the order of lines
 * are wording, and so are rates, whose amounts are beside them.
 */
final class Substance {
  private final int form;
  private final Map<String, String> postings = new TreeMap<>();
  private final Map<String, Part> parts = new TreeMap<>();

  /** What one clause says for one piece of time. */
  private static final class Part {
    private final List<String> due = new ArrayList<>();
    private final List<String> adding = new ArrayList<>();
    private final Map<String, List<String>> told = new TreeMap<>();

    void add(JsonNode line) {
      String item = line.path("item").asString();
      String quantity = line.has("quantity") ? number(line, "quantity") : "";
      String amount = number(line, "amount");
      // Who bears a part is a party, though it stands where other lines have words.
      String who = item.equals(Item.BORNE.word()) ? line.path("text").asString() : "";
      String said = String.join("\t", item, amount, quantity, who);
      if (line.path("adds").asBoolean()) {
        adding.add(said);
      } else if (!amount.equals("0") || !(quantity.isEmpty() || quantity.equals("0"))) {
        told.computeIfAbsent(item, _ -> new ArrayList<>()).add(said);
      }
    }

    Part sorted() {
      due.sort(Comparator.naturalOrder());
      adding.sort(Comparator.naturalOrder());
      told.values().forEach(all -> all.sort(Comparator.naturalOrder()));
      return this;
    }
  }

  private Substance(ObjectNode body) {
    form = body.path("form").asInt(1);
    body.path("postings")
        .properties()
        .forEach(one -> postings.put(one.getKey(), one.getValue().asString()));
    for (JsonNode section : body.path("sections")) {
      Part part = parts.computeIfAbsent(place(section), _ -> new Part());
      part.due.add(number(section, "due"));
      section.path("lines").forEach(part::add);
    }
    parts.values().forEach(Part::sorted);
  }

  /**
   * Whether two bodies of the same statement say the same. Where they were written in different
   * forms ({@link StatementJson#FORM}), lines that only tell something are compared as far as both
   * forms have them.
   */
  static boolean same(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    var a = new Substance(Json.parseObject(one));
    var b = new Substance(Json.parseObject(other));
    if (!a.postings.equals(b.postings) || !a.parts.keySet().equals(b.parts.keySet())) {
      return false;
    }
    for (Map.Entry<String, Part> part : a.parts.entrySet()) {
      Part mine = part.getValue();
      Part theirs = b.parts.getOrDefault(part.getKey(), new Part());
      boolean told =
          a.form == b.form ? mine.told.equals(theirs.told) : agree(mine.told, theirs.told);
      if (!told || !mine.due.equals(theirs.due) || !mine.adding.equals(theirs.adding)) {
        return false;
      }
    }
    return true;
  }

  private static boolean agree(Map<String, List<String>> one, Map<String, List<String>> other) {
    Set<String> both = new TreeSet<>(one.keySet());
    both.retainAll(other.keySet());
    return both.stream()
        .allMatch(item -> {
          List<String> mine = one.getOrDefault(item, List.of());
          List<String> theirs = other.getOrDefault(item, List.of());
          return mine.size() < theirs.size() ? within(mine, theirs) : within(theirs, mine);
        });
  }

  private static boolean within(List<String> few, List<String> many) {
    var rest = new ArrayList<>(many);
    return few.stream().allMatch(rest::remove);
  }

  private static String place(JsonNode section) {
    return String.join(
        "\t",
        section.path("kind").asString(),
        section.path("clause").asString(),
        section.path("version").asString(),
        section.path("payer").asString(),
        section.path("payee").asString(),
        section.path("from").asString(),
        section.path("until").asString());
  }

  private static String number(JsonNode node, String name) {
    var number = new BigDecimal(node.path(name).asString());
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
