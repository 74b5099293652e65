package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import java.util.Optional;

/** Brings one vendor's streamed reply to the caller, as bytes or in other words. */
interface Passage {

  /** More of the reply's body; the array is only good during the call. */
  void body(byte[] bytes, int offset, int length);

  /** One read was worked off. */
  void readComplete();

  /** The body is over, without an error of the connection. */
  void end();

  /** There will be no more of it; the attempt is told whether the caller has seen anything. */
  void broken(Failure failure);

  /** What the caller has, for somebody to go on with; empty where nobody can. */
  Optional<Told> told();

  /** Nobody goes on: ends as an error what the caller has. */
  void fail(Failure failure);

  /** Whether a part of an answer has come. */
  boolean hasContent();

  /** Lets what was held back go to the caller, because it has waited long enough. */
  void release();

  Reading reading();
}
