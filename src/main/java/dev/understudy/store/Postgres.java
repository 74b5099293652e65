package dev.understudy.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** PostgreSQL, which several replicas share. */
final class Postgres implements Engine {
  /** Any number that no other program takes a lock by. */
  private static final long STEPS_LOCK = 0x75736479L;

  private static final int CONNECT_SECONDS = 5;
  private static final int SOCKET_SECONDS = 60;

  private final PostgresAddress address;

  Postgres(PostgresAddress address) {
    this.address = address;
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  @Override
  public String place() {
    return address.place();
  }

  @Override
  public int readers() {
    return 0;
  }

  @Override
  public int writers() {
    return address.connections();
  }

  @Override
  public Connection connect(boolean forReading) throws SQLException {
    var properties = new Properties();
    address.user().ifPresent(user -> properties.setProperty("user", user));
    address.password().ifPresent(password -> properties.setProperty("password", password.reveal()));
    properties.setProperty("sslmode", address.tls());
    address.ca().ifPresent(file -> properties.setProperty("sslrootcert", file));
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(SOCKET_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    // A batch of inserts is one statement with many rows, instead of one for each.
    properties.setProperty("reWriteBatchedInserts", "true");
    properties.setProperty("ApplicationName", "understudy");
    // Found by its address, because its classes carry annotations that we do not have.
    return DriverManager.getConnection(address.jdbc(), properties);
  }

  @Override
  public void begin(Connection connection, boolean reading) throws SQLException {
    connection.setAutoCommit(false);
    if (reading) {
      try (var statement = connection.createStatement()) {
        statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      }
    }
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    connection.rollback();
  }

  @Override
  public void lockForSteps(Session session) throws SQLException {
    session.one("SELECT pg_advisory_xact_lock(?)", _ -> 0, STEPS_LOCK);
  }

  @Override
  public void recognise(Session session) {
    // A database holds what its owner puts there; our tables are told by the steps they came from.
  }

  @Override
  public void note(int version, Session session) {
    // The table of steps says it.
  }

  @Override
  public boolean isWorthAnotherTry(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.equals("40001") || state.equals("40P01");
  }

  @Override
  public StoreProblem explain(SQLException e) {
    return new StoreProblem("the database " + address.place() + " " + message(e), e);
  }

  private String message(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    String said = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return switch (state) {
      case "28000", "28P01" ->
          "does not let user %s in; set store.user and store.password"
              .formatted(address.user().orElse("(none)"));
      case "3D000" -> "does not exist; create it with createdb";
      case "42501" ->
          "does not let user %s make or use tables there; grant it CREATE on the schema"
              .formatted(address.user().orElse("(none)"));
      case "25006" -> "is read only; name its primary server";
      case "53300" ->
          "has no connection left; raise its max_connections, or lower store.connections";
      case "53100" -> "has a full disk";
      case "57P01", "57P02", "57P03" -> "is just stopping or starting";
      default -> state.startsWith("08") ? "cannot be reached: " + said : "refuses: " + said;
    };
  }
}
