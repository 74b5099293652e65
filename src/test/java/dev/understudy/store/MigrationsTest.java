package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class MigrationsTest {
  /**
   * What a step did is in people's databases: one that is edited makes databases of one number that
   * differ. A new step gets a line of its own here; no line is changed.
   */
  @Test
  void aStepIsNeverEdited() throws Exception {
    var digests = new StringBuilder();
    for (String step : Migrations.ALL.names()) {
      for (Dialect dialect : Dialect.values()) {
        byte[] digest =
            MessageDigest.getInstance("SHA-256")
                .digest(Migrations.script(step, dialect).getBytes(StandardCharsets.UTF_8));
        digests.append(
            "%s %s %s\n".formatted(step, dialect, HexFormat.of().formatHex(digest, 0, 8)));
      }
    }

    assertThat(digests)
        .asString()
        .isEqualTo(
            """
            001-keys SQLITE 096be557001e1ca8
            001-keys POSTGRES 096be557001e1ca8
            002-ledger SQLITE ae98f6a6f1c5b0f1
            002-ledger POSTGRES ae98f6a6f1c5b0f1
            003-facts SQLITE 6d1486dd7567f644
            003-facts POSTGRES 3d22a43efba66320
            004-rollouts SQLITE a4090e26c10ceccd
            004-rollouts POSTGRES a4090e26c10ceccd
            005-settlement SQLITE 0ebf2ba362fa9ae0
            005-settlement POSTGRES 0ebf2ba362fa9ae0
            006-contracts SQLITE 0e822038657276af
            006-contracts POSTGRES 0e822038657276af
            007-exchanges SQLITE a057234fa63f100e
            007-exchanges POSTGRES 9f3ac7015a356fac
            008-plans SQLITE b2abb54927a31866
            008-plans POSTGRES b2abb54927a31866
            """);
  }
}
