package dev.understudy.access;

import java.io.IOException;

/** Where the directory is kept. Its messages are fit for an operator. */
public interface KeyStore {
  /** All of it. */
  Directory load() throws IOException;

  /** The version that is kept, to see whether somebody else changed something. */
  long version() throws IOException;

  /**
   * Keeps one change, durably, if nothing else has changed.
   *
   * @param onTopOf the version of the directory that the change was made for
   * @return false if the version is another by now; then nothing was kept
   */
  boolean save(Change change, long onTopOf) throws IOException;
}
