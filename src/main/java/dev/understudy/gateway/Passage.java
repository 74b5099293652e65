package dev.understudy.gateway;

import dev.understudy.chat.Failure;

/** Brings one vendor's streamed reply to the caller, as bytes or in other words. */
interface Passage {

  /** More of the reply's body; the array is only good during the call. */
  void body(byte[] bytes, int offset, int length);

  /** One read was worked off. */
  void readComplete();

  /** The body is over, without an error of the connection. */
  void end();

  /** There will be no more; if the caller has seen anything, the stream is ended as an error. */
  void broken(Failure failure);

  /** Whether a part of an answer has come. */
  boolean hasContent();

  /** Lets what was held back go to the caller, because it has waited long enough. */
  void release();

  Reading reading();
}
