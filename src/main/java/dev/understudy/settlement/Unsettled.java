package dev.understudy.settlement;

/** A statement cannot be made of what is known; the message says what is missing. */
public final class Unsettled extends RuntimeException {
  private static final long serialVersionUID = 1;

  public Unsettled(String message) {
    super(message);
  }
}
