package dev.understudy.gateway;

/** A vendor's server sent something that is not HTTP/1.1. */
final class BadResponse extends Exception {
  private static final long serialVersionUID = 1L;

  BadResponse(String message) {
    super(message, null, false, false);
  }
}
