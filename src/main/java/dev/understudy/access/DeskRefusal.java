package dev.understudy.access;

/** Why a change of keys, teams or organisations is not made; the message is for an operator. */
public final class DeskRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of reason it is. */
  public enum Kind {
    /** What is named is not there. */
    UNKNOWN,
    /** What is asked for does not fit what is there. */
    CONFLICT,
    /** What is asked for makes no sense. */
    WRONG,
    /** The store cannot be used now. */
    AWAY
  }

  private final Kind kind;

  DeskRefusal(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
