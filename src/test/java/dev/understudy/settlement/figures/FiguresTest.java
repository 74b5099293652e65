package dev.understudy.settlement.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.contract.CapacityPurchase;
import dev.understudy.contract.Commitment;
import dev.understudy.contract.Contract;
import dev.understudy.contract.Contracts;
import dev.understudy.exchange.Facts;
import dev.understudy.money.Cost;
import dev.understudy.money.Currencies;
import dev.understudy.money.Money;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.settlement.Tariff;
import dev.understudy.settlement.focus.Billing;
import dev.understudy.settlement.focus.ListPrices;
import dev.understudy.settlement.focus.MemoryFacts;
import dev.understudy.settlement.focus.Parties;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Developers;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
  private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
  private static final Parties PARTIES =
      Parties.of(Billing.PLAIN, Catalogue.load(), Developers.load(), Map.of());
  private static final Listed LISTS =
      new ListedByBooks(ListPrices.of(new Prices(List.of(Shipped.list()))));

  private static MemoryFacts facts() {
    return new MemoryFacts()
        .add(
            MemoryFacts.call(
                "2026-10-02T00:00:00Z",
                "openai",
                "gpt-5.1",
                "input.text 1000000 0.000001",
                "output.text 100000 0.00001"))
        .add(
            MemoryFacts.call(
                "2026-10-03T00:00:00Z",
                "groq",
                "openai/gpt-oss-120b",
                "input.text 2000000 0.00000015"))
        .add(MemoryFacts.call("2026-10-03T10:00:00Z", "vllm", "qwen3-32b", "output.text 10 0.001"));
  }

  private static List<Figure> figures(String by, Revenue revenue) throws IOException {
    return new Figures(facts(), PARTIES, LISTS, revenue, List.of()).of(OCTOBER, NOVEMBER, by);
  }

  @Test
  void whoMadeAModelIsNotWhoSellsIt() throws IOException {
    assertThat(figures("developer", Revenue.NONE))
        .extracting(figure ->
            figure.names().getFirst() + " " + figure.spend().stripTrailingZeros().toPlainString())
        .containsExactly("OpenAI 2.3", "Alibaba 0.01");
    assertThat(figures("host", Revenue.NONE))
        .extracting(figure -> figure.names().getFirst())
        .containsExactly("OpenAI", "Groq", "default");
  }

  @Test
  void spendIsShownAgainstTheList() throws IOException {
    Figure openai = figures("vendor,model", Revenue.NONE).getFirst();

    assertThat(openai.names()).containsExactly("openai", "gpt-5.1");
    assertThat(openai.spend()).isEqualByComparingTo("2");
    // The list has 1.25 and 10 for a million.
    assertThat(openai.list()).isEqualByComparingTo("2.25");
    assertThat(openai.againstList()).contains(new BigDecimal("0.8889"));
    assertThat(openai.input()).isEqualByComparingTo("1000000");
  }

  @Test
  void howeverItIsToldApartTheSumIsTheSame() throws IOException {
    for (String by :
        List.of(
            "vendor",
            "developer,host,model",
            "route,team,key",
            "day",
            "month,purpose",
            "item,tier,region",
            "tag:app",
            "tag:nothing")) {
      BigDecimal sum =
          figures(by, Revenue.NONE).stream()
              .map(Figure::spend)
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      assertThat(sum).as(by).isEqualByComparingTo("2.31");
    }
    assertThat(figures("tag:app", Revenue.NONE))
        .singleElement()
        .satisfies(figure -> assertThat(figure.names()).containsExactly("chat"));
  }

  @Test
  void revenueLessSpendIsTheMargin() throws IOException {
    var tariff =
        new Tariff(
            "acme",
            "Acme",
            List.of(),
            "acme",
            Set.of("blue"),
            Set.of(),
            Currencies.USD,
            Optional.empty(),
            Tariff.By.MODEL,
            new Tariff.Basis.CostPlus(new BigDecimal("1.2"), BigDecimal.ZERO),
            "api",
            "models");

    Figure openai = figures("vendor", new TariffRevenue(List.of(tariff), Map.of())).getFirst();

    assertThat(openai.revenue())
        .hasValueSatisfying(sum -> assertThat(sum).isEqualByComparingTo("2.4"));
    assertThat(openai.margin())
        .hasValueSatisfying(sum -> assertThat(sum).isEqualByComparingTo("0.4"));
    assertThat(figures("vendor", Revenue.NONE).getFirst().margin()).isEmpty();
    assertThat(FiguresReport.csv(List.of(openai), "vendor"))
        .isEqualTo(
            "vendor,currency,input_tokens,output_tokens,spend,list,against_list,suspense,revenue,margin\nopenai,USD,1000000,100000,2,2.25,0.8889,0,2.4,0.4\n");
    assertThat(
            FiguresReport.json(List.of(openai), "vendor", OCTOBER, NOVEMBER)
                .path("figures")
                .get(0)
                .path("margin")
                .stringValue())
        .isEqualTo("0.4");
  }

  @Test
  void whatIsAskedForWronglyIsRefused() {
    assertThatThrownBy(() -> figures("vendors", Revenue.NONE))
        .hasMessageContaining("unknown \"vendors\"")
        .hasMessageContaining("developer");
    assertThatThrownBy(() -> figures("model,model", Revenue.NONE))
        .hasMessage("model is said twice");
    assertThatThrownBy(() -> figures("tag:a,team", Revenue.NONE))
        .hasMessageContaining("stands alone");
    assertThatThrownBy(() ->
            new Figures(facts(), PARTIES, LISTS, Revenue.NONE, List.of())
                .of(NOVEMBER, OCTOBER, "vendor"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void promisedCapacityBurnsDownByWhatIsHeldNowAndLater() throws Exception {
    var contract =
        new Contract(
            "bought",
            List.of(
                Contracts.bought(
                    1,
                    "2026-01-01",
                    """
                    capacity:
                      - {id: ptu-1, host: maker, units: 100, unit: PTU, price-per-unit-hour: 1.00}
                      - {id: ptu-2, host: maker, units: 10, unit: PTU, price-per-unit-hour: 1.00, window: {from: 2026-11-01}}
                    commitments:
                      - {id: c-1, debtor: us, creditor: maker, kind: capacity, amount: 120, unit: PTU, over: {from: 2026-10-01, to: 2026-12-01}}
                    """)));
    Promise promise =
        Promise.of(
            contract,
            contract.versions().getFirst(),
            contract.versions().getFirst().money().commitments().getFirst());

    BurnDown burn =
        BurnDown.of(new MemoryFacts(), promise, List.of(), Instant.parse("2026-11-01T00:00:00Z"));

    // 61 days of 120; 31 of 100 are behind, 30 of 110 ahead.
    assertThat(burn.terms().amount()).isEqualByComparingTo("175680");
    assertThat(burn.terms().unit()).isEqualTo("PTU-hours");
    assertThat(burn.used()).isEqualByComparingTo("74400");
    assertThat(burn.forecast()).isEqualByComparingTo("153600");
    assertThat(burn.shortfall()).isEqualByComparingTo("22080");
    assertThat(burn.risk()).isEqualTo(1);
  }

  private static Promise promise(String amount, Optional<BigDecimal> floor) {
    var terms =
        new Commitment(
            Commitment.Kind.SPEND,
            new BigDecimal(amount),
            "USD",
            OCTOBER,
            Instant.parse("2026-12-31T00:00:00Z"),
            floor,
            Commitment.Shortfall.PAY,
            Optional.empty(),
            Optional.empty(),
            Commitment.Counts.CONTRACTED);
    return new Promise("p", "test", group -> group.vendor().equals("openai"), terms);
  }

  private static MemoryFacts daily(int days, int each) {
    var facts = new MemoryFacts();
    IntStream.range(0, days)
        .forEach(day ->
            facts.add(
                MemoryFacts.call(
                    OCTOBER.plusSeconds(day * 86_400L).toString(),
                    "openai",
                    "m",
                    "output.text " + (each + (day % 2 == 0 ? 1 : -1)) + " 1")));
    facts.add(MemoryFacts.call("2026-10-05T00:00:00Z", "other", "m", "output.text 999 1"));
    return facts;
  }

  @Test
  void aCommitmentThatIsUsedEvenlyHasNoPressureAndNoRisk() throws IOException {
    BurnDown down =
        BurnDown.of(daily(31, 20), promise("1500", Optional.empty()), List.of(), NOVEMBER);

    assertThat(down.used()).isEqualByComparingTo("621");
    assertThat(down.daysLeft()).isEqualTo(60);
    assertThat(down.perDay()).isEqualByComparingTo("20");
    assertThat(down.forecast()).isEqualByComparingTo("1821");
    assertThat(down.shortfall()).isZero();
    // 879 left over 60 days, at 20 a day.
    assertThat(down.pressure()).contains(new BigDecimal("0.7325"));
    assertThat(down.risk()).isLessThan(0.01);
  }

  @Test
  void aCommitmentThatIsUsedTooSlowlyPressesAndFallsShort() throws IOException {
    BurnDown down =
        BurnDown.of(daily(31, 10), promise("1500", Optional.empty()), List.of(), NOVEMBER);

    assertThat(down.forecast()).isEqualByComparingTo("911");
    assertThat(down.shortfall()).isEqualByComparingTo("589");
    assertThat(down.pressure())
        .hasValueSatisfying(pressure -> assertThat(pressure).isGreaterThan(BigDecimal.ONE));
    assertThat(down.risk()).isGreaterThan(0.99);
    // What a month below its floor was billed counts for it.
    BurnDown floored =
        BurnDown.of(
            daily(31, 10),
            promise("1500", Optional.of(new BigDecimal("400"))),
            List.of(),
            NOVEMBER);
    assertThat(floored.floors()).isEqualByComparingTo("89");
    assertThat(floored.remaining()).isEqualByComparingTo("1100");
  }

  @Test
  void nothingUsedIsCertainToFallShortAndAllUsedIsNot() throws IOException {
    assertThat(
            BurnDown.of(new MemoryFacts(), promise("1500", Optional.empty()), List.of(), NOVEMBER)
                .risk())
        .isEqualTo(1);
    assertThat(
            BurnDown.of(new MemoryFacts(), promise("1500", Optional.empty()), List.of(), NOVEMBER)
                .pressure())
        .isEmpty();
    assertThat(
            BurnDown.of(daily(31, 100), promise("1500", Optional.empty()), List.of(), NOVEMBER)
                .risk())
        .isZero();
    BurnDown before =
        BurnDown.of(
            new MemoryFacts(),
            promise("1500", Optional.empty()),
            List.of(),
            OCTOBER.minusSeconds(86_400));
    assertThat(before.daysLeft()).isEqualTo(91);
  }

  /** What a customer of a name was invoiced, whose calls are those of the organisation. */
  private record Invoiced(List<Booked.Sale> sales) implements Booked {
    @Override
    public List<Booked.Sale> between(Instant from, Instant until) {
      return sales.stream()
          .filter(sale -> !sale.at().isBefore(from) && sale.at().isBefore(until))
          .toList();
    }

    @Override
    public boolean pays(String customer, Facts.Group group) {
      return customer.equals(group.organisation());
    }
  }

  private static Booked.Sale sale(String owner, String at, String amount) {
    return new Booked.Sale(
        owner.replace("product ", ""),
        !owner.startsWith("product "),
        Instant.parse(at),
        Money.parse(amount));
  }

  @Test
  void whatWasInvoicedIsSharedOutByCostAndNothingOfItIsLost() throws IOException {
    var invoiced =
        new Invoiced(
            List.of(
                sale("acme", "2026-10-31T23:59:59.999Z", "10 USD"),
                sale("acme", "2026-10-20T00:00:00Z", "-0.76 USD"),
                sale("resale", "2026-10-31T23:59:59.999Z", "5 EUR"),
                // Of the name of a customer, and none.
                sale("product acme", "2026-10-31T12:00:00Z", "2 EUR"),
                sale("acme", "2026-09-30T23:59:59.999Z", "99 USD")));

    for (String by : List.of("vendor", "organisation,model", "day", "month", "item", "tag:app")) {
      List<Figure> figures =
          new Figures(facts(), PARTIES, LISTS, invoiced, List.of()).of(OCTOBER, NOVEMBER, by);
      assertThat(revenue(figures, "USD")).as(by).isEqualByComparingTo("9.24");
      assertThat(revenue(figures, "EUR")).as(by).isEqualByComparingTo("7");
    }
    List<Figure> vendors =
        new Figures(facts(), PARTIES, LISTS, invoiced, List.of())
            .of(OCTOBER, NOVEMBER, "vendor,organisation");
    // What it cost was 2, 0.3 and 0.01 of 2.31, and four times that was asked.
    assertThat(vendors)
        .extracting(
            figure -> String.join("/", figure.names()),
            figure -> figure.revenue().orElseThrow().stripTrailingZeros().toPlainString())
        .containsExactly(
            tuple("/resale", "5"),
            tuple("/revenue:acme", "2"),
            tuple("openai/acme", "8"),
            tuple("groq/acme", "1.2"),
            tuple("vllm/acme", "0.04"));
    assertThat(vendors.get(2).margin())
        .hasValueSatisfying(sum -> assertThat(sum).isEqualByComparingTo("6"));
    // The day on which the first call was made bears its part of the month, and no more.
    assertThat(
            revenue(
                new Figures(facts(), PARTIES, LISTS, invoiced, List.of())
                    .of(OCTOBER, Instant.parse("2026-10-03T00:00:00Z"), "vendor"),
                "USD"))
        .isEqualByComparingTo("8");
  }

  private static BigDecimal revenue(List<Figure> figures, String currency) {
    return figures.stream()
        .filter(figure -> figure.currency().getCurrencyCode().equals(currency))
        .flatMap(figure -> figure.revenue().stream())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** 100 PTU at 1.00 an hour, of which 2500 weighed tokens a minute are served each. */
  private static Billing.Capacity capacity(String id, Instant until) {
    return new Billing.Capacity(
        id,
        id,
        Optional.empty(),
        new Billing.Eligible.Named("azure", List.of("gpt*")),
        new CapacityPurchase(
            new BigDecimal("100"),
            "PTU",
            Money.parse("1.00 USD"),
            Optional.of(
                new CapacityPurchase.Throughput(
                    new BigDecimal("2500"), new BigDecimal("4"), BigDecimal.ZERO)),
            Optional.empty()),
        OCTOBER,
        until);
  }

  /** capacity.md 5.3: 720 hours used to 62.5 %, and 150 USD of calls that spilled. */
  private static MemoryFacts provisioned() {
    var facts = new MemoryFacts();
    for (int hour = 0; hour < 720; hour++) {
      String at = OCTOBER.plusSeconds(hour * 3_600L).toString();
      facts.add(MemoryFacts.call(at, "azure", "gpt-5.1", "input.text 7500000 0.00000125"));
      facts.add(
          MemoryFacts.call(
              OCTOBER.plusSeconds(hour * 3_600L + 60).toString(),
              "azure",
              "gpt-5-mini",
              "input.text 1875000 0"));
    }
    facts.add(
        MemoryFacts.call(
            "2026-10-09T10:00:00Z",
            "openai",
            "gpt-4o",
            "input.text 40000000 0.0000025",
            "output.text 5000000 0.00001"));
    return facts;
  }

  private static BigDecimal spend(List<Figure> figures) {
    return figures.stream().map(Figure::spend).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void whatAVendorSaysItServedOnDemandCostsItsPriceAndIsSpent() throws IOException {
    var bought =
        new Billing.Capacity(
            "gsu-1",
            "gsu-1",
            Optional.empty(),
            new Billing.Eligible.Named("vertex", List.of()),
            capacity("x", NOVEMBER).terms(),
            OCTOBER,
            OCTOBER.plusSeconds(3_600));
    var facts =
        new MemoryFacts()
            .add(
                MemoryFacts.tier(
                    "PROVISIONED_THROUGHPUT",
                    MemoryFacts.call(
                        "2026-10-01T00:10:00Z", "vertex", "m", "input.text 7500000 0.000002")))
            .add(
                MemoryFacts.tier(
                    "ON_DEMAND",
                    MemoryFacts.call(
                        "2026-10-01T00:20:00Z", "vertex", "m", "input.text 7500000 0.000001")));

    // Half an hour of 100, and 7.5 by the token.
    assertThat(
            new Figures(facts, PARTIES, LISTS, Booked.NONE, List.of(bought))
                .of(OCTOBER, NOVEMBER, "tier"))
        .extracting(
            figure -> figure.names().getFirst(),
            figure -> figure.spend().stripTrailingZeros().toPlainString())
        .containsExactly(
            tuple("PROVISIONED_THROUGHPUT", "50"),
            tuple("unused:gsu-1", "50"),
            tuple("ON_DEMAND", "7.5"));
    var promise =
        new Promise(
            "c-1",
            "here",
            _ -> true,
            new Commitment(
                Commitment.Kind.SPEND,
                new BigDecimal("1000"),
                "USD",
                OCTOBER,
                NOVEMBER,
                Optional.empty(),
                Commitment.Shortfall.PAY,
                Optional.empty(),
                Optional.empty(),
                Commitment.Counts.CONTRACTED));
    assertThat(BurnDown.of(facts, promise, List.of(bought), NOVEMBER).used())
        .isEqualByComparingTo("7.5");
  }

  @Test
  void callsInBoughtCapacityCostTheirPartOfItAndTheRestIsUnused() throws IOException {
    var bought = List.of(capacity("ptu-1", OCTOBER.plusSeconds(720 * 3_600L)));
    var figures = new Figures(provisioned(), PARTIES, LISTS, Booked.NONE, bought);

    List<Figure> models = figures.of(OCTOBER, NOVEMBER, "vendor,model");

    assertThat(models)
        .extracting(
            figure -> String.join("/", figure.names()),
            figure -> figure.spend().stripTrailingZeros().toPlainString())
        .containsExactly(
            // 36 000 and 9 000 of the 45 000 that were used, by weight.
            tuple("azure/gpt-5.1", "36000"),
            tuple("azure/unused:ptu-1", "27000"),
            tuple("azure/gpt-5-mini", "9000"),
            tuple("openai/gpt-4o", "150"));
    // What was paid over what the same would come to by the list.
    assertThat(models.getFirst().list()).isEqualByComparingTo("6750");
    assertThat(models.getFirst().againstList())
        .hasValueSatisfying(of -> assertThat(of).isEqualByComparingTo("5.3333"));
    for (String by : List.of("vendor", "host,day", "month", "team", "route,item", "tag:app")) {
      assertThat(spend(figures.of(OCTOBER, NOVEMBER, by))).as(by).isEqualByComparingTo("72150");
    }
    // A day bears its 24 hours.
    assertThat(spend(figures.of(OCTOBER, OCTOBER.plusSeconds(86_400), "vendor")))
        .isEqualByComparingTo("2400");
  }

  @Test
  void whatTwoPurchasesCouldServeIsServedByTheFirst() throws IOException {
    Instant end = OCTOBER.plusSeconds(36_000);
    var bought = List.of(capacity("ptu-1", end), capacity("ptu-2", end));

    List<CapacityUse> uses = CapacityUse.of(provisioned(), bought, LISTS, OCTOBER, NOVEMBER);

    assertThat(uses.get(0).used()).isEqualTo(Money.parse("625 USD"));
    assertThat(uses.get(1).used().isZero()).isTrue();
    assertThat(uses.get(1).cost()).isEqualTo(Money.parse("1000 USD"));
  }

  @Test
  void aListInAnotherCurrencyIsNotComparedWithOurPrice() throws IOException {
    var cost =
        Cost.of(
            List.of(
                new Cost.Line(
                    "input.text",
                    new BigDecimal("1000000"),
                    Optional.of(new BigDecimal("0.000001")),
                    Money.parse("1 EUR"))),
            List.of(),
            Currency.getInstance("EUR"),
            "ours/openai/gpt-5.1@2026-01-01");
    var facts =
        new MemoryFacts()
            .add(
                MemoryFacts.fact(
                    "2026-10-02T00:00:00Z",
                    "openai",
                    "gpt-5.1",
                    "blue",
                    new TreeMap<>(),
                    Optional.of(cost)));

    Figure figure =
        new Figures(facts, PARTIES, LISTS, Revenue.NONE, List.of())
            .of(OCTOBER, NOVEMBER, "vendor")
            .getFirst();

    assertThat(figure.currency().getCurrencyCode()).isEqualTo("EUR");
    assertThat(figure.list()).isEqualByComparingTo("1");
  }

  /** capacity.md 5.3: break-even at 83 %. */
  @Test
  void capacityIsWorthItFromItsBreakEvenOn() throws IOException {
    var terms =
        new CapacityPurchase(
            new BigDecimal("100"),
            "PTU",
            Money.parse("1.00 USD"),
            Optional.of(
                new CapacityPurchase.Throughput(
                    new BigDecimal("2500"), new BigDecimal("4"), BigDecimal.ZERO)),
            Optional.empty());
    var capacity =
        new Billing.Capacity(
            "ptu",
            "ptu",
            Optional.empty(),
            new Billing.Eligible.Named("azure", List.of()),
            terms,
            OCTOBER,
            OCTOBER.plusSeconds(36_000));
    var facts = new MemoryFacts();
    IntStream.range(0, 10)
        .forEach(hour ->
            facts.add(
                MemoryFacts.call(
                    OCTOBER.plusSeconds(hour * 3_600L).toString(),
                    "azure",
                    "gpt",
                    "input.text 9375000 0.000008")));

    CapacityUse use = CapacityUse.of(facts, List.of(capacity), LISTS, OCTOBER, NOVEMBER).getFirst();

    assertThat(use.cost()).isEqualTo(Money.parse("1000 USD"));
    assertThat(use.used()).isEqualTo(Money.parse("625 USD"));
    assertThat(use.utilisation()).isEqualByComparingTo("0.625");
    // 100 an hour over 15 M weighed tokens at 8 a million.
    assertThat(use.breakEven()).contains(new BigDecimal("0.8333"));
  }
}
