package dev.understudy.gain;

import java.util.List;

/**
 * How much each part of a stack counts in what is said of a prompt.
 *
 * @param plain of the forest that knows form and topics
 * @param full of the forest that knows lines and domains too
 * @param line of the lines alone
 */
record Mix(float plain, float full, float line) {
  /**
   * What is chosen among, the safest first: forests and lines err in different places, so that both
   * together err less.
   */
  static final List<Mix> CHOICE =
      List.of(
          new Mix(0, 0.67f, 0.33f),
          new Mix(0, 1, 0),
          new Mix(0, 0.5f, 0.5f),
          new Mix(0.5f, 0.5f, 0),
          new Mix(0.25f, 0.25f, 0.5f),
          new Mix(1, 0, 0),
          new Mix(0, 0, 1));

  /** Words that told much in one domain tell less in another: the lines do not speak alone. */
  static final Mix UNSEEN_DOMAIN = new Mix(0.5f, 0.5f, 0);

  Mix {
    float sum = plain + full + line;
    if (!(plain >= 0 && full >= 0 && line >= 0) || !(sum > 0.99 && sum < 1.01)) {
      throw new IllegalArgumentException("the shares of a mix are 1 together");
    }
  }

  double of(Stack.Said said) {
    return plain * said.plain() + full * said.full() + line * said.line();
  }
}
