package dev.understudy.contract;

import static dev.understudy.contract.Contracts.HEAD;
import static dev.understudy.contract.Contracts.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.text.Problems;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A model that nothing knows is named with its place, before a clause about it never bites. */
final class UnknownNamesTest {
  private static final UnknownNames.Known KNOWN =
      new UnknownNames.Known(
          Set.of(
              "gpt-5",
              "gpt-5-mini",
              "claude-sonnet-4-5",
              "us.anthropic.claude-*",
              "o3",
              "meta/llama-4"),
          Set.of("openai", "anthropic", "a", "b"),
          true);

  private final Problems errors = new Problems();
  private final Problems warnings = new Problems();

  private List<String> unknown(String yaml, UnknownNames.Known known, String day) {
    UnknownNames.of(
        new ContractBook(List.of(Contracts.of(yaml))), known, at(day), errors, warnings);
    return errors.lines();
  }

  private List<String> unknown(String terms) {
    return unknown(HEAD + terms, KNOWN, "2026-01-01");
  }

  private static String exclusive(String scope) {
    return "exclusivity: [{id: x, grantor: us, beneficiary: a, kind: exclusive, of: hosting, scope: {%s}}]\n"
        .formatted(scope);
  }

  @Test
  void aPatternThatNoKnownModelFitsIsNamedWithWhatMayBeMeant() {
    assertThat(unknown(exclusive("models: [\"gpt-*\", \"gtp-*\"]")))
        .containsExactly(
            "c.yaml:10:108: unknown model \"gtp-*\"; near: gpt-*; one that is to come, or your"
                + " own, is named under models");
    assertThat(warnings.lines()).isEmpty();
  }

  @Test
  void aModelByItsNameIsNamedWithWhatMayBeMeant() {
    assertThat(unknown(exclusive("models: [claude-sonet-4-5]")))
        .singleElement()
        .asString()
        .contains("unknown model \"claude-sonet-4-5\"; near: claude-sonnet-4-5;");
  }

  @Test
  void whatIsKnownUnderAnotherFormIsKnown() {
    assertThat(
            unknown(
                exclusive(
                    "models: [gpt-5, gpt-5-2025-08-07, \"*\", \"*mini\", openai/gpt-5, us.anthropic.claude-9, llama-4, \"llama-*\", meta/llama-4, \"meta/*\"]")))
        .isEmpty();
  }

  @Test
  void aModelToComeIsNamedInTheContract() {
    assertThat(
            unknown(
                "models: {mai-2: ours, \"*-later\": what comes later}\n"
                    + exclusive("models: [mai-2, \"mai-*\", gpt-9-later, \"*-later\"]")))
        .isEmpty();
    assertThat(unknown("models: {mai-2: ours}\n" + exclusive("models: [mai-3]"))).hasSize(1);
  }

  @Test
  void aDeveloperThatNothingKnowsIsNoModel() {
    assertThat(unknown(exclusive("models: [\"mta/*\"]")))
        .singleElement()
        .asString()
        .contains("mta/*");
  }

  @Test
  void everyBlockThatNamesModelsIsLookedAt() {
    List<String> blocks =
        List.of(
            "licenses: [{id: l, of: models, licensor: a, licensee: us, scope: {models: [gtp-5]}}]",
            "mfn: {scope: {models: [gtp-5]}}",
            "regions: {allow: [eu], scope: {models: [gtp-5]}}",
            "data-use: {scope: {models: [gtp-5]}}",
            "rofr: [{id: r, holder: a, grantor: us, of: capacity, notice-days: 3, scope: {models: [gtp-5]}}]",
            "triggers: [{id: t, condition: {declared-by: us.board}, effects: [{deny: {models: [gtp-5]}}]}]",
            "exclusivity: [{id: x, grantor: us, beneficiary: a, kind: exclusive, of: hosting, carve-outs: [{scope: {models: [gtp-5]}}]}]",
            "revenue-share: [{id: s, payer: us, payee: a, tiers: [{rate: 0.2}], scope: {models: [gtp-5]}}]",
            "commitments: [{id: k, debtor: us, creditor: a, kind: spend, amount: 1, unit: USD, over: {from: 2026-01-01, to: 2027-01-01}, eligible: {models: [gtp-5]}}]",
            "paths: [{id: p, away-from: a, scope: {models: [gtp-5]}, window: {from: 2026-01-01, to: 2027-01-01}, start: 0, end: 1}]");
    for (String block : blocks) {
      var found = new Problems();
      UnknownNames.of(
          new ContractBook(List.of(Contracts.of(HEAD + block + "\n"))),
          KNOWN,
          at("2026-01-01"),
          found,
          warnings);
      assertThat(found.lines()).as(block).hasSize(1).first().asString().contains("\"gtp-5\"");
    }
  }

  @Test
  void vendorsAndDeploymentsBearNamesTheirOperatorGivesSoTheyAreWarnedOf() {
    String terms =
        exclusive("vendors: [opnai]")
            + "capacity: [{id: k, host: a, models: [gtp-5, our-deployment], units: 1, unit: PTU, price-per-unit-hour: 1}]\n";

    assertThat(unknown(terms)).isEmpty();
    assertThat(warnings.lines())
        .containsExactly(
            "c.yaml:10:100: no vendor is known as \"opnai\"; near: openai",
            "c.yaml:11:38: no model or deployment is known as \"gtp-5\"; near: gpt-5",
            "c.yaml:11:45: no model or deployment is known as \"our-deployment\"");
  }

  @Test
  void withoutSettingsOnlyWhatLooksMistypedIsWarnedOf() {
    String terms =
        exclusive("vendors: [opnai, our-own]")
            + "capacity: [{id: k, host: a, models: [our-deployment], units: 1, unit: PTU, price-per-unit-hour: 1}]\n";

    assertThat(
            unknown(
                HEAD + terms,
                new UnknownNames.Known(KNOWN.models(), KNOWN.vendors(), false),
                "2026-01-01"))
        .isEmpty();
    assertThat(warnings.lines())
        .containsExactly("c.yaml:10:100: no vendor is known as \"opnai\"; near: openai");
  }

  @Test
  void aVersionThatIsOverIsOnlyWarnedOf() {
    String over = HEAD.replace("from: 2019-01-01", "from: 2019-01-01, to: 2020-01-01");

    assertThat(unknown(over + exclusive("models: [gtp-5]"), KNOWN, "2020-01-01")).isEmpty();
    assertThat(warnings.lines()).hasSize(1);
    assertThat(unknown(over + exclusive("models: [gtp-5]"), KNOWN, "2019-12-31")).hasSize(1);
  }

  @Test
  void theExamplesNameWhatIsKnownOrDeclareIt() {
    var known =
        new UnknownNames.Known(
            Set.of("gpt-5", "o1", "o3", "o4-mini"), Set.of("openai", "azure-openai"), false);
    var book = new ContractBook(Stream.of("a", "b", "c", "d").map(Contracts::example).toList());

    UnknownNames.of(book, known, at("2020-01-01"), errors, warnings);

    assertThat(errors.lines()).isEmpty();
    assertThat(warnings.lines()).isEmpty();
  }
}
