package dev.understudy.chat;

import java.util.Optional;

/**
 * Why there is no answer, in a form that every protocol can tell.
 *
 * @param status HTTP status, 400 to 599
 * @param type the kind of error: the vendor's own word where a vendor failed
 * @param code a finer code, where there is one
 * @param param the field that is to blame, where there is one
 * @param vendor the vendor that failed; empty when the gateway itself refuses
 * @param retryAfterSeconds when trying again makes sense
 * @param vendorJson the vendor's own error object, whole
 */
public record Failure(
    int status,
    String type,
    Optional<String> code,
    String message,
    Optional<String> param,
    Optional<String> vendor,
    Optional<Long> retryAfterSeconds,
    Optional<String> vendorJson) {

  /** A failure of the gateway's own. */
  public static Failure of(int status, String type, String message) {
    return new Failure(
        status,
        type,
        Optional.empty(),
        message,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public Failure withVendor(String name) {
    return new Failure(
        status, type, code, message, param, Optional.of(name), retryAfterSeconds, vendorJson);
  }

  public Failure withParam(String field) {
    return new Failure(
        status, type, code, message, Optional.of(field), vendor, retryAfterSeconds, vendorJson);
  }

  public Failure withCode(String text) {
    return new Failure(
        status, type, Optional.of(text), message, param, vendor, retryAfterSeconds, vendorJson);
  }

  public Failure withRetryAfter(long seconds) {
    return new Failure(
        status, type, code, message, param, vendor, Optional.of(seconds), vendorJson);
  }
}
