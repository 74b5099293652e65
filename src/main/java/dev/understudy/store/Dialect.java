package dev.understudy.store;

/** What a database speaks, for the few places where that makes a difference. */
public enum Dialect {
  SQLITE,
  POSTGRES
}
