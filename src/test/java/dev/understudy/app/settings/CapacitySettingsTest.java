package dev.understudy.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.capacity.Burn;
import dev.understudy.capacity.Dimension;
import dev.understudy.capacity.HeaderDialect;
import dev.understudy.capacity.Provisioned;
import dev.understudy.capacity.Terms;
import dev.understudy.vendor.Catalogue;
import dev.understudy.vendor.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CapacitySettingsTest {

  @Test
  void readsWhatAVendorAllowsAndWhatWasBought() throws BadSettings {
    Settings settings =
        read(
            """
            vendors:
              azure:
                url: "https://x.openai.azure.com"
                key: a-key-of-azure
                capacity:
                  gpt-5-ptu:
                    provisioned: {units: 100, tokens-per-unit: 2500, output-weight: "4", hours: "mon-fri 08:00-18:00"}
                  "gpt-*": {requests: 600, tokens: 100000, concurrent: 20, interactive-share: 30}
            """);

    Terms bought = settings.capacityBook().terms("azure", "gpt-5-ptu");
    assertThat(bought.headers().name()).isEqualTo("azure");
    assertThat(bought.provisioned())
        .hasValueSatisfying(it -> {
          assertThat(it.units()).isEqualTo(100);
          assertThat(it.burn()).isEqualTo(new Burn(4, 0, true));
          assertThat(it.enter()).isEqualTo(0.95);
          assertThat(it.beyond()).isEqualTo(Provisioned.Beyond.REFUSED);
        });
    Terms standard = settings.capacityBook().terms("azure", "gpt-5.1");
    assertThat(standard.limits())
        .isEqualTo(Map.of(Dimension.REQUESTS, 600L, Dimension.TOKENS, 100_000L));
    assertThat(standard.concurrent()).isEqualTo(20);
    assertThat(standard.interactiveShare()).isEqualTo(0.3);
    assertThat(settings.capacityBook().terms("azure", "o3").limits()).isEmpty();
  }

  @Test
  void theCatalogueKnowsHowVendorsCountAndInWhichHeadersTheySayWhatIsLeft() throws BadSettings {
    Settings settings =
        read(
            """
            vendors:
              bedrock: {region: eu-west-1, key: a-key-of-bedrock}
              groq: {key: a-key-of-groq}
              own: {protocol: anthropic-messages, url: "http://127.0.0.1:1", key: none}
            """);

    assertThat(
            settings
                .capacityBook()
                .terms("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0")
                .burn())
        .isEqualTo(new Burn(5, 0, true));
    assertThat(settings.capacityBook().terms("bedrock", "amazon.nova-pro-v1:0").burn())
        .isEqualTo(new Burn(1, 0, true));
    assertThat(settings.capacityBook().terms("groq", "x").headers().name()).isEqualTo("groq");
    assertThat(settings.capacityBook().terms("own", "x").headers().name()).isEqualTo("anthropic");
    assertThat(settings.capacityBook().terms("nobody", "x")).isEqualTo(Terms.UNKNOWN);
    for (Kind kind : Catalogue.load().kinds()) {
      assertThat(HeaderDialect.named(kind.limitHeaders())).as(kind.name()).isPresent();
    }
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    assertThatThrownBy(() ->
            read(
                """
                vendors:
                  groq:
                    key: a-key-of-groq
                    capacity:
                      a: {headers: grok, output-weight: "much"}
                      b: {provisioned: {units: 3}}
                      c: {provisioned: {tokens-per-unit: 10, spill-at: 80, back-at: 90}}
                      d: {provisioned: {tokens-per-unit: 10, hours: nights, beyond: ignore}}
                      e: {requests: 0}
                """))
        .isInstanceOfSatisfying(
            BadSettings.class,
            bad ->
                assertThat(bad.lines())
                    .anyMatch(line -> line.contains("unknown dialect of limit headers \"grok\""))
                    .anyMatch(line -> line.contains("output-weight must be a number from 0 to 100"))
                    .anyMatch(line -> line.contains("provisioned needs tokens-per-unit"))
                    .anyMatch(line -> line.contains("spill-at is 80 and back-at 90"))
                    .anyMatch(line -> line.contains("hours are written as 24x7"))
                    .anyMatch(line -> line.contains("beyond is refuse or charge"))
                    .anyMatch(line -> line.contains("requests")));
  }

  private static Settings read(String yaml) throws BadSettings {
    return Settings.read(
        Path.of("understudy.yaml"), yaml.getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
