package dev.understudy.evaluation;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts one question to several targets at once, for a person who wants to see them side by side.
 */
public interface Comparer {
  /** More targets than this are not compared at once. */
  int TARGETS_MAX = 16;

  /**
   * What is asked.
   *
   * @param targets {@code vendor/model} or routes
   * @param maxTokens 0 to leave it to the vendors
   * @param stream whether answers are asked for as streams, so that the first word is timed too
   * @param callersKey the key the calls are made with; empty where none is needed
   * @param patience with one answer
   */
  record Asked(
      List<String> targets,
      List<Turn> turns,
      int maxTokens,
      boolean stream,
      String callersKey,
      Duration patience) {
    public Asked {
      targets = List.copyOf(targets);
      turns = List.copyOf(turns);
    }

    /** Without the key, which is nobody's to read. */
    @Override
    public String toString() {
      return "Asked[" + String.join(", ", targets) + "]";
    }
  }

  /**
   * What came of one target.
   *
   * @param target as it was asked for
   * @param served who answered; empty if nobody did
   * @param status the HTTP status; 0 if there was no reply
   * @param text the answer; empty if there is none
   * @param error why there is none; empty if there is one
   * @param finish why it ended, in the words of the Chat protocol
   * @param millis until the end
   * @param firstMillis until the first piece of text; negative if that was not timed
   * @param exchange the record's name
   */
  record Compared(
      String target,
      String served,
      int status,
      String text,
      String error,
      String finish,
      long millis,
      long firstMillis,
      long inputTokens,
      long outputTokens,
      String exchange) {}

  /**
   * Asks all at once.
   *
   * @param each takes each answer when it is there, one after the other
   */
  void compare(Asked asked, Consumer<Compared> each) throws InterruptedException;
}
