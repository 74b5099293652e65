package dev.understudy.gateway;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;

/** Says what a call probably consumed where the vendor did not, and marks it so. */
final class Estimates {
  /** English text and code come to about four bytes a token with the vendors' tokenizers. */
  static final int BYTES_PER_TOKEN = 4;

  private Estimates() {}

  /**
   * The usage of an attempt: the vendor's word where it is whole, and an estimate where there is
   * none, or where the answer broke off before the vendor's last word.
   */
  static Usage complete(Reading reading, Attempt.Outcome outcome, long promptBytes) {
    Usage said = reading.usage();
    return switch (outcome) {
      case ANSWERED -> said.isSaid() ? said : estimate(said, reading, promptBytes);
      case BROKEN, ABANDONED -> estimate(said, reading, promptBytes);
      // Vendors do not charge for what they refuse or never saw.
      case REFUSED, UNREACHED -> said;
    };
  }

  private static Usage estimate(Usage said, Reading reading, long promptBytes) {
    Tokens tokens = said.tokens();
    if (tokens.input() == 0) {
      tokens = tokens.with(Leaf.INPUT, tokens(promptBytes));
    }
    long output = tokens(reading.contentBytes());
    if (tokens.output() < output) {
      tokens = tokens.with(Leaf.OUTPUT, tokens.of(Leaf.OUTPUT) + output - tokens.output());
    }
    return new Usage(
        tokens, said.units(), said.serviceTier(), said.vendorJson(), true, said.violations());
  }

  static long tokens(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }
}
