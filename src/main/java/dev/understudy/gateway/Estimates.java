package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.Source;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Tool;
import dev.understudy.chat.Usage;
import dev.understudy.exchange.Attempt;
import java.util.List;

/** Says what a call probably consumed where the vendor did not, and marks it so. */
final class Estimates {
  /** English text and code come to about four bytes a token with the vendors' tokenizers. */
  static final int BYTES_PER_TOKEN = 4;

  private Estimates() {}

  /**
   * The usage of an attempt whose request the vendor had: the vendor's word where it is whole, and
   * an estimate where there is none, or where the answer broke off before the vendor's last word.
   */
  static Usage complete(Reading reading, Attempt.Outcome outcome, long promptBytes) {
    Usage said = reading.usage();
    return switch (outcome) {
      case ANSWERED -> isWhole(said, reading) ? said : estimate(said, reading, promptBytes);
      case BROKEN, ABANDONED -> estimate(said, reading, promptBytes);
      // Vendors do not charge for what they refuse or never had.
      case REFUSED, UNREACHED -> said;
    };
  }

  /** Whether the vendor spoke of both sides of a call of which there were two. */
  private static boolean isWhole(Usage said, Reading reading) {
    return said.isSaid()
        && spokeOf(said, Leaf.Direction.INPUT)
        && (reading.contentBytes() == 0 || spokeOf(said, Leaf.Direction.OUTPUT));
  }

  private static boolean spokeOf(Usage said, Leaf.Direction side) {
    for (Leaf leaf : said.tokens().byLeaf().keySet()) {
      if (leaf.direction() == side) {
        return true;
      }
    }
    return false;
  }

  private static Usage estimate(Usage said, Reading reading, long promptBytes) {
    Tokens tokens = said.tokens();
    // What was said to be none is none, and only what nobody spoke of is reckoned.
    if (!spokeOf(said, Leaf.Direction.INPUT)) {
      tokens = tokens.with(Leaf.INPUT, tokens(promptBytes));
    }
    long output = tokens(reading.contentBytes());
    if (tokens.output() < output) {
      tokens = tokens.with(Leaf.OUTPUT, tokens.of(Leaf.OUTPUT) + output - tokens.output());
    }
    return new Usage(
        tokens, said.units(), said.serviceTier(), said.vendorJson(), true, said.violations());
  }

  /** How many tokens a prompt comes to, for callers whose target cannot count them. */
  static long prompt(ChatRequest request) {
    long bytes = 0;
    for (Message message : request.messages()) {
      bytes += BYTES_PER_TURN + bytes(message.parts());
    }
    for (Tool tool : request.tools()) {
      bytes +=
          switch (tool) {
            case Tool.Function function ->
                function.name().length()
                    + function.description().map(String::length).orElse(0)
                    + function.schemaJson().map(String::length).orElse(0);
            case Tool.Foreign foreign -> foreign.json().length();
            case Tool.CachePoint _ -> 0;
          };
    }
    return tokens(bytes);
  }

  /** Who speaks, and the marks around a turn, come to about four tokens. */
  private static final int BYTES_PER_TURN = 16;

  /** A picture of usual size comes to about a thousand tokens with every vendor. */
  private static final int BYTES_PER_MEDIUM = 4_000;

  private static long bytes(List<Part> parts) {
    long bytes = 0;
    for (Part part : parts) {
      bytes +=
          switch (part) {
            case Part.Text text -> text.text().length();
            case Part.Reasoning reasoning -> reasoning.text().length();
            case Part.Refusal refusal -> refusal.text().length();
            case Part.ToolCall call -> call.tool().length() + call.inputJson().length();
            case Part.ToolResult result -> bytes(result.content());
            case Part.Document(Source.PlainText(String text), _, _, _) -> text.length();
            case Part.Image _, Part.Audio _, Part.Video _, Part.Document _ -> BYTES_PER_MEDIUM;
            case Part.Foreign foreign -> foreign.json().length();
            case Part.CachePoint _ -> 0;
          };
    }
    return bytes;
  }

  static long tokens(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }
}
