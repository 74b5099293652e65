package dev.understudy.gateway;

import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tokens;
import dev.understudy.chat.Usage;
import dev.understudy.protocol.Losses;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An answer that broke off after its first byte, while another target is asked to go on with it.
 */
final class Continuation {
  /** Some vendors refuse a smaller bound on the answer. */
  private static final long TOKENS_MIN = 16;

  /** Wishes that make an answer of a form which cannot be joined from two. */
  private static final Set<String> UNJOINABLE =
      Set.of("n", "modalities", "audio", "best_of", "logprobs");

  private final Told told;
  private final List<String> targets = new ArrayList<>();
  private Usage paid = Usage.UNSAID;
  private Failure failure;
  private final int timesMax;
  private int times;

  Continuation(Told told, Failure failure, int timesMax) {
    this.told = told;
    this.failure = failure;
    this.timesMax = timesMax;
  }

  /**
   * Why an answer to this request cannot be gone on with, wherever it broke; empty if it can.
   *
   * @param losses what reading the request could not carry
   */
  static Optional<String> unjoinable(ChatRequest request, Losses losses) {
    if (!(request.format() instanceof ReplyFormat.Text)) {
      return Optional.of("JSON was asked for");
    }
    if (request.sampling().logprobs().orElse(false)) {
      return Optional.of("it was asked how likely each token was");
    }
    return losses.kept().stream()
        .map(loss -> loss.path().substring(loss.path().lastIndexOf('.') + 1))
        .filter(name -> UNJOINABLE.contains(name) || name.equals("candidateCount"))
        .map(name -> name + " was asked for")
        .findFirst();
  }

  /** An attempt broke off, or did not go on; the next may. */
  void brokenBy(String target, Usage consumed, Failure why) {
    if (targets.isEmpty() || !targets.getLast().equals(target)) {
      targets.add(target);
    }
    paid = sum(paid, consumed);
    failure = why;
    times++;
  }

  boolean mayGoOn() {
    return times <= timesMax && told.obstacle().isEmpty();
  }

  Told told() {
    return told;
  }

  /** Why the answer broke off last. */
  Failure failure() {
    return failure;
  }

  /** Who answered, with the one that goes on now. */
  List<String> targets(String last) {
    var all = new ArrayList<>(targets);
    if (!all.getLast().equals(last)) {
      all.add(last);
    }
    return all;
  }

  /** What all attempts consumed together. */
  Usage total(Usage last) {
    return sum(paid, last);
  }

  /** How many characters the caller has. */
  int characters() {
    return told.text().length();
  }

  /**
   * Whether the caller has nothing yet that could be gone on with, so that the call is made anew.
   */
  private boolean isAnew() {
    return told.text().isBlank();
  }

  /** Joins what comes to what the caller has. */
  Seam seam(boolean byPrefix) {
    return byPrefix ? Seam.afterPrefix(told.text()) : Seam.afterInstruction(told.text());
  }

  /**
   * The request that asks to go on.
   *
   * @param byPrefix whether the model goes on when the conversation ends with its own words
   */
  ChatRequest of(ChatRequest asked, boolean byPrefix) {
    if (isAnew()) {
      return asked;
    }
    var messages = new ArrayList<>(asked.messages());
    messages.add(new Message(Role.ASSISTANT, List.of(new Part.Text(told.text().stripTrailing()))));
    if (!byPrefix) {
      String instruction = INSTRUCTION.formatted(Seam.anchor(told.text()));
      messages.add(new Message(Role.USER, List.of(new Part.Text(instruction))));
    }
    // The thinking was done before the answer began, and some models refuse to think in the middle.
    return new ChatRequest(
        asked.model(),
        messages,
        asked.tools(),
        asked.toolChoice(),
        asked.parallelToolCalls(),
        asked.format(),
        Thinking.UNSAID,
        left(asked.sampling()),
        asked.labels(),
        asked.stream(),
        asked.usageInStream());
  }

  /** How a model is asked to go on that answers anew after its own words. */
  static final String INSTRUCTION =
      "Your last message was cut off by a technical fault. Go on with it from exactly where it"
          + " stops, so that both read as one text. Begin by repeating the end of it, character for"
          + " character, which stands between the marks below, and then go on without a break. Do"
          + " not greet, explain, apologise, summarise or begin again, and do not write the marks.\n"
          + "<end>%s</end>";

  private Sampling left(Sampling sampling) {
    return sampling
        .maxTokens()
        .map(max ->
            sampling.withMaxTokens(
                Math.max(TOKENS_MIN, max - Estimates.tokens(told.text().length()))))
        .orElse(sampling);
  }

  private static Usage sum(Usage one, Usage other) {
    Tokens tokens = one.tokens();
    for (Map.Entry<Leaf, Long> count : other.tokens().byLeaf().entrySet()) {
      tokens = tokens.with(count.getKey(), tokens.of(count.getKey()) + count.getValue());
    }
    var units = new HashMap<String, BigDecimal>(one.units());
    other.units().forEach((unit, amount) -> units.merge(unit, amount, BigDecimal::add));
    return new Usage(
        tokens,
        units,
        other.serviceTier().or(one::serviceTier),
        Optional.empty(),
        one.estimated() || other.estimated(),
        List.of());
  }
}
