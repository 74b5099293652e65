package dev.understudy.store;

import java.io.IOException;

/** Why a database cannot be used; the message is fit for an operator. */
public final class StoreProblem extends IOException {
  private static final long serialVersionUID = 1L;

  StoreProblem(String message, Throwable cause) {
    super(message, cause);
  }

  StoreProblem(String message) {
    super(message);
  }
}
