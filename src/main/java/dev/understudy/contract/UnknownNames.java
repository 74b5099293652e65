package dev.understudy.contract;

import dev.understudy.access.Glob;
import dev.understudy.contract.Mentions.Mention;
import dev.understudy.pricing.PriceBook;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Finds patterns of contracts that nothing known fits, so that their clauses would never bite. */
public final class UnknownNames {
  private static final int NEAR_MAX = 3;

  private final Known known;
  private final List<Glob> models;
  private final List<Glob> vendors;

  /**
   * What there is.
   *
   * @param models names of models, with {@code *} for any run of letters
   * @param vendors names of vendors and of their kinds
   * @param ofSettings whether the settings were read: without them, vendors and deployments that
   *     only they name are not known
   */
  public record Known(Set<String> models, Set<String> vendors, boolean ofSettings) {
    public Known {
      models = Set.copyOf(models);
      vendors = Set.copyOf(vendors);
    }
  }

  private UnknownNames(Known known) {
    this.known = known;
    // As a scope is matched: vendors of many developers' models write the developer before a slash.
    this.models = globs(known.models().stream().flatMap(UnknownNames::forms).distinct());
    this.vendors = globs(known.vendors().stream());
  }

  private static List<Glob> globs(Stream<String> names) {
    var globs = new ArrayList<Glob>();
    names
        .filter(UnknownNames::isTelling)
        .forEach(name -> {
          try {
            globs.add(new Glob(name));
          } catch (IllegalArgumentException _) {
            // A vendor's name for a model may have letters that no pattern of a contract can have.
          }
        });
    return globs;
  }

  /**
   * Looks at every version.
   *
   * @param now versions that are over by then are only warned of: they decide no call any more
   * @param errors models that neither anything known nor the version itself names
   * @param warnings vendors and deployments, whose names an operator may give later
   */
  public static void of(
      ContractBook book, Known known, Instant now, Problems errors, Problems warnings) {
    var names = new UnknownNames(known);
    for (Contract contract : book.contracts()) {
      for (ContractVersion version : contract.versions()) {
        boolean over = contract.inForce(version).isOver(now);
        names.look(version.mentions(), over ? warnings : errors, warnings);
      }
    }
  }

  private void look(Mentions said, Problems errors, Problems warnings) {
    for (Mention one : said.models()) {
      if (!isModel(one.glob(), said.declared())) {
        errors.add(
            one.place(),
            "unknown model %s%s; one that is to come, or your own, is named under models"
                .formatted(
                    Nearness.quoted(one.glob().text()),
                    hint(near(one.glob(), all(known.models(), said.declared())))));
      }
    }
    for (Mention one : said.deployments()) {
      if (!isModel(one.glob(), said.declared())) {
        warn("model or deployment", one, all(known.models(), said.declared()), warnings);
      }
    }
    for (Mention one : said.vendors()) {
      if (!meets(one.glob(), vendors)) {
        warn("vendor", one, known.vendors().stream(), warnings);
      }
    }
  }

  private void warn(String what, Mention one, Stream<String> names, Problems warnings) {
    List<String> near = near(one.glob(), names);
    if (known.ofSettings() || !near.isEmpty()) {
      warnings.add(
          one.place(),
          "no %s is known as %s%s".formatted(what, Nearness.quoted(one.glob().text()), hint(near)));
    }
  }

  private static Stream<String> all(Collection<String> names, List<Glob> declared) {
    return Stream.concat(declared.stream().map(Glob::text), names.stream());
  }

  private boolean isModel(Glob said, List<Glob> declared) {
    if (!isTelling(said.text()) || meets(said, declared)) {
      return true;
    }
    return forms(said.text())
        .flatMap(name -> Stream.concat(Stream.of(name), PriceBook.undated(name).stream()))
        .anyMatch(name -> isTelling(name) && meets(new Glob(name), models));
  }

  /** What fits everything tells nothing. */
  private static boolean isTelling(String name) {
    return !name.replace("*", "").isEmpty();
  }

  /** A name, and what stands behind its last slash. */
  private static Stream<String> forms(String name) {
    return Stream.of(name, name.substring(name.lastIndexOf('/') + 1)).distinct();
  }

  private static boolean meets(Glob said, List<Glob> some) {
    return Scope.meet(List.of(said), some) && !some.isEmpty();
  }

  /** Of a pattern, those whose beginning is near to what stands before its first star. */
  private static List<String> near(Glob said, Stream<String> names) {
    int star = said.text().indexOf('*');
    if (star < 0) {
      return Nearness.near(said.text(), names.distinct().sorted(), NEAR_MAX);
    }
    String stem = said.text().substring(0, star);
    return Nearness.near(
            stem,
            names
                .filter(name -> name.length() >= star)
                .map(name -> name.substring(0, star))
                .distinct()
                .sorted(),
            NEAR_MAX)
        .stream()
        .map(near -> near + said.text().substring(star))
        .toList();
  }

  private static String hint(List<String> near) {
    return near.isEmpty() ? "" : "; near: " + String.join(", ", near);
  }
}
