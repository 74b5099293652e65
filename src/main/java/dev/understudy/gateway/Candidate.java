package dev.understudy.gateway;

import dev.understudy.routing.Target;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Vendor;

/**
 * A target with all that one attempt at it needs.
 *
 * @param relay true: both sides speak the same protocol, and bytes are passed on; false: translate
 */
record Candidate(
    Target target,
    Vendor vendor,
    Endpoint endpoint,
    Credential credential,
    Operation operation,
    String path,
    boolean relay) {

  /** The same, its reply to be read and written anew whatever both sides speak. */
  Candidate translated() {
    return new Candidate(target, vendor, endpoint, credential, operation, path, false);
  }
}
