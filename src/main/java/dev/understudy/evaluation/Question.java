package dev.understudy.evaluation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What is asked of one target.
 *
 * @param target {@code vendor/model} or a route
 * @param toolsJson a JSON array; empty for none
 * @param repeat which of several answers to the same question, from 0
 */
public record Question(
    String target, List<Turn> turns, String toolsJson, Sampling sampling, int repeat) {

  /**
   * How the answer is drawn.
   *
   * @param temperature negative to leave it to the vendor
   * @param maxTokens 0 to leave it to the vendor
   * @param beginnings how many first tokens are to be told with their chances; 0 for none
   */
  public record Sampling(double temperature, int maxTokens, int beginnings) {
    /** Without the chances of tokens. */
    public Sampling(double temperature, int maxTokens) {
      this(temperature, maxTokens, 0);
    }
  }

  public Question {
    turns = List.copyOf(turns);
  }

  /** The same for the same question, and for no other. */
  public String key() {
    return key("");
  }

  /**
   * What answers are kept by.
   *
   * @param behind who answers under the target's name, as far as that is known: the same name
   *     somewhere else is another model
   */
  String key(String behind) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (!behind.isEmpty()) {
        add(digest, behind);
      }
      add(digest, target);
      for (Turn turn : turns) {
        add(digest, turn.role());
        add(digest, turn.text());
      }
      add(digest, toolsJson);
      add(digest, sampling.temperature() + " " + sampling.maxTokens() + " " + repeat);
      if (sampling.beginnings() > 0) {
        add(digest, "beginnings " + sampling.beginnings());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** With its length, so that two texts never run into one another. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }
}
