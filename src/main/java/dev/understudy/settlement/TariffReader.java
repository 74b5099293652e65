package dev.understudy.settlement;

import dev.understudy.money.Currencies;
import dev.understudy.settlement.Tariff.Basis;
import dev.understudy.settlement.Tariff.By;
import dev.understudy.settlement.Tariff.Issuer;
import dev.understudy.settlement.TariffFile.CustomerBlock;
import dev.understudy.text.Entries;
import dev.understudy.text.Nearness;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads tariffs from a file, or says with line and column all that is wrong. */
public final class TariffReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final List<String> WAYS = List.of("model", "team", "key");

  private final Problems problems;

  private TariffReader(Problems problems) {
    this.problems = problems;
  }

  /** What a file holds. */
  public record Tariffs(Issuer issuer, List<Tariff> all) {
    public Tariffs {
      all = List.copyOf(all);
    }
  }

  /** The tariffs; empty if there are problems. */
  public static Optional<Tariffs> read(String file, byte[] bytes, Problems problems) {
    return YamlReader.read(TariffFile.class, file, bytes, Map.of(), problems)
        .map(new TariffReader(problems)::tariffs)
        .filter(_ -> problems.isEmpty());
  }

  private Tariffs tariffs(TariffFile file) {
    var all = new ArrayList<Tariff>();
    for (Entries.Entry<CustomerBlock> one : file.customers().all()) {
      tariff(one.name(), one.value()).ifPresent(all::add);
    }
    String series = file.series().map(Text::value).orElse("");
    file.series()
        .filter(text -> !text.value().matches("[A-Za-z0-9-]{1,12}"))
        .ifPresent(
            text -> problems.add(text.place(), "a series is up to 12 letters, digits and dashes"));
    return new Tariffs(
        new Issuer(
            file.issuer().name().value(),
            texts(file.issuer().address()),
            file.issuer().taxId().map(Text::value).orElse(""),
            series),
        all);
  }

  private Optional<Tariff> tariff(Text customer, CustomerBlock block) {
    int before = problems.total();
    if (!NAME.matcher(customer.value()).matches()) {
      problems.add(customer.place(), "a customer is up to 64 letters, digits, dots and dashes");
    }
    Currency currency = Currencies.USD;
    try {
      currency = Currencies.ofMoney(block.currency().value());
    } catch (IllegalArgumentException e) {
      problems.add(block.currency().place(), String.valueOf(e.getMessage()));
    }
    block
        .tax()
        .filter(tax -> tax.value().signum() < 0 || tax.value().compareTo(BigDecimal.ONE) > 0)
        .ifPresent(tax ->
            problems.add(tax.place(), "a tax is from 0 to 1, such as 0.19, not " + tax.value()));
    if (block.costPlus().isPresent() == !block.books().isEmpty()) {
      problems.add(customer.place(), "either cost-plus or books say what it pays, and one must");
    }
    block
        .costPlus()
        .filter(plus -> plus.times().value().signum() < 0)
        .ifPresent(plus -> problems.add(plus.times().place(), "a factor is not below zero"));
    By by = By.MODEL;
    if (block.lines().isPresent()) {
      Text said = block.lines().get();
      int at = WAYS.indexOf(said.value());
      if (at < 0) {
        problems.add(
            said.place(),
            "unknown way %s%s; known: %s"
                .formatted(
                    Nearness.quoted(said.value()),
                    Nearness.hint(said.value(), WAYS),
                    String.join(", ", WAYS)));
      } else {
        by = By.valueOf(said.value().toUpperCase(Locale.ROOT));
      }
    }
    if (problems.total() > before) {
      return Optional.empty();
    }
    Basis basis =
        block
            .costPlus()
            .<Basis>map(plus ->
                new Basis.CostPlus(
                    plus.times().value(), plus.plus().map(p -> p.value()).orElse(BigDecimal.ZERO)))
            .orElseGet(() -> new Basis.Books(texts(block.books())));
    return Optional.of(
        new Tariff(
            customer.value(),
            block.name().value(),
            texts(block.address()),
            block.organisation().map(Text::value).orElse(customer.value()),
            Set.copyOf(texts(block.teams())),
            Set.copyOf(texts(block.keys())),
            currency,
            block.tax().map(t -> t.value()),
            by,
            basis,
            block.channel().map(Text::value).orElse("api"),
            block.product().map(Text::value).orElse("")));
  }

  private static List<String> texts(List<Text> said) {
    return said.stream().map(Text::value).distinct().toList();
  }
}
