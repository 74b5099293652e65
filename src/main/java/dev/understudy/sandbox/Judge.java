package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The sandbox's model as a judge: it holds an answer for as good as the share of the question's
 * words that it holds, and errs as often as it is told to.
 *
 * @param instructions all that it was told, which is looked at only if it is to judge
 * @param position in so many of a hundred pairs the answer shown first is the better one to it
 * @param length in so many of a hundred pairs the longer one is
 * @param nonsense so many of a hundred questions get no verdict
 * @param gullible in so many of a hundred questions it does as an answer asks of it
 */
record Judge(Supplier<String> instructions, int position, int length, int nonsense, int gullible) {
  private static final Pattern ERRS =
      Pattern.compile("(?<=sandbox-judge-|[0-9]-)(position|length|nonsense|gullible)-(\\d{1,3})");
  private static final Pattern SCALE = Pattern.compile("whole numbers from 1 to (\\d{1,3})");
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final double GOOD = 0.5;

  /** How it was told to reply. */
  private enum Form {
    JSON,
    TAGGED,
    TOKEN,
    APPROVAL,
    PERCENT
  }

  /** As a model's name says that it errs: {@code sandbox-judge-position-20-nonsense-5}. */
  static Judge of(String model, Supplier<String> instructions) {
    int[] rates = new int[4];
    int at = model.indexOf("sandbox-judge-");
    Matcher errs = ERRS.matcher(at < 0 ? "" : model.substring(at));
    while (errs.find()) {
      int rate = Math.min(100, Integer.parseInt(errs.group(2)));
      switch (errs.group(1)) {
        case "position" -> rates[0] = rate;
        case "length" -> rates[1] = rate;
        case "nonsense" -> rates[2] = rate;
        default -> rates[3] = rate;
      }
    }
    return new Judge(instructions, rates[0], rates[1], rates[2], rates[3]);
  }

  /** What it says to a judge's question; empty if it is asked something else. */
  Optional<String> verdict(String said, String role) {
    return JudgeQuestion.of(said)
        .map(question ->
            isDrawn("nonsense", nonsense, said)
                ? "The sandbox in place of %s cannot say.".formatted(role)
                : switch (question) {
                  case JudgeQuestion.Pair pair -> compared(pair, role);
                  case JudgeQuestion.One one -> graded(one, role);
                });
  }

  private String compared(JudgeQuestion.Pair pair, String role) {
    double first = worth(pair.asked(), pair.first());
    double second = worth(pair.asked(), pair.second());
    // In either order the same pair: who errs by place errs on it both times.
    String both =
        pair.first().compareTo(pair.second()) < 0
            ? pair.first() + pair.second()
            : pair.second() + pair.first();
    int better = Double.compare(first, second);
    if (isDrawn("length", length, both)) {
      better = Integer.compare(pair.first().length(), pair.second().length());
    }
    if (isDrawn("position", position, both)) {
      better = 1;
    }
    if (isDrawn("gullible", gullible, both) && pleads(pair.first()) != pleads(pair.second())) {
      better = pleads(pair.first()) ? 1 : -1;
    }
    String word = better > 0 ? "first" : better < 0 ? "second" : "tie";
    String reason = "the sandbox in place of %s counted the question's words".formatted(role);
    return switch (form()) {
      case TAGGED -> "<reason>%s</reason><better>%s</better>".formatted(reason, word);
      case TOKEN -> better < 0 ? "B" : "A";
      default -> Json.text(Json.object().put("reason", reason).put("better", word));
    };
  }

  private String graded(JudgeQuestion.One one, String role) {
    double worth =
        isDrawn("gullible", gullible, one.answer()) && pleads(one.answer())
            ? 1
            : worth(one.asked(), one.answer());
    Matcher told = SCALE.matcher(instructions.get());
    int scale = told.find() ? Integer.parseInt(told.group(1)) : 5;
    long grade = 1 + Math.round(worth * (scale - 1));
    String reason = "the sandbox in place of %s counted the question's words".formatted(role);
    return switch (form()) {
      case JSON -> Json.text(Json.object().put("reason", reason).put("score", grade));
      case TAGGED -> "<reason>%s</reason><score>%d</score>".formatted(reason, grade);
      case TOKEN -> Long.toString(grade);
      case APPROVAL ->
          worth >= GOOD
              ? "APPROVE"
              : "OBJECT: %s and found %d of 100".formatted(reason, Math.round(100 * worth));
      case PERCENT -> Long.toString(Math.round(100 * worth));
    };
  }

  private Form form() {
    String instructions = this.instructions.get();
    if (instructions.contains("the one word APPROVE")) {
      return Form.APPROVAL;
    }
    if (instructions.contains("one whole number from 0 to 100")) {
      return Form.PERCENT;
    }
    if (instructions.contains("between <reason> and </reason>")) {
      return Form.TAGGED;
    }
    return instructions.contains("one letter alone") || instructions.contains("one digit")
        ? Form.TOKEN
        : Form.JSON;
  }

  /** The share of the question's words that the answer holds; all of none. */
  static double worth(String asked, String answer) {
    Set<String> wanted = words(asked);
    if (wanted.isEmpty()) {
      return 1;
    }
    Set<String> held = words(answer);
    return (double) wanted.stream().filter(held::contains).count() / wanted.size();
  }

  private static Set<String> words(String text) {
    var words = new HashSet<String>();
    Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (word.find()) {
      words.add(word.group());
    }
    return words;
  }

  private static boolean pleads(String answer) {
    return answer.contains(Speech.PLEA);
  }

  /** The same for the same text: nothing here is left to chance. */
  private static boolean isDrawn(String what, int rate, String text) {
    var sum = new CRC32();
    sum.update((what + "\n" + text).getBytes(StandardCharsets.UTF_8));
    return sum.getValue() % 100 < rate;
  }
}
