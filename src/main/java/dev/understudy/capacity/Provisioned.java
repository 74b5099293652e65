package dev.understudy.capacity;

/**
 * Capacity that is paid for whether it is used or not, and therefore used first.
 *
 * @param units how many were bought
 * @param tokensPerUnit weighted tokens a minute that each is worth
 * @param burn how tokens are weighted
 * @param hours when it is there
 * @param enter from this share in use on, new sessions go elsewhere
 * @param leave down to this share in use, they still do
 * @param beyond what the vendor does with what goes beyond it
 */
public record Provisioned(
    int units,
    long tokensPerUnit,
    Burn burn,
    Hours hours,
    double enter,
    double leave,
    Beyond beyond) {
  public static final double USUAL_ENTER = 0.95;
  public static final double USUAL_LEAVE = 0.80;

  /** What happens beyond what was bought. */
  public enum Beyond {
    /** The vendor refuses, as Azure does: the next target answers. */
    REFUSED,
    /** The vendor serves it at its usual price, as Vertex AI and Anthropic do. */
    CHARGED
  }

  public Provisioned {
    if (units < 1 || tokensPerUnit < 1) {
      throw new IllegalArgumentException("units and tokens per unit are 1 or more");
    }
    if (!(leave > 0 && leave < enter && enter <= 1)) {
      throw new IllegalArgumentException(
          "spilling begins at %.0f %% and ends at %.0f %%; it must end lower than it begins"
              .formatted(enter * 100, leave * 100));
    }
  }

  /** All of it, in weighted tokens a minute. */
  double perMinute() {
    return (double) units * tokensPerUnit;
  }
}
