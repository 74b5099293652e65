package dev.understudy.contract;

import dev.understudy.access.Glob;
import dev.understudy.contract.ContractFile.ScopeBlock;
import dev.understudy.contract.ContractFile.WindowBlock;
import dev.understudy.contract.Mentions.Mention;
import dev.understudy.contract.Origin.Witness;
import dev.understudy.text.Days;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads the single values of a contract's file, and knows the names that stand in it. */
final class Said {
  static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  private final Problems problems;
  private final Map<String, Party> parties = new LinkedHashMap<>();
  private final Map<String, Place> clauses = new LinkedHashMap<>();
  private final List<Mention> models = new ArrayList<>();
  private final List<Mention> deployments = new ArrayList<>();
  private final List<Mention> vendors = new ArrayList<>();

  Said(Problems problems) {
    this.problems = problems;
  }

  void add(Place place, String message) {
    problems.add(place, message);
  }

  void know(Party party, Place place) {
    if (parties.putIfAbsent(party.id(), party) != null) {
      add(place, "party " + Nearness.quoted(party.id()) + " is there twice");
    }
  }

  Map<String, Party> parties() {
    return parties;
  }

  /** Every clause so far, by its id. */
  Map<String, Place> clauses() {
    return clauses;
  }

  /** The party of that name; one that serves nothing if there is none, which is reported. */
  Party party(Text said) {
    Party party = parties.get(said.value());
    if (party == null) {
      add(
          said.place(),
          "unknown party "
              + Nearness.quoted(said.value())
              + Nearness.hint(said.value(), parties.keySet()));
      return new Party(
          said.value(), Party.Role.CUSTOMER, List.of(), Optional.empty(), Optional.empty());
    }
    return party;
  }

  /** The id of a clause. */
  String clause(Text said) {
    if (!NAME.matcher(said.value()).matches()) {
      add(
          said.place(),
          "an id is up to 64 small letters, digits, dots, dashes and underscores, not "
              + Nearness.quoted(said.value()));
    }
    Place before = clauses.putIfAbsent(said.value(), said.place());
    if (before != null) {
      add(
          said.place(),
          "%s is the id of another clause too, in line %d"
              .formatted(Nearness.quoted(said.value()), before.line()));
    }
    return said.value();
  }

  /** The word of an enumeration: small letters, with dashes. */
  <E extends Enum<E>> E word(Text said, String field, Class<E> words, E otherwise) {
    var known = new ArrayList<String>();
    for (E word : words.getEnumConstants()) {
      String name = word.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (name.equals(said.value().replace('_', '-'))) {
        return word;
      }
      known.add(name);
    }
    add(
        said.place(),
        "unknown %s %s%s; known: %s"
            .formatted(
                field,
                Nearness.quoted(said.value()),
                Nearness.hint(said.value(), known),
                String.join(", ", known)));
    return otherwise;
  }

  <E extends Enum<E>> E word(Optional<Text> said, String field, Class<E> words, E otherwise) {
    return said.map(text -> word(text, field, words, otherwise)).orElse(otherwise);
  }

  Witness witness(Optional<Text> said, Witness otherwise) {
    return word(said, "witness", Witness.class, otherwise);
  }

  Optional<Instant> instant(Text said) {
    try {
      return Optional.of(
          said.value().contains("T")
              ? Days.moment(said.value())
              : Days.day(said.value()).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException e) {
      add(said.place(), "must be a day or an instant, such as 2026-08-31 or 2026-08-31T16:00:00Z");
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      add(said.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  Optional<LocalDate> day(Text said) {
    try {
      return Optional.of(Days.day(said.value()));
    } catch (DateTimeParseException e) {
      add(said.place(), "must be a day, such as 2026-08-31");
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      add(said.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A piece of time, the term's where it does not say. */
  Span window(WindowBlock said, Span term) {
    Instant from = said.from().flatMap(this::instant).orElse(term.from());
    Optional<Instant> to = said.to().flatMap(this::instant).or(term::to);
    if (to.isPresent() && !from.isBefore(to.get())) {
      add(
          said.to().or(said::from).orElseThrow().place(),
          "it ends at %s, before it begins at %s".formatted(to.get(), from));
      return new Span(from, Optional.empty());
    }
    return new Span(from, to);
  }

  Optional<Glob> glob(Text said) {
    try {
      return Optional.of(new Glob(said.value()));
    } catch (IllegalArgumentException e) {
      add(said.place(), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  List<Glob> globs(List<Text> said) {
    return said.stream().map(this::glob).flatMap(Optional::stream).toList();
  }

  List<Glob> models(List<Text> said) {
    return mentioned(said, models);
  }

  /** Models, or deployments by the name their operator gave them. */
  List<Glob> deployments(List<Text> said) {
    return mentioned(said, deployments);
  }

  List<Glob> vendors(List<Text> said) {
    return mentioned(said, vendors);
  }

  private List<Glob> mentioned(List<Text> said, List<Mention> all) {
    var globs = new ArrayList<Glob>();
    for (Text text : said) {
      glob(text)
          .ifPresent(glob -> {
            globs.add(glob);
            all.add(new Mention(glob, text.place()));
          });
    }
    return globs;
  }

  /** All names so far of what stands outside of the file, beside those it declares itself. */
  Mentions mentions(Entries<Text> declared) {
    return new Mentions(
        models,
        deployments,
        vendors,
        globs(declared.all().stream().map(Entries.Entry::name).toList()));
  }

  static List<String> texts(List<Text> said) {
    return said.stream().map(Text::value).toList();
  }

  static String text(Optional<Text> said) {
    return said.map(Text::value).orElse("");
  }

  Scope scope(ScopeBlock said) {
    return new Scope(
        globs(said.products()),
        globs(said.channels()),
        models(said.models()),
        vendors(said.vendors()),
        texts(said.regions()),
        globs(said.segments()),
        globs(said.customers()),
        globs(said.uses()));
  }

  /** What a record makes of figures; what it refuses is reported at a place. */
  <T> Optional<T> made(Place place, Supplier<T> maker) {
    try {
      return Optional.of(maker.get());
    } catch (IllegalArgumentException e) {
      add(place, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
