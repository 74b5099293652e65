package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents that schemas accept. */
final class SchemaExampleTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"string\"} | \"sandbox value\"",
        "{\"type\":\"string\",\"minLength\":20} | \"sandbox value sandbox\"",
        "{\"type\":\"string\",\"maxLength\":3} | \"san\"",
        "{\"type\":\"string\",\"format\":\"date\"} | \"2026-01-01\"",
        "{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}-\\\\d{4}$\"} | \"AA-1111\"",
        "{\"enum\":[\"red\",\"green\"]} | \"red\"",
        "{\"const\":7} | 7",
        "{\"type\":\"integer\",\"minimum\":5,\"multipleOf\":4} | 8",
        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":0.5} | 0.25",
        "{\"type\":\"integer\",\"maximum\":-3} | -3",
        "{\"type\":[\"null\",\"boolean\"]} | true",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2} | [1,1]",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2,\"uniqueItems\":true} | [1,2]",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"maxItems\":0} | []",
        "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"integer\"}]} | 1",
        "{\"type\":\"OBJECT\",\"properties\":{\"city\":{\"type\":\"STRING\"}}} | {\"city\":\"sandbox city\"}",
        "{\"type\":\"object\",\"required\":[\"a\"]} | {\"a\":\"sandbox a\"}",
        "{\"$defs\":{\"n\":{\"type\":\"integer\"}},\"type\":\"object\",\"properties\":{\"x\":{\"$ref\":\"#/$defs/n\"}}} | {\"x\":1}",
        "{\"allOf\":[{\"properties\":{\"a\":{\"type\":\"integer\"}}},{\"properties\":{\"b\":{\"type\":\"boolean\"}}}]} | {\"a\":1,\"b\":true}",
      })
  void makesADocument(String schema, String expected) {
    assertThat(Json.text(SchemaExample.of(Json.parse(schema)))).isEqualTo(expected);
  }

  @Test
  void endsRecursionWhereTheSchemaAllowsIt() {
    var tree =
        Json.parse(
            """
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["name","children"],
             "properties":{"name":{"type":"string"},
              "children":{"type":"array","items":{"$ref":"#/$defs/node"}},
              "next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}}}}}\
            """);

    assertThat(Json.text(SchemaExample.of(tree)).length()).isLessThan(20_000);
  }
}
