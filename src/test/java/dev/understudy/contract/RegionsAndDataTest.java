package dev.understudy.contract;

import static dev.understudy.contract.Rulings.API;
import static dev.understudy.contract.Rulings.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The worked examples of where and for what answers may be used, each by its name. */
final class RegionsAndDataTest {
  @Test
  void dataUseTagsAnswersThatMayNotTrainOnesOwnModel() {
    ContractVersion version =
        Contracts.terms("data-use: {outputs-train-competing: false, residency: [eu]}\n");
    Subject training = Subject.asker("o", "t", Map.of("use", Compiler.TRAIN_COMPETING), Set.of());
    Rules rules = state(version, new Chain(), "2026-01-01").rules();

    assertThat(rules.judge("a", "custom", "m", "eu-west-1", training).why())
        .isEqualTo("its answers may not train a competing model");
    assertThat(rules.judge("a", "custom", "m", "eu-west-1", API).allowed()).isTrue();
    assertThat(rules.judge("a", "custom", "m", "us-east-1", API).why())
        .isEqualTo("it answers in us-east-1, and it must be served in eu");
    assertThat(rules.judge("other", "custom", "m", "us-east-1", training).allowed()).isTrue();
  }

  @Test
  void regionIsDeniedBeforeEverythingElse() {
    ContractVersion version =
        Contracts.terms(
            """
            regions: {allow: [eu, us], deny: [us-gov]}
            exclusivity:
              - {id: ex-1, grantor: us, beneficiary: a, kind: exclusive, of: hosting}
            """);
    Rules rules = state(version, new Chain(), "2026-01-01").rules();

    assertThat(rules.judge("b", "custom", "m", "cn-north-1", API).basis())
        .isEqualTo("acme v1 regions");
    assertThat(rules.judge("b", "custom", "m", "eu-west-1", API).basis()).isEqualTo("acme v1 ex-1");
    assertThat(rules.judge("a", "custom", "m", "us-gov-west-1", API).allowed()).isFalse();
    assertThat(rules.judge("a", "custom", "m", "", API).why())
        .isEqualTo("its region is not known, and it must be served in eu or us");
  }

  @Test
  void exportControlKeepsOutSegmentsAndCountriesByTheTagsOfKeys() {
    ContractVersion version = Contracts.terms("regions: {export-control: [military, KP]}\n");
    Rules rules = state(version, new Chain(), "2026-01-01").rules();

    assertThat(rules.judge("a", "custom", "m", "", asker("country", "kp")).why())
        .isEqualTo("country kp is not served");
    assertThat(rules.judge("a", "custom", "m", "", asker("segment", "military")).why())
        .isEqualTo("segment military is not served");
    assertThat(rules.judge("a", "custom", "m", "", asker("country", "SE")).allowed()).isTrue();
    assertThat(rules.judge("a", "custom", "m", "", API).allowed()).isTrue();
  }

  private static Subject asker(String tag, String value) {
    return Subject.asker("o", "t", Map.of(tag, value), Set.of());
  }
}
