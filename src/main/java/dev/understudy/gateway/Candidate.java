package dev.understudy.gateway;

import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Vitals;
import dev.understudy.routing.Waits;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Timeouts;
import dev.understudy.vendor.Vendor;

/**
 * A target with all that one attempt at it needs.
 *
 * @param use the target as the route uses it
 * @param relay true: both sides speak the same protocol, and bytes are passed on; false: translate
 * @param vitals how the target is doing
 * @param lastResort whether it is out, and asked only because nobody else answers
 */
record Candidate(
    RouteTarget use,
    Vendor vendor,
    Endpoint endpoint,
    Credential credential,
    Operation operation,
    String path,
    boolean relay,
    Vitals vitals,
    boolean lastResort) {

  Target target() {
    return use.target();
  }

  Candidate with(Credential key, boolean isLastResort) {
    return new Candidate(use, vendor, endpoint, key, operation, path, relay, vitals, isLastResort);
  }

  /** How long to wait for it: as the route says, else as for its vendor. */
  Timeouts timeouts() {
    Waits waits = use.waits();
    Timeouts usual = vendor.timeouts();
    return waits.isEmpty()
        ? usual
        : new Timeouts(
            waits.connect().orElse(usual.connect()),
            waits.firstToken().orElse(usual.firstToken()),
            waits.idle().orElse(usual.idle()),
            waits.total().orElse(usual.total()));
  }

  /** The same, its reply to be read and written anew whatever both sides speak. */
  Candidate translated() {
    return new Candidate(
        use, vendor, endpoint, credential, operation, path, false, vitals, lastResort);
  }
}
