package dev.understudy.access;

/** Whether a call is let in. */
public sealed interface Admission {
  /** It is. */
  record Admitted(Caller caller) implements Admission {}

  /**
   * It is not.
   *
   * @param status the HTTP status to answer with: 401 or 403
   * @param message what to do about it, for the caller; without what was shown
   */
  record Refused(int status, String message) implements Admission {}
}
