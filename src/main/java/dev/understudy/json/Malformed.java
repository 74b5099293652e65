package dev.understudy.json;

/** JSON that is not what it must be; the message is fit for whoever sent it. */
public class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Where in the document, as a path such as {@code messages[2].content}; empty for the whole. */
  private final String path;

  private final String message;

  public Malformed(String path, String message) {
    // No stack trace: this is thrown for what callers send, as often as they like to send it.
    super(null, null, false, false);
    this.path = path;
    this.message = path.isEmpty() ? message : path + ": " + message;
  }

  @Override
  public String getMessage() {
    return message;
  }

  public String path() {
    return path;
  }
}
