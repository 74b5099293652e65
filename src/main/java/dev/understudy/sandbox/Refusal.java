package dev.understudy.sandbox;

/** A request that the imitated vendor would refuse, with what it would say. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final String param;

  private Refusal(int status, String code, String param, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.param = param;
  }

  /** A bad request, in words that fit every vendor. */
  static Refusal bad(String message) {
    return new Refusal(400, "", "", message);
  }

  /** A bad request that names the parameter and a code, as OpenAI does. */
  static Refusal bad(String message, String param, String code) {
    return new Refusal(400, code, param, message);
  }

  static Refusal of(int status, String message) {
    return new Refusal(status, "", "", message);
  }

  static Refusal of(int status, String code, String message) {
    return new Refusal(status, code, "", message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String param() {
    return param;
  }

  String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
