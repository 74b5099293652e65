package dev.understudy.gateway;

import dev.understudy.chat.Failure;
import dev.understudy.json.Malformed;
import dev.understudy.protocol.Losses;
import java.util.List;
import java.util.stream.Collectors;

/** The failures that the gateway itself has to tell, in one voice. */
final class Failures {
  private Failures() {}

  static final String INVALID = "invalid_request_error";

  /** A vendor could not be reached, did not answer in time, or answered nonsense. */
  static Failure upstream(int status, String vendor, String what) {
    return Failure.of(
            status,
            status == 504 ? "timeout_error" : "api_error",
            "vendor " + vendor + " failed: " + what)
        .withVendor(vendor);
  }

  static Failure malformed(Malformed malformed) {
    Failure failure = Failure.of(400, INVALID, String.valueOf(malformed.getMessage()));
    return malformed.path().isEmpty() ? failure : failure.withParam(malformed.path());
  }

  static Failure unknownModel(String name, List<String> near) {
    String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
    String hint =
        near.isEmpty()
            ? "ask for a route, or for vendor/model; GET /v1/models lists both"
            : "did you mean " + String.join(" or ", near) + "?";
    return Failure.of(404, "not_found_error", "unknown model or route \"" + shown + "\": " + hint)
        .withCode("model_not_found")
        .withParam("model");
  }

  static Failure lost(String target, Losses losses) {
    return Failure.of(
            400,
            INVALID,
            "%s cannot carry %s, and x-understudy-strict forbids to go on without"
                .formatted(
                    target,
                    losses.kept().stream()
                        .map(loss -> loss.path() + " (" + loss.reason() + ")")
                        .collect(Collectors.joining(", "))))
        .withCode("unsupported_fields");
  }
}
