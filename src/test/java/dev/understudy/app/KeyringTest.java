package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Admission;
import dev.understudy.access.Callers;
import dev.understudy.access.KeyDesk;
import dev.understudy.access.Terms;
import dev.understudy.store.Database;
import dev.understudy.store.PostgresAddress;
import dev.understudy.store.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys over restarts, outages of the database, and several replicas. */
final class KeyringTest {
  private static final Callers OF_SETTINGS = new Callers(Map.of("yaml", "a-key-of-the-settings"));

  @TempDir private Path data;

  @Test
  void keysAreThereAfterARestartAndNoDatabaseIsMadeBeforeTheFirst() throws Exception {
    String text;
    try (Ring ring = embedded()) {
      assertThat(ring.opens("a-key-of-the-settings")).isTrue();
      assertThat(data.toFile().list()).isEmpty();
      text = ring.create();
      assertThat(ring.opens(text)).isTrue();
    }
    try (Ring ring = embedded()) {
      assertThat(ring.opens(text)).isTrue();
      assertThat(ring.opens("a-key-of-the-settings")).isTrue();
      ring.keys.replaceSettings(Callers.NONE);
      assertThat(ring.opens("a-key-of-the-settings")).isFalse();
      assertThat(ring.opens(text)).isTrue();
    }
  }

  @Test
  void noFileOfTheDataFolderTellsAKey() throws Exception {
    try (Ring ring = embedded()) {
      String secret = ring.create().substring("us-0123456789-0123".length());

      for (File file : data.toFile().listFiles()) {
        String content = Files.readString(file.toPath(), StandardCharsets.ISO_8859_1);
        assertThat(content).as(file.getName()).isNotEmpty().doesNotContain(secret);
      }
      assertThat(data.toFile().list()).contains("keys.json", "understudy.db");
    }
  }

  @Test
  void whatTheDatabaseSaysGoesBeforeWhatWasNoted() throws Exception {
    String revoked;
    byte[] noted;
    try (Ring ring = embedded()) {
      revoked = ring.create();
      noted = Files.readAllBytes(data.resolve("keys.json"));
      ring.keys.desk().revoke(revoked.split("-")[1]);
    }
    Files.write(data.resolve("keys.json"), noted);

    try (Ring ring = embedded()) {
      eventually(() -> !ring.opens(revoked));
    }
  }

  @Test
  void manyKeysAreNotedByAndByAndNeverOnesThatAreOver() throws Exception {
    Path note = data.resolve("keys.json");
    String text;
    try (Database database = Database.embedded(data.resolve("understudy.db"))) {
      database.write(session -> {
        var rows = new ArrayList<Object[]>();
        for (int i = 0; i <= Keyring.NOTED_AT_ONCE_MAX; i++) {
          rows.add(new Object[] {"many-" + i, "many-" + i});
        }
        session.batch(
            "INSERT INTO virtual_keys (id, name, team, tags, terms, created_at)"
                + " VALUES (?, ?, 'default', '{}', '{}', 0)",
            rows);
        session.batch(
            "INSERT INTO key_secrets (digest, key_id, hint, created_at)"
                + " VALUES (?, ?, 'us-', 0)",
            rows.stream().map(row -> new Object[] {digestOf((String) row[0]), row[0]}).toList());
        return 0;
      });
    }
    try (Ring ring = embedded()) {
      text = ring.create();
      eventually(() -> Files.exists(note));
      byte[] before = Files.readAllBytes(note);
      ring.keys.desk().revoke(text.split("-")[1]);
      assertThat(note.toFile().exists() && Arrays.equals(Files.readAllBytes(note), before))
          .isFalse();
    }
    // What was not noted yet is noted at the end.
    assertThat(Files.readString(note)).contains("revoked_at");
    try (Ring ring = embedded()) {
      assertThat(ring.opens(text)).isFalse();
      assertThat(ring.keys.desk().directory().keys()).hasSize(Keyring.NOTED_AT_ONCE_MAX + 2);
    }
  }

  private static String digestOf(String text) {
    return "%064x".formatted(text.hashCode() & 0xffffffffL);
  }

  @Test
  void aNoteOfNoUseIsMadeAnewFromTheDatabase() throws Exception {
    String text;
    try (Ring ring = embedded()) {
      text = ring.create();
    }
    Files.writeString(data.resolve("keys.json"), "{");

    try (Ring ring = embedded()) {
      assertThat(ring.opens(text)).isTrue();
    }
    assertThat(Files.readString(data.resolve("keys.json"))).contains("\"format\":1");
  }

  @Test
  void aDatabaseThatIsGoneIsNoReasonToLetEverybodyIn() throws Exception {
    try (Ring ring = embedded()) {
      ring.create();
    }
    Files.delete(data.resolve("understudy.db"));

    assertThatThrownBy(this::embedded)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("understudy.db is missing although")
        .hasMessageContaining("restore it from a backup");
  }

  @Test
  void replicasSeeEachOthersChangesWithinSeconds() throws Exception {
    PostgresAddress address = PostgresServer.shared().fresh();
    Path other = Files.createDirectory(data.resolve("other"));
    try (Ring one = shared(address, data);
        Ring two = shared(address, other)) {
      String text = one.create();
      assertThat(one.opens(text)).isTrue();
      eventually(() -> two.opens(text));

      String id = text.split("-")[1];
      two.keys.desk().revoke(id);
      assertThat(two.opens(text)).isFalse();
      eventually(() -> !one.opens(text));
    }
  }

  @Test
  void aRestartWhileTheSharedDatabaseIsAwayGoesOnWithTheKeysThatWereKnown() throws Exception {
    PostgresServer own = PostgresServer.start();
    try {
      PostgresAddress address = own.fresh();
      String text;
      try (Ring ring = shared(address, data)) {
        text = ring.create();
      }
      own.end();

      try (Ring ring = shared(address, data)) {
        assertThat(ring.opens(text)).isTrue();
        assertThatThrownBy(ring::create).hasMessageContaining("cannot be reached");
        own.begin();
        eventually(() -> {
          try {
            ring.create();
            return true;
          } catch (Exception e) {
            return false;
          }
        });
      }
      own.end();
      Path fresh = Files.createDirectory(data.resolve("fresh"));
      assertThatThrownBy(() -> shared(address, fresh)).hasMessageContaining("cannot be reached");
    } finally {
      own.end();
    }
  }

  private Ring embedded() throws IOException {
    Path file = data.resolve("understudy.db");
    return new Ring(data, Database.embedded(file), Optional.of(file));
  }

  private static Ring shared(PostgresAddress address, Path folder) throws IOException {
    return new Ring(folder, Database.shared(address), Optional.empty());
  }

  /** A keyring with what a gateway would have in force. */
  private static final class Ring implements AutoCloseable {
    private final Database database;
    private final Keyring keys;
    private final AtomicReference<Callers> inForce = new AtomicReference<>();

    Ring(Path folder, Database database, Optional<Path> embedded) throws IOException {
      this.database = database;
      keys = new Keyring(folder, database, embedded, OF_SETTINGS);
      inForce.set(keys.callers());
      keys.start(inForce::set);
    }

    String create() throws Exception {
      return keys.desk()
          .create(
              new KeyDesk.Wish(Optional.empty(), "default", Map.of(), Terms.NONE, Optional.empty()))
          .text()
          .reveal();
    }

    boolean opens(String text) {
      return inForce.get().admit(text, false, System.currentTimeMillis())
          instanceof Admission.Admitted;
    }

    @Override
    public void close() {
      keys.close();
      database.close();
    }
  }

  private static void eventually(BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it does not happen").isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
