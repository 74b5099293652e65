package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.vendor.Secret;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL does what every database does, and says why it cannot be used. */
final class PostgresTest extends DatabaseContract {
  private final PostgresServer server = PostgresServer.shared();
  private PostgresAddress address;

  @Override
  Database fresh(Migrations migrations) throws Exception {
    address = server.fresh();
    return again(migrations);
  }

  @Override
  Database again(Migrations migrations) {
    return new Database(new Postgres(address), migrations);
  }

  @Test
  void aWrongPasswordIsSaidToBeOneAndNotRepeated() throws IOException {
    try (Database database = Database.shared(server.address("postgres", "guessed"))) {
      assertThatThrownBy(database::ensureOpen)
          .isInstanceOf(StoreProblem.class)
          .hasMessageContaining(
              "does not let user understudy in; set store.user and store.password")
          .hasMessageNotContaining("guessed");
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    try (Database database = Database.shared(server.address("nowhere", server.password()))) {
      assertThatThrownBy(database::ensureOpen)
          .hasMessageEndingWith("/nowhere does not exist; create it with createdb");
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsNamed() {
    var nobody =
        PostgresAddress.parse("postgres://u@127.0.0.1:1/db", Optional.empty(), Optional.empty(), 2);

    try (Database database = Database.shared(nobody)) {
      assertThatThrownBy(database::ensureOpen)
          .hasMessageStartingWith("the database 127.0.0.1:1/db cannot be reached: ");
    }
  }

  @Test
  void aServerThatWasAwayIsUsedAgain() throws Exception {
    PostgresServer own = PostgresServer.start();
    try (Database database = Database.shared(own.fresh())) {
      var store = new SqlKeyStore(database);
      assertThat(store.version()).isZero();
      own.end();
      assertThatThrownBy(store::version).isInstanceOf(StoreProblem.class);
      assertThatThrownBy(store::version).hasMessageContaining("cannot be reached");
      own.begin();

      assertThat(store.version()).isZero();
    } finally {
      own.end();
    }
  }

  @Test
  void twoReplicasThatStartTogetherMakeTheTablesOnce() throws Exception {
    address = server.fresh();
    try (Database one = again(Migrations.ALL);
        Database other = again(Migrations.ALL)) {
      Thread first = Thread.startVirtualThread(() -> open(one));
      Thread second = Thread.startVirtualThread(() -> open(other));
      first.join();
      second.join();

      assertThat(new SqlKeyStore(one).load()).isEqualTo(new SqlKeyStore(other).load());
    }
  }

  private static void open(Database database) {
    try {
      database.ensureOpen();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anAddressIsTakenApart() {
    var address =
        PostgresAddress.parse(
            "postgresql://me:p%40ss@[::1]:6543/our%20db?sslmode=verify-full&sslrootcert=/ca.pem",
            Optional.empty(), Optional.of(new Secret("better")), 8);

    assertThat(address.jdbc()).isEqualTo("jdbc:postgresql://[::1]:6543/our+db");
    assertThat(address.user()).contains("me");
    assertThat(address.password()).map(Secret::reveal).contains("better");
    assertThat(address.tls()).isEqualTo("verify-full");
    assertThat(address.ca()).contains("/ca.pem");
    assertThat(
            PostgresAddress.parse("postgres://h/d", Optional.empty(), Optional.empty(), 8).port())
        .isEqualTo(5432);
    assertThat(address.toString()).doesNotContain("better", "p@ss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://h/d",
        "postgres://h",
        "postgres://h/",
        "postgres:///d",
        "postgres://h/d#x",
        "h:5432/d",
        "postgres://h/a b"
      })
  void anAddressThatIsNoneIsNotRepeated(String url) {
    assertThatThrownBy(() -> PostgresAddress.parse(url, Optional.empty(), Optional.empty(), 8))
        .hasMessage("must be an address such as postgres://user@host:5432/database");
  }

  @ParameterizedTest
  @CsvSource({
    "postgres://h/d?sslmode=maybe, has an sslmode that is none of",
    "postgres://h/d?user=x, 'knows the parameters sslmode and sslrootcert only, not user'",
  })
  void aParameterThatIsNotKnownIsNamed(String url, String words) {
    assertThatThrownBy(() -> PostgresAddress.parse(url, Optional.empty(), Optional.empty(), 8))
        .hasMessageContaining(words);
  }
}
