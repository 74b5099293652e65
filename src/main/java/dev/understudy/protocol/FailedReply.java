package dev.understudy.protocol;

import dev.understudy.chat.Failure;
import dev.understudy.json.Malformed;

/** A body that came with a status of success and tells a failure of the vendor all the same. */
public final class FailedReply extends Malformed {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public FailedReply(Failure failure) {
    super("", failure.message());
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
