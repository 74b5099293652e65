package dev.understudy.contract;

import dev.understudy.contract.ContractFile.HeadBlock;
import dev.understudy.contract.ContractVersion.Document;
import dev.understudy.contract.ContractVersion.Renewal;
import dev.understudy.money.Currencies;
import dev.understudy.money.Rounding;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes one version of a contract of a file, or says with line and column all that is wrong. */
public final class ContractReader {
  private final Said said;

  private ContractReader(Problems problems) {
    this.said = new Said(problems);
  }

  /** The records that a file is read into, for a schema. */
  public static Class<? extends Record> shape() {
    return ContractFile.class;
  }

  /**
   * Reads a version.
   *
   * @param file the name under which places are reported
   * @return empty if there are problems
   */
  public static Optional<ContractVersion> read(String file, byte[] bytes, Problems problems) {
    var own = new Problems();
    Optional<ContractFile> shape = YamlReader.read(ContractFile.class, file, bytes, Map.of(), own);
    Optional<ContractVersion> version =
        shape.flatMap(contract -> new ContractReader(own).version(contract));
    version.filter(_ -> own.isEmpty()).ifPresent(made -> ContractChecks.of(made, own));
    own.each(problem -> problems.add(problem.place(), problem.message()));
    return own.isEmpty() ? version : Optional.empty();
  }

  private Optional<ContractVersion> version(ContractFile file) {
    HeadBlock head = file.contract();
    if (!Said.NAME.matcher(head.id().value()).matches()) {
      said.add(
          head.id().place(),
          "a contract's id is up to 64 small letters, digits, dots, dashes and underscores");
    }
    if (head.supersedes().isPresent() && head.supersedes().get() >= head.version()) {
      said.add(
          head.id().place(),
          "version %d cannot supersede version %d"
              .formatted(head.version(), head.supersedes().get()));
    }
    for (var party : head.parties()) {
      said.know(
          new Party(
              party.id().value(),
              said.word(party.role(), "role", Party.Role.class, Party.Role.VENDOR),
              said.vendors(party.vendors()),
              party.lei().map(Text::value),
              party.country().map(Text::value)),
          party.id().place());
    }
    if (head.parties().size() < 2) {
      said.add(head.id().place(), "a contract has two parties at the least");
    }
    Optional<Instant> from = said.instant(head.term().from());
    Optional<Currency> currency =
        said.made(head.currency().place(), () -> Currencies.ofMoney(head.currency().value()));
    if (from.isEmpty() || currency.isEmpty()) {
      return Optional.empty();
    }
    Span term =
        said.window(
            new ContractFile.WindowBlock(Optional.of(head.term().from()), head.term().to()),
            Span.ALWAYS);
    var renewal =
        new Renewal(
            head.term().renewal().map(text -> isAuto(text)).orElse(false),
            head.term().renewalNoticeDays().orElse(0));
    // What says no end of its own goes on with a contract that renews itself.
    Span lasting = renewal.auto() ? new Span(term.from(), Optional.empty()) : term;
    MoneyTerms money = new MoneyReader(said, term, lasting, currency.get()).read(file);
    Rights rights = new RightsReader(said, lasting).read(file);
    Duties duties = new DutiesReader(said, term).read(file);
    new References(said).check(file);
    var source = new SourceReader(said);
    Document document = source.document(head);
    return Optional.of(
        new ContractVersion(
            head.id().value(),
            head.version(),
            head.supersedes(),
            List.copyOf(said.parties().values()),
            term,
            renewal,
            currency.get(),
            rounding(head, currency.get()),
            document,
            source.origins(head, document),
            said.mentions(file.models()),
            money,
            rights,
            duties,
            Optional.empty()));
  }

  private boolean isAuto(Text renewal) {
    enum Way {
      AUTO,
      NONE
    }
    return said.word(renewal, "renewal", Way.class, Way.NONE) == Way.AUTO;
  }

  private Rounding rounding(HeadBlock head, Currency currency) {
    // Java's, but for UNNECESSARY, which refuses to round.
    enum Way {
      UP,
      DOWN,
      CEILING,
      FLOOR,
      HALF_UP,
      HALF_DOWN,
      HALF_EVEN
    }
    Way way =
        said.word(
            head.rounding().mode().map(text -> lower(text)),
            "way of rounding",
            Way.class,
            Way.HALF_EVEN);
    return new Rounding(
        RoundingMode.valueOf(way.name()),
        head.rounding().scale().orElse(Currencies.decimals(currency)));
  }

  /** Java's names for ways of rounding are in capitals. */
  private static Text lower(Text text) {
    return new Text(
        text.place(), text.written(), text.value().toLowerCase(Locale.ROOT), text.variables());
  }
}
