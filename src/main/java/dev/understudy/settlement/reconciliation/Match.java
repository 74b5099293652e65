package dev.understudy.settlement.reconciliation;

import dev.understudy.exchange.Facts;
import dev.understudy.money.Money;
import dev.understudy.money.Rounding;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Holds our records against a vendor's bill, day by day and line by line.
 *
 * <p>A difference is explained only by evidence: quantities that agree or differ, another day that
 * differs the other way, a class of service that is named, a price that a book has. What has none
 * is unexplained. The findings of a day sum to its difference.
 */
public final class Match {
  /** A binary fraction of 64 bits is right to 15 digits; sums of many lines lose some of them. */
  private static final BigDecimal NOISE = new BigDecimal("0.000000001");

  private static final int NOISE_DECIMALS = 10;
  private static final int CENTS = 2;
  private static final BigDecimal NEAR = new BigDecimal("0.02");
  private static final BigDecimal SAME = new BigDecimal("0.005");
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final Rounding RATE = new Rounding(RoundingMode.HALF_EVEN, 15);

  /** A date behind a model's name, or nothing: {@code gpt-5} and {@code gpt-5-1} are two models. */
  private static final Pattern DATED =
      Pattern.compile(
          "(?:[-@](?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4,8}|latest))?(?:-v[0-9]+(?::[0-9]+)?)?");

  private final VendorBill bill;
  private final OwnSide own;
  private final Rates rates;
  private final Currency currency;
  private final boolean cents;
  private final boolean hundredths;

