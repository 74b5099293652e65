package dev.understudy.gain;

/** A file of outcomes cannot be used as it is; says where and why. */
public final class BadOutcomes extends Exception {
  private static final long serialVersionUID = 1L;

  BadOutcomes(String message) {
    super(message);
  }
}
