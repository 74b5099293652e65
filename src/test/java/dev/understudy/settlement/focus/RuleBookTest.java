package dev.understudy.settlement.focus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RuleBookTest {
  private static final RuleBook BOOK = RuleBook.of(RuleBook.Dataset.COST_AND_USAGE_1_2);

  @Test
  void hasEveryRuleOfThePublishedModelWithItsKindKeywordAndColumn() throws IOException {
    Path file = Path.of("../shared/data/focus/1.2/model-1.2.json");
    assumeTrue(Files.exists(file), "the published model is not here: " + file);
    JsonNode model = Json.parse(Files.readAllBytes(file)).path("ModelRules");
    Map<String, Rule> ours =
        BOOK.rules().stream().collect(Collectors.toMap(Rule::id, Function.identity()));

    assertThat(ours.keySet())
        .hasSize(621)
        .containsExactlyInAnyOrderElementsOf(model.propertyNames());
    for (Map.Entry<String, JsonNode> one : model.properties()) {
      Rule rule = ours.get(one.getKey());
      JsonNode theirs = one.getValue();
      assertThat(rule.isStatic())
          .as(rule.id())
          .isEqualTo(theirs.path("Type").stringValue().equals("Static"));
      assertThat(rule.weight())
          .as(rule.id())
          .isEqualTo(
              switch (theirs.path("ValidationCriteria").path("Keyword").stringValue()) {
                case "MUST", "MUST NOT" -> Rule.Weight.MUST;
                case "MAY" -> Rule.Weight.MAY;
                default -> Rule.Weight.SHOULD;
              });
      String criteria = theirs.path("ApplicabilityCriteria").toString();
      assertThat(rule.criteria()).as(rule.id()).hasSize(Json.parse(criteria).size());
    }
  }

  @Test
  void saysOfEachRuleHowItIsMet() {
    assertThat(BOOK.rules()).filteredOn(Rule::isStatic).hasSize(420);
    assertThat(BOOK.rules())
        .filteredOn(rule -> rule.isStatic() && rule.way() == Rule.Way.OUTSIDE)
        .extracting(Rule::id)
        .as("static by its model, but which charges are on an invoice no file says")
        .containsExactly("InvoiceId-C-004-C", "InvoiceId-C-005-C");
    assertThat(BOOK.rules())
        .filteredOn(rule -> rule.way() == Rule.Way.OUTSIDE || rule.way() == Rule.Way.MADE)
        .allSatisfy(rule -> assertThat(rule.rest()).as(rule.id()).isNotEmpty());
  }

  @Test
  void partsOfRulesAreRules() {
    List<String> ids = BOOK.rules().stream().map(Rule::id).toList();
    assertThat(BOOK.rules())
        .filteredOn(rule -> rule.way() == Rule.Way.PARTS)
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(ids).containsAll(List.of(rule.rest().split(" "))));
  }

  @Test
  void everyTestOfEveryDatasetHasAMeaning() {
    for (RuleBook.Dataset dataset : RuleBook.Dataset.values()) {
      for (Rule rule : RuleBook.of(dataset).rules()) {
        boolean tested =
            rule.way() == Rule.Way.CHECKED
                && !List.of("present", "header", "format").contains(rule.word());
        if (tested) {
          assertThat(Tests.of(rule)).as(rule.id()).isNotNull();
        }
      }
    }
  }

  @Test
  void columnsOf14AreThoseOfTheDataModel() throws IOException {
    Path file = Path.of("../shared/data/focus/1.4/focus_1_4_model.json");
    assumeTrue(Files.exists(file), "the published data model is not here: " + file);
    JsonNode sets = Json.parse(Files.readAllBytes(file)).path("datasets");
    for (RuleBook.Dataset dataset : RuleBook.Dataset.values()) {
      for (Map.Entry<String, JsonNode> one : sets.properties()) {
        if (one.getKey().toLowerCase(Locale.ROOT).replace(' ', '-').equals(dataset.word())
            && dataset.version().equals("1.4")) {
          assertThat(RuleBook.of(dataset).columns())
              .containsExactlyInAnyOrderElementsOf(one.getValue().path("columns").propertyNames());
        }
      }
    }
  }

  @Test
  void pageSaysHowManyRulesAreMetAndHow() throws IOException {
    String page = Files.readString(Path.of("docs/reference/focus.md"));
    assertThat(page).contains(String.join("\n", RuleTable.summary(BOOK)));
    assertThat(page).contains(String.join("\n", RuleTable.beyond(BOOK)));
  }
}
