package dev.understudy.sandbox;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a judge is asked by this gateway, told by the marks around what is to be judged. */
sealed interface JudgeQuestion {
  Pattern FIRST = quoted("first answer");
  Pattern SECOND = quoted("second answer");
  Pattern ANSWER = quoted("answer");
  Pattern CONVERSATION = quoted("conversation");
  Pattern REVIEW =
      Pattern.compile(
          "^<request>\n(.*?)\n</request>\n\n<answer>\n(.*)\n</answer>$", Pattern.DOTALL);

  /** Which of two answers is better. */
  record Pair(String asked, String first, String second) implements JudgeQuestion {}

  /** How good one answer is. */
  record One(String asked, String answer) implements JudgeQuestion {}

  private static Pattern quoted(String what) {
    return Pattern.compile(
        "\\[%1$s ([0-9a-f]{16})\\]\n(.*?)\n\\[end of %1$s \\1\\]".formatted(what), Pattern.DOTALL);
  }

  /** Empty for whatever else a user may say. */
  static Optional<JudgeQuestion> of(String said) {
    if (!said.startsWith("<request>") && !said.contains("[end of ")) {
      return Optional.empty();
    }
    Matcher review = REVIEW.matcher(said);
    if (review.find()) {
      return Optional.of(new One(review.group(1), review.group(2)));
    }
    Optional<String> asked = find(CONVERSATION, said);
    Optional<String> first = find(FIRST, said);
    Optional<String> second = find(SECOND, said);
    if (asked.isPresent() && first.isPresent() && second.isPresent()) {
      return Optional.of(new Pair(asked.get(), first.get(), second.get()));
    }
    Optional<String> answer = find(ANSWER, said);
    return asked.isPresent() && answer.isPresent()
        ? Optional.of(new One(asked.get(), answer.get()))
        : Optional.empty();
  }

  private static Optional<String> find(Pattern pattern, String said) {
    Matcher found = pattern.matcher(said);
    return found.find() ? Optional.of(found.group(2)) : Optional.empty();
  }
}
