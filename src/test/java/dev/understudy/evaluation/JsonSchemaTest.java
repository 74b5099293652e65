package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON Schema, draft 2020-12, as far as it is kept, and what is refused instead of passed over. */
final class JsonSchemaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"integer\"} | 1.0 | true",
        "{\"type\":\"integer\"} | 1.5 | false",
        "{\"type\":[\"string\",\"null\"]} | null | true",
        "{\"type\":[\"string\",\"null\"]} | 1 | false",
        "{\"enum\":[1,\"a\"]} | 1.0 | true",
        "{\"enum\":[1,\"a\"]} | \"b\" | false",
        "{\"const\":{\"a\":[1]}} | {\"a\":[1.0]} | true",
        "{\"minimum\":1,\"exclusiveMaximum\":2} | 2 | false",
        "{\"multipleOf\":0.1} | 0.3 | true",
        "{\"multipleOf\":0.1} | 0.35 | false",
        "{\"minLength\":2} | \"\\ud83d\\ude00\" | false",
        "{\"pattern\":\"^a+$\"} | \"aaa\" | true",
        "{\"pattern\":\"^a+$\"} | \"ab\" | false",
        "{\"pattern\":\"^a+$\"} | 7 | true",
        "{\"required\":[\"a\"]} | {\"b\":1} | false",
        "{\"required\":[\"a\"]} | [] | true",
        "{\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false} | {\"a\":\"x\"} | true",
        "{\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false} | {\"c\":\"x\"} | false",
        "{\"patternProperties\":{\"^x\":{\"type\":\"number\"}},\"additionalProperties\":false} | {\"xy\":1} | true",
        "{\"propertyNames\":{\"maxLength\":1}} | {\"ab\":1} | false",
        "{\"dependentRequired\":{\"a\":[\"b\"]}} | {\"a\":1} | false",
        "{\"dependentRequired\":{\"a\":[\"b\"]}} | {\"a\":1,\"b\":2} | true",
        "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":{\"type\":\"number\"}} | [\"a\",1,2] | true",
        "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false} | [\"a\",1] | false",
        "{\"contains\":{\"const\":1},\"maxContains\":1} | [1,2,1] | false",
        "{\"contains\":{\"const\":1}} | [2,1] | true",
        "{\"contains\":{\"const\":1},\"minContains\":0} | [2] | true",
        "{\"uniqueItems\":true} | [1,1.0] | false",
        "{\"uniqueItems\":true} | [1,true] | true",
        "{\"oneOf\":[{\"minimum\":1},{\"maximum\":3}]} | 2 | false",
        "{\"oneOf\":[{\"minimum\":1},{\"maximum\":3}]} | 4 | true",
        "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":3}]} | 2 | false",
        "{\"not\":{\"type\":\"string\"}} | \"x\" | false",
        "{\"if\":{\"properties\":{\"k\":{\"const\":1}}},\"then\":{\"required\":[\"a\"]},\"else\":{\"required\":[\"b\"]}} | {\"k\":1,\"b\":0} | false",
        "{\"if\":{\"properties\":{\"k\":{\"const\":1}}},\"then\":{\"required\":[\"a\"]},\"else\":{\"required\":[\"b\"]}} | {\"k\":2,\"b\":0} | true",
        "{\"$defs\":{\"n\":{\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}},\"required\":[\"v\"]}},\"$ref\":\"#/$defs/n\"} | {\"v\":1,\"next\":{\"v\":2}} | true",
        "{\"$defs\":{\"n\":{\"properties\":{\"next\":{\"$ref\":\"#/$defs/n\"}},\"required\":[\"v\"]}},\"$ref\":\"#/$defs/n\"} | {\"v\":1,\"next\":{}} | false",
        "{\"$ref\":\"#\"} | 1 | false",
        "true | 1 | true",
        "false | 1 | false",
      })
  void acceptsWhatTheDraftAccepts(String schema, String document, boolean accepted) {
    assertThat(JsonSchema.of(Json.parse(schema)).accepts(Json.parse(document))).isEqualTo(accepted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "{\"type\":\"text\"}",
        "{\"minimum\":\"1\"}",
        "{\"required\":\"a\"}",
        "{\"pattern\":\"(\"}",
        "{\"$ref\":\"#/$defs/none\"}",
        "{\"$ref\":\"https://example.com/schema\"}",
        "{\"unevaluatedProperties\":false}",
        "{\"properties\":{\"a\":{\"allOf\":[]}}}",
        "{\"multipleOf\":0}",
        "{\"typ\":\"string\"}",
      })
  void refusesWhatItWouldNotKeep(String schema) {
    assertThatThrownBy(() -> JsonSchema.of(Json.parse(schema)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the schema cannot be used at #");
  }
}
