package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.store.PostgresServer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handful of kills; {@code bench/crash} does two hundred. */
final class CrashTest {
  @TempDir private Path folder;

  @Test
  void aKilledGatewayHasLostNoFinishedCallAndCountedNoneTwiceInSqlite() throws Exception {
    sound(Optional.empty());
  }

  @Test
  void aKilledGatewayHasLostNoFinishedCallAndCountedNoneTwiceInPostgres() throws Exception {
    sound(Optional.of(PostgresServer.shared()));
  }

  private void sound(Optional<PostgresServer> server) throws Exception {
    CrashTrial.Outcome outcome = CrashTrial.run(folder, server, 2, 20261127);

    assertThat(outcome.received()).isPositive();
    assertThat(outcome.isSound()).as("%s", outcome).isTrue();
  }
}
