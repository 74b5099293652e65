package dev.understudy.vendor;

import java.io.IOException;

/** What lets us in at a vendor. No implementation shows its secret in {@link Object#toString()}. */
public interface Credential {

  /** A name for logs and metrics that tells keys of one vendor apart and nothing about them. */
  String label();

  /**
   * Whether {@link #sign} can be called now. If not, {@link #prepare} is called on a thread that
   * may block, and then {@code sign}.
   */
  default boolean isReady() {
    return true;
  }

  /**
   * Fetches what is needed; blocks.
   *
   * @throws java.io.IOException if it cannot be had, with a message fit for an operator
   */
  default void prepare() throws IOException, InterruptedException {}

  /** Adds the headers that let the request in. Never blocks. */
  void sign(VendorRequest request);
}
