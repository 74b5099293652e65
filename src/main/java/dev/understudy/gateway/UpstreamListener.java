package dev.understudy.gateway;

/** What hears one request's fate at a vendor; every method is called on the call's event loop. */
interface UpstreamListener {
  void head(ResponseHead head) throws BadResponse;

  /** Some of the body; the array is only good during the call. */
  void body(byte[] bytes, int offset, int length);

  /** The response is complete. */
  void end();

  /** One read was worked off: what is ready for the caller may go. */
  void readComplete();

  /**
   * There will be no more: the connection could not be made, was lost, or carried nonsense.
   *
   * @param neverAnswered whether not one byte of a response had come
   * @param allSent whether the whole request had gone out
   */
  void failed(String reason, boolean neverAnswered, boolean allSent);

  /** Hearing it failed in a way that nobody expected; the connection is closed. */
  void fault(RuntimeException cause);
}
