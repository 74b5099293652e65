package dev.understudy.protocol.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Part;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.json.Json;
import dev.understudy.protocol.Losses;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class GeminiSchemaTest {
  private static final String RICH =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
       "$defs": {"Place": {"type": "object", "properties": {"name": {"type": "string"}}}},
       "properties": {
         "place": {"$ref": "#/$defs/Place", "description": "where"},
         "level": {"enum": [1, 2, null]},
         "kind": {"const": "trip"},
         "when": {"type": ["string", "null"], "format": "date"},
         "either": {"oneOf": [{"type": "string"}, {"type": "number"}]},
         "both": {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                            {"properties": {"b": {"type": "string"}}, "required": ["b"]}]},
         "map": {"type": "object", "additionalProperties": {"type": "string"}},
         "count": {"type": "integer", "exclusiveMinimum": 0}},
       "additionalProperties": false}\
      """;

  @Test
  void olderModelsGetGooglesDialectAndTheLossesAreNamed() {
    var losses = new Losses();
    JsonNode schema = SchemaSubset.write(Json.parse(RICH), "s", losses);

    assertThat(Json.text(schema))
        .isEqualTo(
            "{\"type\":\"OBJECT\",\"properties\":{"
                + "\"place\":{\"type\":\"OBJECT\",\"properties\":{\"name\":{\"type\":\"STRING\"}},\"description\":\"where\"},"
                + "\"level\":{\"nullable\":true,\"enum\":[\"1\",\"2\"],\"type\":\"NUMBER\",\"format\":\"enum\"},"
                + "\"kind\":{\"enum\":[\"trip\"],\"type\":\"STRING\",\"format\":\"enum\"},"
                + "\"when\":{\"nullable\":true,\"type\":\"STRING\",\"format\":\"date\"},"
                + "\"either\":{\"anyOf\":[{\"type\":\"STRING\"},{\"type\":\"NUMBER\"}]},"
                + "\"both\":{\"type\":\"OBJECT\",\"properties\":{\"a\":{\"type\":\"STRING\"},\"b\":{\"type\":\"STRING\"}},\"required\":[\"a\",\"b\"]},"
                + "\"map\":{\"type\":\"OBJECT\"},"
                + "\"count\":{\"type\":\"INTEGER\"}}}");
    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly(
            "s.properties.either.oneOf",
            "s.properties.map.additionalProperties",
            "s.properties.count.exclusiveMinimum");
  }

  @Test
  void laterModelsGetJsonSchemaWithNothingBesideAReference() {
    var losses = new Losses();
    JsonNode schema = SchemaFit.write(Json.parse(RICH), "s", losses);

    assertThat(losses.kept()).isEmpty();
    assertThat(schema.has("$schema")).isFalse();
    assertThat(Json.text(schema.at("/properties/place")))
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}},\"description\":\"where\"}");
    assertThat(Json.text(schema.at("/properties/kind"))).isEqualTo("{\"enum\":[\"trip\"]}");
    assertThat(schema.at("/properties/map/additionalProperties/type").asString())
        .isEqualTo("string");
  }

  @Test
  void aSchemaThatContainsItselfIsCutAtTheStatedDepth() {
    var losses = new Losses();
    JsonNode schema =
        SchemaSubset.write(
            Json.parse(
                """
                {"$ref": "#/$defs/Node", "$defs": {"Node": {"type": "object", "properties": {
                  "next": {"$ref": "#/$defs/Node"}, "left": {"$ref": "#/$defs/Node"}}}}}\
                """),
            "s",
            losses);

    assertThat(schema.at("/properties/next/properties/next/properties/next").has("properties"))
        .isFalse();
    assertThat(losses.isEmpty()).isFalse();
  }

  @Test
  void aSchemaThatWouldExplodeIsBounded() {
    var defs = Json.object();
    for (int i = 0; i < 30; i++) {
      var properties = defs.putObject("D" + i).put("type", "object").putObject("properties");
      properties.putObject("a").put("$ref", "#/$defs/D" + (i + 1));
      properties.putObject("b").put("$ref", "#/$defs/D" + (i + 1));
    }
    var root = Json.object().put("$ref", "#/$defs/D0");
    root.set("$defs", defs);
    var losses = new Losses();

    assertThat(Json.bytes(SchemaSubset.write(root, "s", losses))).hasSizeLessThan(1_000_000);
    assertThat(losses.isEmpty()).isFalse();
  }

  @Test
  void theFieldIsChosenByTheModelsGeneration() {
    assertThat(tool("gemini-2.5-flash").has("parametersJsonSchema")).isTrue();
    assertThat(tool("gemini-3-pro-preview").has("parametersJsonSchema")).isTrue();
    assertThat(tool("gemini-flash-latest").has("parametersJsonSchema")).isTrue();
    assertThat(tool("gemini-2.0-flash").at("/parameters/type").asString()).isEqualTo("OBJECT");
    assertThat(tool("gemma-3-27b-it").at("/parameters/type").asString()).isEqualTo("OBJECT");
  }

  private static JsonNode tool(String model) {
    ChatRequest ask = Samples.ask(model, List.of(Samples.user(new Part.Text("Hi"))));
    var tool =
        new Tool.Function(
            "f",
            Optional.empty(),
            Optional.of("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}"),
            Optional.empty());
    return Samples.written(
            new ChatRequest(
                ask.model(),
                ask.messages(),
                List.of(tool),
                ask.toolChoice(),
                ask.parallelToolCalls(),
                ask.format(),
                ask.thinking(),
                ask.sampling(),
                ask.labels(),
                false,
                true),
            new Losses())
        .at("/tools/0/functionDeclarations/0");
  }

  @ParameterizedTest
  @CsvSource({
    "gemini-2.5-flash,         low,    , {\"thinkingBudget\":1024}",
    "gemini-2.5-flash,         none,   , {\"thinkingBudget\":0}",
    "gemini-2.5-pro,           none,   , {\"thinkingBudget\":128}",
    "gemini-2.5-pro,           max,    , {\"thinkingBudget\":32768}",
    "gemini-2.5-flash-lite,    ,    100, {\"thinkingBudget\":512}",
    "gemini-2.5-pro,           ,     -1, {\"thinkingBudget\":-1}",
    "gemini-3-flash-preview,   minimal,, {\"thinkingLevel\":\"minimal\"}",
    "gemini-3-pro-preview,     medium, , {\"thinkingLevel\":\"high\"}",
    "gemini-3.1-pro-preview,   medium, , {\"thinkingLevel\":\"medium\"}",
    "gemini-3.5-flash,         xhigh,  , {\"thinkingLevel\":\"high\"}",
    "gemini-3.5-flash,         ,  10000, {\"thinkingLevel\":\"medium\"}",
    "gemini-2.0-flash,         high,   , {}",
  })
  void thinkingIsABudgetOrALevelByGeneration(
      String model, String effort, Long budget, String expected) {
    var wish =
        new Thinking(
            Optional.empty(),
            false,
            Optional.ofNullable(effort),
            Optional.ofNullable(budget),
            Optional.empty());

    assertThat(Json.text(ThinkingWishes.write(wish, ModelName.of(model), new Losses())))
        .isEqualTo(expected);
  }
}
