package dev.understudy.admin;

/** Why an operator's request is not followed; the message is fit for the operator. */
public final class AdminRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String message;

  /**
   * Refuses.
   *
   * @param status the HTTP status: 400, 404, 409 and the like
   * @param message fact, value and remedy; no secret
   */
  public AdminRefusal(int status, String message) {
    super(null, null, false, false);
    this.status = status;
    this.message = message;
  }

  public int status() {
    return status;
  }

  @Override
  public String getMessage() {
    return message;
  }
}
