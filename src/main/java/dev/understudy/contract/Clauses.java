package dev.understudy.contract;

import dev.understudy.access.Glob;
import dev.understudy.money.Money;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The clauses of a version as lines of text, to be shown and compared. */
public final class Clauses {
  private Clauses() {}

  /** Each clause by its block and id. */
  public static SortedMap<String, String> of(ContractVersion version) {
    var all = new TreeMap<String, String>();
    all.put("currency", version.currency().getCurrencyCode());
    all.put("term", text(version.term()) + (version.renewal().auto() ? ", renewed" : ""));
    version.parties().forEach(one -> all.put("party." + one.id(), fields(one)));
    MoneyTerms money = version.money();
    money.shares().forEach(one -> all.put("revenue-share." + one.id(), fields(one)));
    money.profits().forEach(one -> all.put("profit-participation." + one.id(), fields(one)));
    money.commitments().forEach(one -> all.put("commitment." + one.id(), fields(one)));
    money.capacity().forEach(one -> all.put("capacity." + one.id(), fields(one)));
    money.mfn().ifPresent(one -> all.put("mfn", text(one)));
    money.sla().ifPresent(one -> all.put("sla", fields(one)));
    Rights rights = version.rights();
    rights.exclusivities().forEach(one -> all.put("exclusivity." + one.id(), fields(one)));
    rights.refusals().forEach(one -> all.put("rofr." + one.id(), fields(one)));
    rights.triggers().forEach(one -> all.put("trigger." + one.id(), fields(one)));
    rights.licenses().forEach(one -> all.put("license." + one.id(), fields(one)));
    rights.dataUse().ifPresent(one -> all.put("data-use", fields(one)));
    rights.regions().ifPresent(one -> all.put("regions", fields(one)));
    rights.denied().forEach(one -> all.put("deny." + one.trigger(), fields(one)));
    Duties duties = version.duties();
    if (!duties.notice().equals(Notice.USUAL)) {
      all.put("notice", fields(duties.notice()));
    }
    duties.changeOfControl().ifPresent(one -> all.put("change-of-control", fields(one)));
    duties
        .assignmentNeedsConsent()
        .ifPresent(one -> all.put("assignment", one ? "with consent" : "without consent"));
    duties.exit().ifPresent(one -> all.put("exit", fields(one)));
    duties.audit().ifPresent(one -> all.put("audit", fields(one)));
    duties.priceBook().ifPresent(one -> all.put("prices", one));
    duties.paths().forEach(one -> all.put("path." + one.id(), fields(one)));
    return all;
  }

  /** What differs: a line with − for what is gone, with + for what is new, both for a change. */
  public static List<String> difference(ContractVersion before, ContractVersion after) {
    SortedMap<String, String> was = of(before);
    SortedMap<String, String> is = of(after);
    var names = new TreeMap<String, String>(was);
    names.putAll(is);
    var lines = new ArrayList<String>();
    for (String name : names.keySet()) {
      String old = was.get(name);
      String now = is.get(name);
      if (old != null && !old.equals(now)) {
        lines.add("- " + name + ": " + old);
      }
      if (now != null && !now.equals(old)) {
        lines.add("+ " + name + ": " + now);
      }
    }
    return lines;
  }

  /** The fields of a record that say anything, but for its id. */
  private static String fields(Record record) {
    var parts = new ArrayList<String>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      if (component.getName().equals("id")) {
        continue;
      }
      String text = text(value(record, component));
      if (!text.isEmpty()) {
        parts.add(name(component) + " " + text);
      }
    }
    return String.join(", ", parts);
  }

  private static String name(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a clause does not show its " + component.getName(), e);
    }
  }

  private static String text(Object value) {
    return switch (value) {
      case Optional<?> some -> some.map(Clauses::text).orElse("");
      case Party party -> party.id();
      case Glob glob -> glob.text();
      case Span span -> span.equals(Span.ALWAYS) ? "" : span.toString().replace("T00:00:00Z", "");
      case Money money -> money.toString();
      case Currency currency -> currency.getCurrencyCode();
      case BigDecimal number -> number.toPlainString();
      case Boolean flag -> flag ? "yes" : "";
      case Integer number -> number == 0 ? "" : number.toString();
      case Enum<?> word -> word.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case Map<?, ?> map -> map.isEmpty() ? "" : new TreeMap<>(map).toString();
      case Collection<?> many -> many(many);
      case Record record -> {
        String fields = fields(record);
        yield fields.isEmpty() ? "" : "{" + fields + "}";
      }
      default -> value.toString();
    };
  }

  private static String many(Collection<?> many) {
    if (many.isEmpty()) {
      return "";
    }
    List<String> texts = many.stream().map(Clauses::text).toList();
    return "["
        + String.join(", ", many instanceof List ? texts : texts.stream().sorted().toList())
        + "]";
  }
}
