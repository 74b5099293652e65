package dev.understudy.sandbox;

import java.util.List;

/** How one vendor's API speaks: its answers, its refusals, its signs of life. */
interface Voice {

  /** Whether a request of this method and path (without its query) is for this API. */
  boolean hears(String method, String path);

  /**
   * The answer to a request.
   *
   * @throws Refusal if the vendor would refuse it
   * @throws dev.understudy.json.Malformed if the body is not JSON
   */
  Answer answer(Call call);

  /** A refusal in the vendor's own form. */
  Answer refuse(SandboxProfile profile, Refusal refusal);

  /** What ends a stream of this call in which the vendor's model fails half way. */
  List<Frame> failInStream(Call call);

  /** A sign of life between events; empty if the vendor sends none. */
  byte[] heartbeat();
}
