package dev.understudy.gain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Estimates what the strong model gains on a prompt: the chance that it is right less the chance
 * that the cheap one is. Unchanging, and safe to ask from any thread.
 */
public final class GainModel {
  private static final int EXPLAINED_WORDS_MAX = 400;

  private final About about;
  private final Stack stack;
  private final Mix mix;
  private final Isotonic known;
  private final Isotonic unknown;
  private final float[] usualForm;
  private final float[] quantiles;
  private final int[] learned;

  /**
   * What a model is made of.
   *
   * @param cheap the cheap target's name
   * @param strong the strong target's name
   * @param outcomes how many it learned from
   * @param cheapMean the cheap model's mean score over them
   * @param strongMean the strong model's mean score over them
   * @param area under its curve (APGR), each outcome judged by what was learned from others
   * @param seed of all chance in its making
   */
  public record About(
      String cheap,
      String strong,
      int outcomes,
      double cheapMean,
      double strongMean,
      double area,
      long seed) {}

  /**
   * A reason of an estimate.
   *
   * @param what a figure of the prompt's form with its value, a word, or the domain
   * @param effect by how much the estimate is higher than if this were as usual, or not there
   */
  public record Reason(String what, double effect) {}

  /** An estimate with its reasons, the strongest first. */
  public record Explanation(double gain, List<Reason> reasons) {
    public Explanation {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * @param mix how much forests and lines count where the domain was seen
   * @param known sets right what is said where the domain was seen
   * @param unknown sets right what is said where it was not
   * @param usualForm the middle of each figure of form
   * @param quantiles of the estimates, from the least to the greatest, in hundredths
   * @param learned hashes of the prompts that it learned from, ascending
   */
  GainModel(
      About about,
      Stack stack,
      Mix mix,
      Isotonic known,
      Isotonic unknown,
      float[] usualForm,
      float[] quantiles,
      int[] learned) {
    this.about = about;
    this.stack = stack;
    this.mix = mix;
    this.known = known;
    this.unknown = unknown;
    this.usualForm = usualForm;
    this.quantiles = quantiles;
    this.learned = learned;
  }

  public About about() {
    return about;
  }

  /** The domains that it has seen, in their order; the empty one stands for none. */
  public List<String> domains() {
    return stack.domains().known.keySet().stream().sorted().toList();
  }

  /**
   * Estimates the gain.
   *
   * @param domain what the prompt belongs to; empty, or one never seen, if that is not known
   * @return -1 to 1; by calibration, the mean gain over prompts that are estimated like this
   */
  public double gain(String prompt, String domain) {
    return gain(Reading.of(prompt), domain);
  }

  private double gain(Reading reading, String domain) {
    Stack.Said said = stack.of(reading, domain);
    double gain =
        stack.domains().knows(domain)
            ? known.of(mix.of(said))
            : unknown.of(Mix.UNSEEN_DOMAIN.of(said));
    return Math.clamp(gain, -1, 1);
  }

  /**
   * The estimate that this share of prompts like those learned from exceeds.
   *
   * @param strongShare how many are to go to the strong model, 0 to 1
   */
  public double thresholdFor(double strongShare) {
    double at = (1 - strongShare) * (quantiles.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(below + 1, quantiles.length - 1);
    // All of them, and none of them, whatever the outermost estimates are.
    if (strongShare >= 1) {
      return -2;
    }
    if (strongShare <= 0) {
      return 2;
    }
    return quantiles[below] + (at - below) * (quantiles[above] - quantiles[below]);
  }

  /** Whether it learned from this very prompt, so that asking about it proves nothing. */
  public boolean learnedFrom(String prompt) {
    return Arrays.binarySearch(learned, hash(prompt)) >= 0;
  }

  /** Of a prompt without the width of its spaces. */
  static int hash(String prompt) {
    long mixed = 1_125_899_906_842_597L;
    boolean space = false;
    String plain = prompt.strip();
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (Character.isWhitespace(c)) {
        space = true;
        continue;
      }
      if (space) {
        mixed = 31 * mixed + ' ';
        space = false;
      }
      mixed = 31 * mixed + c;
    }
    mixed ^= mixed >>> 32;
    mixed *= 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32);
  }

  /**
   * Explains an estimate: each figure is put to its usual value, each word left out, and the
   * difference said. Takes milliseconds; nothing for a call's path.
   *
   * @param reasonsMax how many are told
   */
  public Explanation explain(String prompt, String domain, int reasonsMax) {
    Reading reading = Reading.of(prompt);
    double gain = gain(reading, domain);
    // Before it is set right, where steps would hide small effects.
    double raw = raw(reading, domain);
    var reasons = new ArrayList<Reason>();
    for (int i = 0; i < reading.form.length; i++) {
      double value = reading.form[i];
      reading.form[i] = usualForm[i];
      reasons.add(
          new Reason(
              String.format(Locale.ROOT, "%s %.3g", Reading.FORM.get(i), value),
              raw - raw(reading, domain)));
      reading.form[i] = value;
    }
    Set<String> words = new LinkedHashSet<>(reading.tokens);
    words.stream()
        .limit(EXPLAINED_WORDS_MAX)
        .filter(word -> Character.isLetter(word.charAt(0)))
        .forEach(word ->
            reasons.add(
                new Reason("word \"" + word + "\"", raw - raw(reading.without(word), domain))));
    if (!domain.isEmpty() && stack.domains().knows(domain)) {
      reasons.add(
          new Reason("domain \"" + domain + "\"", raw - mix.of(stack.withoutDomain(reading))));
    }
    reasons.removeIf(reason -> Math.abs(reason.effect()) < 1e-6);
    reasons.sort(Comparator.comparingDouble(reason -> -Math.abs(reason.effect())));
    return new Explanation(gain, reasons.subList(0, Math.min(reasonsMax, reasons.size())));
  }

  private double raw(Reading reading, String domain) {
    Stack.Said said = stack.of(reading, domain);
    return (stack.domains().knows(domain) ? mix : Mix.UNSEEN_DOMAIN).of(said);
  }

  // --- for the file ---

  Stack stack() {
    return stack;
  }

  Mix mix() {
    return mix;
  }

  Isotonic known() {
    return known;
  }

  Isotonic unknown() {
    return unknown;
  }

  float[] usualForm() {
    return usualForm;
  }

  float[] quantiles() {
    return quantiles;
  }

  int[] learned() {
    return learned;
  }
}
