package dev.understudy.access;

import java.io.IOException;

/** A store in memory that others may write to, and that may be away. */
public final class MemoryKeyStore implements KeyStore {
  private Directory kept = Directory.EMPTY;
  private boolean away;

  public void away(boolean now) {
    away = now;
  }

  @Override
  public synchronized Directory load() throws IOException {
    check();
    return kept;
  }

  @Override
  public synchronized long version() throws IOException {
    check();
    return kept.version();
  }

  @Override
  public synchronized boolean save(Change change, long onTopOf) throws IOException {
    check();
    if (kept.version() != onTopOf) {
      return false;
    }
    kept = kept.after(change);
    return true;
  }

  private void check() throws IOException {
    if (away) {
      throw new IOException("the database is away");
    }
  }
}
