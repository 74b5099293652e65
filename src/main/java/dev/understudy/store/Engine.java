package dev.understudy.store;

import java.sql.Connection;
import java.sql.SQLException;

/** A kind of database, behind its driver. */
interface Engine {
  Dialect dialect();

  /** Which database it is: a file, or a server's address without credentials. */
  String place();

  /** How many connections there may be for reading; 0 if reading and writing share them. */
  int readers();

  /** How many connections there may be for writing. */
  int writers();

  Connection connect(boolean forReading) throws SQLException;

  /** Begins a transaction; one that reads sees everything as it was at one moment. */
  void begin(Connection connection, boolean reading) throws SQLException;

  void commit(Connection connection) throws SQLException;

  void rollback(Connection connection) throws SQLException;

  /** Keeps others from looking at the schema until this transaction is over. */
  void lockForSteps(Session session) throws SQLException;

  /** Looks at what is there before anything is changed; the message of an objection is final. */
  void recognise(Session session) throws SQLException, StoreProblem;

  /** Notes the schema's version where only this kind of database has a place for it. */
  void note(int version, Session session) throws SQLException;

  /** Whether the same transaction may go well when it is tried again at once. */
  boolean isWorthAnotherTry(SQLException e);

  /** What an operator is told. */
  StoreProblem explain(SQLException e);
}