  private Match(
      VendorBill bill, OwnSide own, Rates rates, Currency currency, LocalDate from, LocalDate to) {
    this.bill = bill;
    this.own = own;
    this.rates = rates;
    this.currency = currency;
    BigDecimal ours = BigDecimal.ZERO;
    BigDecimal billed = BigDecimal.ZERO;
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      if (bill.days().containsKey(day)) {
        ours = ours.add(ours(day));
        billed = billed.add(billed(day));
      }
    }
    cents = near(billed, ours.multiply(HUNDRED), NEAR);
    hundredths = near(billed.multiply(HUNDRED), ours, NEAR);
  }

  /**
   * Holds them against each other.
   *
   * @param vendor its name in the settings
   * @param to the last day
   * @param currency of the bill, where it has no lines
   * @throws IllegalArgumentException if bill and records are in different currencies
   */
  public static List<Day> of(
      Facts facts,
      String vendor,
      LocalDate from,
      LocalDate to,
      VendorBill bill,
      Rates rates,
      Currency currency)
      throws IOException {
    // With a day before and after, for what crosses midnight.
    OwnSide own = OwnSide.read(facts, vendor, from.minusDays(1), to.plusDays(1));
    Set<Currency> currencies = new HashSet<>(own.currencies());
    bill.days()
        .values()
        .forEach(lines -> lines.forEach(l -> currencies.add(l.amount().currency())));
    if (currencies.size() > 1) {
      throw new IllegalArgumentException(
          "bill and records are in several currencies, %s; give a price book in the bill's"
              .formatted(currencies));
    }
    Currency one = currencies.isEmpty() ? currency : currencies.iterator().next();
    var match = new Match(bill, own, rates, one, from, to);
    var days = new ArrayList<Day>();
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      days.add(match.day(day));
    }
    return days;
  }

  private BigDecimal ours(LocalDate day) {
    BigDecimal sum = BigDecimal.ZERO;
    for (OwnCell cell : own.day(day).values()) {
      sum = sum.add(cell.amount());
    }
    return sum;
  }

  private List<BillLine> lines(LocalDate day) {
    return bill.days().getOrDefault(day, List.of());
  }

  private BigDecimal billed(LocalDate day) {
    BigDecimal sum = BigDecimal.ZERO;
    for (BillLine line : lines(day)) {
      sum = sum.add(line.amount().amount());
    }
    return sum;
  }

  /** The lines of one model and meter, put together. */
  private record Billed(
      String name,
      String model,
      Meter meter,
      String tier,
      BigDecimal amount,
      int decimals,
      int lines,
      Optional<BigDecimal> quantity) {}

  private Day day(LocalDate day) {
    var findings = new ArrayList<Finding>();
    BigDecimal ours = ours(day);
    BigDecimal billed = billed(day);
    for (VendorBill.Notice notice : bill.notices()) {
      if (notice.day().equals(day)) {
        findings.add(new Finding(notice.kind(), "", Money.zero(currency), notice.text()));
      }
    }
    if (!bill.days().containsKey(day)) {
      if (ours.signum() != 0) {
        findings.add(
            finding(Finding.Kind.MISSING_DAY, "", ours.negate(), "the bill has no such day"));
      }
    } else {
      lines(day, findings);
    }
    Optional<Money> reported = own.reported(day).map(amount -> Money.of(amount, currency));
    BigDecimal reckoned = billed.multiply(scale());
    if (reported.isPresent()
        && ours.compareTo(reckoned) != 0
        && near(reported.get().amount(), reckoned, SAME)) {
      findings.add(
          new Finding(
              Finding.Kind.REPORTED,
              "",
              Money.zero(currency),
              "the replies' own cost, %s, agrees with the bill".formatted(reported.get())));
    }
    return new Day(day, Money.of(ours, currency), reported, Money.of(billed, currency), findings);
  }

  /** What a figure of the bill is worth, where it is written a hundred times too large or small. */
  private BigDecimal scale() {
    return cents ? new BigDecimal("0.01") : hundredths ? HUNDRED : BigDecimal.ONE;
  }

  private void lines(LocalDate day, List<Finding> findings) {
    if (cents || hundredths) {
      BigDecimal said = billed(day);
      BigDecimal beyond = said.subtract(said.multiply(scale()));
      if (beyond.signum() != 0) {
        findings.add(
            finding(
                Finding.Kind.CENTS,
                "",
                beyond,
                cents
                    ? "all of the bill is a hundred times our records: it is in cents"
                    : "all of the bill is a hundredth of our records: it was divided twice"));
      }
    }
    var unmatched = new ArrayList<Billed>();
    SortedMap<OwnSide.Key, OwnCell> cells = new TreeMap<>(own.day(day));
    Map<OwnSide.Key, List<Billed>> matched = new TreeMap<>();
    for (Billed line : together(day)) {
      List<OwnSide.Key> fitting =
          cells.keySet().stream()
              .filter(key -> key.meter().equals(line.meter()) && isSame(line.model(), key.model()))
              .toList();
      if (fitting.isEmpty()) {
        unmatched.add(line);
      } else {
        // Of two versions of a model the one with the very name comes first.
        OwnSide.Key best =
            fitting.stream()
                .filter(key -> key.model().equalsIgnoreCase(line.model()))
                .findFirst()
                .orElse(fitting.getFirst());
        matched.computeIfAbsent(best, _ -> new ArrayList<>()).add(line);
      }
    }
    var alone = new ArrayList<OwnSide.Key>();
    for (Map.Entry<OwnSide.Key, OwnCell> one : cells.entrySet()) {
      List<Billed> both = matched.getOrDefault(one.getKey(), List.of());
      if (both.isEmpty()) {
        alone.add(one.getKey());
      } else {
        compare(day, one.getKey(), one.getValue(), both, findings);
      }
    }
    renamed(unmatched, alone, cells, findings);
    for (Billed line : unmatched) {
      onlyBilled(day, line, findings);
    }
    for (OwnSide.Key key : alone) {
      onlyOurs(day, key, cells.getOrDefault(key, new OwnCell()), findings);
    }
  }

  /** Lines of one name, model, meter and tier as one, in whole units of the currency. */
  private List<Billed> together(LocalDate day) {
    Map<String, Billed> together = new TreeMap<>();
    for (BillLine line : lines(day)) {
      int decimals = line.decimals() + (cents ? 2 : 0);
      together.merge(
          line.model()
              + "\t"
              + line.meter()
              + "\t"
              + line.tier()
              + "\t"
              + (line.model().isEmpty() ? line.name() : ""),
          new Billed(
              line.name(),
              line.model(),
              line.meter(),
              line.tier(),
              line.amount().amount().multiply(scale()),
              decimals,
              1,
              line.quantity()),
          (a, b) ->
              new Billed(
                  a.name(),
                  a.model(),
                  a.meter(),
                  a.tier(),
                  a.amount().add(b.amount()),
                  Math.max(a.decimals(), b.decimals()),
                  a.lines() + b.lines(),
                  a.quantity().flatMap(q -> b.quantity().map(q::add))));
    }
    return List.copyOf(together.values());
  }

  /** Quantity of the bill's lines, or else what the usage API counted. */
  private Optional<BigDecimal> quantity(LocalDate day, OwnSide.Key key, List<Billed> lines) {
    Optional<BigDecimal> said = Optional.of(BigDecimal.ZERO);
    for (Billed line : lines) {
      said = said.flatMap(sum -> line.quantity().map(sum::add));
    }
    return said.isPresent() && !lines.isEmpty() ? said : used(day, key);
  }

  private Optional<BigDecimal> used(LocalDate day, OwnSide.Key key) {
    Optional<BigDecimal> sum = Optional.empty();
    for (UsageLine line : bill.usage()) {
      if (line.day().equals(day)
          && line.meter().equals(key.meter())
          && isSame(line.model(), key.model())) {
        sum = Optional.of(sum.orElse(BigDecimal.ZERO).add(line.quantity()));
      }
    }
    return sum;
  }

  private void compare(
      LocalDate day, OwnSide.Key key, OwnCell cell, List<Billed> lines, List<Finding> findings) {
    BigDecimal amount = BigDecimal.ZERO;
    int decimals = 0;
    int count = 0;
    for (Billed line : lines) {
      amount = amount.add(line.amount());
      decimals = Math.max(decimals, line.decimals());
      count += line.lines();
    }
    BigDecimal rest = amount.subtract(cell.amount());
    String name = key.toString();
    if (rest.signum() == 0) {
      return;
    }
    Optional<Finding> written = writing(name, rest, amount, decimals, count);
    if (written.isPresent()) {
      findings.add(written.get());
      return;
    }
    if (cell.unpriced().signum() > 0 && rest.signum() > 0) {
      findings.add(
          finding(
              Finding.Kind.NO_PRICE,
              name,
              rest,
              "%s without a price here".formatted(cell.unpriced().toPlainString())));
      return;
    }
    Optional<BigDecimal> quantity = quantity(day, key, lines);
    if (quantity.isPresent() && quantity.get().signum() > 0) {
      rest = byQuantity(day, key, cell, amount, quantity.get(), rest, findings);
      if (rest.signum() == 0 || writing(name, rest, amount, decimals, count).isPresent()) {
        writing(name, rest, amount, decimals, count).ifPresent(findings::add);
        return;
      }
      byPrice(day, key, cell, lines, amount, quantity.get(), rest, findings);
      return;
    }
    byAmount(day, key, cell, lines, amount, rest, findings);
  }

  /** What the way an amount is written explains. */
  private Optional<Finding> writing(
      String name, BigDecimal rest, BigDecimal amount, int decimals, int lines) {
    if (rest.signum() == 0) {
      return Optional.empty();
    }
    if (decimals >= NOISE_DECIMALS
        && rest.abs().compareTo(amount.abs().multiply(NOISE).max(NOISE.multiply(NOISE))) <= 0) {
      return Optional.of(
          finding(Finding.Kind.FLOAT_NOISE, name, rest, "the bill's number is a binary fraction"));
    }
    // A 2 may be 2.00, but nobody rounds to whole dollars.
    int kept = Math.max(decimals, CENTS);
    BigDecimal half =
        BigDecimal.ONE
            .movePointLeft(kept)
            .multiply(new BigDecimal("0.5"))
            .multiply(BigDecimal.valueOf(lines));
    return decimals < NOISE_DECIMALS && rest.abs().compareTo(half) <= 0
        ? Optional.of(
            finding(
                Finding.Kind.ROUNDING,
                name,
                rest,
                "the bill is rounded to %d decimals".formatted(kept)))
        : Optional.empty();
  }

  /**
   * What different quantities explain, at the bill's own rate.
   *
   * @return what is left to be explained
   */
  private BigDecimal byQuantity(
      LocalDate day,
      OwnSide.Key key,
      OwnCell cell,
      BigDecimal amount,
      BigDecimal quantity,
      BigDecimal rest,
      List<Finding> findings) {
    BigDecimal more = quantity.subtract(cell.quantity());
    if (more.signum() == 0) {
      return rest;
    }
    BigDecimal worth = RATE.divide(amount.multiply(more), quantity);
    String text =
        "the vendor counts %s, we %s"
            .formatted(quantity.toPlainString(), cell.quantity().toPlainString());
    Finding.Kind kind;
    if (across(day, key, more)) {
      kind = Finding.Kind.MIDNIGHT;
    } else if (more.abs().compareTo(cell.estimatedQuantity()) <= 0) {
      kind = Finding.Kind.ESTIMATED;
      text += ", of which %s are our estimate".formatted(cell.estimatedQuantity().toPlainString());
    } else if (more.signum() > 0) {
      kind = Finding.Kind.OUTSIDE;
    } else {
      kind = Finding.Kind.UNEXPLAINED;
    }
    findings.add(finding(kind, key.toString(), worth, text));
    return rest.subtract(worth);
  }

  /** Whether the day before or after differs the other way, by what came near midnight. */
  private boolean across(LocalDate day, OwnSide.Key key, BigDecimal more) {
    OwnCell today = own.day(day).getOrDefault(key, new OwnCell());
    OwnCell yesterday = own.day(day.minusDays(1)).getOrDefault(key, new OwnCell());
    Optional<BigDecimal> before = moreThanOurs(day.minusDays(1), key, yesterday);
    OwnCell tomorrow = own.day(day.plusDays(1)).getOrDefault(key, new OwnCell());
    Optional<BigDecimal> after = moreThanOurs(day.plusDays(1), key, tomorrow);
    boolean came =
        before.isPresent()
            && more.signum() > 0
            && before.get().negate().compareTo(more) == 0
            && more.compareTo(yesterday.lateQuantity()) <= 0;
    boolean went =
        after.isPresent()
            && more.signum() < 0
            && after.get().negate().compareTo(more) == 0
            && more.negate().compareTo(today.lateQuantity()) <= 0;
    return came || went;
  }

  private Optional<BigDecimal> moreThanOurs(LocalDate day, OwnSide.Key key, OwnCell cell) {
    List<Billed> lines =
        together(day).stream()
            .filter(line -> line.meter().equals(key.meter()) && isSame(line.model(), key.model()))
            .toList();
    return quantity(day, key, lines).map(quantity -> quantity.subtract(cell.quantity()));
  }

  /** What another price than ours explains, the quantities being the same or done with. */
  private void byPrice(
      LocalDate day,
      OwnSide.Key key,
      OwnCell cell,
      List<Billed> lines,
      BigDecimal amount,
      BigDecimal quantity,
      BigDecimal rest,
      List<Finding> findings) {
    Optional<Finding> tier = tier(key, cell, lines, rest);
    if (tier.isPresent()) {
      findings.add(tier.get());
      return;
    }
    BigDecimal each = RATE.divide(amount, quantity);
    String text =
        cell.quantity().signum() == 0
            ? "billed at %s for one".formatted(plain(each))
            : "billed at %s for one, ours is %s"
                .formatted(plain(each), plain(RATE.divide(cell.amount(), cell.quantity())));
    Optional<String> version = Optional.empty();
    for (String item : cell.items()) {
      version = version.isPresent() ? version : rates.named(key.model(), item, each, day);
    }
    findings.add(
        finding(
            version.isPresent() ? Finding.Kind.PRICE : Finding.Kind.UNEXPLAINED,
            key.toString(),
            rest,
            version
                .map(name -> text + ": the price " + name)
                .orElse(text + ", and no version of a price says so")));
  }

  /** A class of service that the bill names and we do not, or the other way. */
  private Optional<Finding> tier(
      OwnSide.Key key, OwnCell cell, List<Billed> lines, BigDecimal rest) {
    for (Billed line : lines) {
      String tier = line.tier().isEmpty() ? "standard" : line.tier();
      if (!line.tier().isEmpty() && !cell.tiers().contains(tier)) {
        return Optional.of(
            finding(
                tier.equals("batch") ? Finding.Kind.BATCH : Finding.Kind.TIER,
                key.toString(),
                rest,
                "billed as %s, and our calls were %s"
                    .formatted(tier, String.join(", ", cell.tiers()))));
      }
    }
    return Optional.empty();
  }

  /** Without quantities only amounts can tell. */
  private void byAmount(
      LocalDate day,
      OwnSide.Key key,
      OwnCell cell,
      List<Billed> lines,
      BigDecimal amount,
      BigDecimal rest,
      List<Finding> findings) {
    Optional<Finding> tier = tier(key, cell, lines, rest);
    if (tier.isPresent()) {
      findings.add(tier.get());
    } else if (acrossByAmount(day, key, rest)) {
      findings.add(
          finding(
              Finding.Kind.MIDNIGHT,
              key.toString(),
              rest,
              "the day beside it differs by as much the other way"));
    } else if (rest.abs().compareTo(cell.estimatedAmount()) <= 0) {
      findings.add(
          finding(
              Finding.Kind.ESTIMATED,
              key.toString(),
              rest,
              "%s of ours is estimated".formatted(plain(cell.estimatedAmount()))));
    } else {
      findings.add(
          finding(
              Finding.Kind.UNEXPLAINED,
              key.toString(),
              rest,
              "billed %s, ours %s; no quantity is stated"
                  .formatted(plain(amount), plain(cell.amount()))));
    }
  }

  private boolean acrossByAmount(LocalDate day, OwnSide.Key key, BigDecimal rest) {
    boolean came = rest.signum() > 0;
    LocalDate other = came ? day.minusDays(1) : day.plusDays(1);
    OwnCell late = own.day(came ? other : day).getOrDefault(key, new OwnCell());
    OwnCell beside = own.day(other).getOrDefault(key, new OwnCell());
    if (!bill.days().containsKey(other)) {
      return false;
    }
    BigDecimal billed = BigDecimal.ZERO;
    for (Billed line : together(other)) {
      if (line.meter().equals(key.meter()) && isSame(line.model(), key.model())) {
        billed = billed.add(line.amount());
      }
    }
    BigDecimal theirs = billed.subtract(beside.amount());
    return theirs.signum() == -rest.signum()
        && near(theirs.negate(), rest, SAME)
        && rest.abs().compareTo(late.lateAmount()) <= 0;
  }

  /** A line of another name that comes to what one of ours without a line comes to. */
  private void renamed(
      List<Billed> unmatched,
      List<OwnSide.Key> alone,
      SortedMap<OwnSide.Key, OwnCell> cells,
      List<Finding> findings) {
    for (Billed line : List.copyOf(unmatched)) {
      List<OwnSide.Key> fitting = new ArrayList<>();
      for (OwnSide.Key key : alone) {
        OwnCell cell = cells.getOrDefault(key, new OwnCell());
        boolean meters = !line.meter().isUnderstood() || line.meter().equals(key.meter());
        if (meters && cell.amount().signum() != 0 && near(line.amount(), cell.amount(), SAME)) {
          fitting.add(key);
        }
      }
      // Of two that fit nobody knows which it is.
      if (fitting.size() == 1) {
        OwnSide.Key key = fitting.getFirst();
        OwnCell cell = cells.getOrDefault(key, new OwnCell());
        unmatched.remove(line);
        alone.remove(key);
        findings.add(
            finding(
                Finding.Kind.RENAMED,
                line.name(),
                line.amount().subtract(cell.amount()),
                "comes to what %s comes to".formatted(key)));
      }
    }
  }

  private void onlyBilled(LocalDate day, Billed line, List<Finding> findings) {
    if (line.amount().signum() == 0) {
      return;
    }
    boolean known = !line.model().isEmpty() && line.meter().isUnderstood();
    boolean called =
        own.day(day).keySet().stream().anyMatch(key -> isSame(line.model(), key.model()));
    findings.add(
        finding(
            known && !called ? Finding.Kind.OUTSIDE : Finding.Kind.UNEXPLAINED,
            line.name(),
            line.amount(),
            known && !called
                ? "no call to this model went through the gateway that day"
                : "nothing of ours goes with this line"));
  }

  private void onlyOurs(LocalDate day, OwnSide.Key key, OwnCell cell, List<Finding> findings) {
    BigDecimal rest = cell.amount().negate();
    if (rest.signum() == 0) {
      return;
    }
    boolean midnight =
        acrossByAmount(day, key, rest)
            || (used(day.plusDays(1), key).isPresent()
                && across(day, key, cell.quantity().negate()));
    Finding.Kind kind =
        midnight
            ? Finding.Kind.MIDNIGHT
            : cell.estimatedAmount().compareTo(cell.amount()) >= 0
                ? Finding.Kind.ESTIMATED
                : Finding.Kind.UNEXPLAINED;
    findings.add(
        finding(
            kind,
            key.toString(),
            rest,
            switch (kind) {
              case MIDNIGHT -> "billed on the day after";
              case ESTIMATED -> "all of it is our estimate, and the vendor bills nothing";
              default -> "the bill has no line for it";
            }));
  }

  private Finding finding(Finding.Kind kind, String line, BigDecimal amount, String text) {
    return new Finding(kind, line, Money.of(amount, currency), text);
  }

  /** Within a share of the second, which is not zero. */
  private static boolean near(BigDecimal a, BigDecimal b, BigDecimal share) {
    return b.signum() != 0 && a.subtract(b).abs().compareTo(b.abs().multiply(share)) <= 0;
  }

  /** Whether two names are of one model, one of them with a date or a path. */
  static boolean isSame(String billed, String ours) {
    String a = bare(billed);
    String b = bare(ours);
    if (a.isEmpty() || b.isEmpty()) {
      return a.equals(b);
    }
    String longer = a.length() >= b.length() ? a : b;
    String shorter = a.length() >= b.length() ? b : a;
    return longer.startsWith(shorter)
        && DATED.matcher(longer.substring(shorter.length())).matches();
  }

  private static String bare(String model) {
    String lower = model.toLowerCase(Locale.ROOT).replace(' ', '-');
    return lower.substring(lower.lastIndexOf('/') + 1);
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
