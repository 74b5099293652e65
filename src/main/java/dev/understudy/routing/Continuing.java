package dev.understudy.routing;

/**
 * Whether a route goes on with an answer that breaks off after its first byte.
 *
 * @param timesMax so often for one call, 1 to 10
 */
public record Continuing(What what, int timesMax) {
  /** Text, three times. */
  public static final Continuing USUAL = new Continuing(What.TEXT, 3);

  /** What is gone on with. */
  public enum What {
    TEXT("text"),
    /** Nothing: what breaks off ends as an error. */
    OFF("off");

    private final String text;

    What(String text) {
      this.text = text;
    }

    /** As settings write it. */
    public String text() {
      return text;
    }
  }

  /** Whether it does. */
  public boolean isOn() {
    return what == What.TEXT;
  }
}
