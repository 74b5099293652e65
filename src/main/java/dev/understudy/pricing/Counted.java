package dev.understudy.pricing;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Tokens;

/** Which tokens a vendor counts to see whether a request is long. */
enum Counted {
  /** All that goes in, cached and written ones included. */
  INPUT,
  /** The prompt alone: without what the vendor's own tools brought in. */
  PROMPT;

  long of(Tokens tokens) {
    return switch (this) {
      case INPUT -> tokens.input();
      case PROMPT ->
          tokens.sum(leaf ->
              leaf.direction() == Leaf.Direction.INPUT && leaf.phase() != Leaf.Phase.TOOL_USE);
    };
  }
}
