package dev.understudy.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Reads what a judge said, strictly: what is not exactly in the wanted form says nothing. */
final class JudgeReply {
  /** Less of the chance than this on the letters that were asked for, and nothing was said. */
  private static final double CHANCE_MIN = 0.5;

  private static final Pattern SCORE = tag("score");
  private static final Pattern BETTER = tag("better");

  private JudgeReply() {}

  private static Pattern tag(String name) {
    return Pattern.compile("<%s>\\s*([^<]{1,20}?)\\s*</%s>".formatted(name, name));
  }

  /** A grade, as a share of the scale. */
  static Heard grade(Answer answer, Judging judging) {
    return switch (answer) {
      case Answer.Failed(int status, String message) ->
          new Heard.Nothing(status == 0 ? message : status + ": " + message);
      case Answer.Given given when given.cut() ->
          new Heard.Nothing("the judge's reply was cut by max-tokens");
      case Answer.Given given -> grade(given, judging);
    };
  }

  private static Heard grade(Answer.Given given, Judging judging) {
    int scale = judging.scale();
    if (judging.form() == Judging.Form.TOKEN && !given.beginnings().isEmpty()) {
      double chance = 0;
      double sum = 0;
      for (Answer.Beginning one : given.beginnings()) {
        Optional<Integer> grade = whole(one.token().strip(), scale);
        if (grade.isPresent()) {
          chance += Math.exp(one.logprob());
          sum += Math.exp(one.logprob()) * grade.get();
        }
      }
      return chance < CHANCE_MIN
          ? new Heard.Nothing("the judge's first token is no grade")
          : said(sum / chance, scale);
    }
    Optional<String> text = written(given.text(), judging.form(), "score", SCORE);
    return text.flatMap(t -> whole(t, scale))
        .<Heard>map(grade -> said(grade, scale))
        .orElseGet(() ->
            new Heard.Nothing("the judge's reply holds no grade from 1 to %d".formatted(scale)));
  }

  private static Heard said(double grade, int scale) {
    return new Heard.Said(Math.clamp((grade - 1) / (scale - 1), 0, 1));
  }

  private static Optional<Integer> whole(String text, int most) {
    if (!text.matches("[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    int value = Integer.parseInt(text);
    return value <= most ? Optional.of(value) : Optional.empty();
  }

  /** How likely the answer shown first is the better one. */
  static Heard compare(Answer answer, Judging.Form form) {
    return switch (answer) {
      case Answer.Failed(int status, String message) ->
          new Heard.Nothing(status == 0 ? message : status + ": " + message);
      case Answer.Given given when given.cut() && form != Judging.Form.TOKEN ->
          new Heard.Nothing("the judge's reply was cut by max-tokens");
      case Answer.Given given -> compare(given, form);
    };
  }

  private static Heard compare(Answer.Given given, Judging.Form form) {
    if (form == Judging.Form.TOKEN) {
      return given.beginnings().isEmpty()
          ? decided(given.text().strip(), "A", "B")
          : weighed(given.beginnings(), "A", "B");
    }
    return decided(
        written(given.text(), form, "better", BETTER).orElse("").toLowerCase(Locale.ROOT),
        "first",
        "second");
  }

  private static Heard decided(String word, String first, String second) {
    if (word.equals(first)) {
      return new Heard.Said(1);
    }
    if (word.equals(second)) {
      return new Heard.Said(0);
    }
    return word.equals("tie")
        ? new Heard.Said(0.5)
        : new Heard.Nothing("the judge's reply does not say which answer is better");
  }

  /** The chance of the one token among the chances of both. */
  static Heard weighed(List<Answer.Beginning> beginnings, String first, String second) {
    double one = 0;
    double two = 0;
    for (Answer.Beginning beginning : beginnings) {
      String token = beginning.token().strip();
      if (token.equals(first)) {
        one += Math.exp(beginning.logprob());
      } else if (token.equals(second)) {
        two += Math.exp(beginning.logprob());
      }
    }
    return one + two < CHANCE_MIN
        ? new Heard.Nothing("the judge's first token names neither answer")
        : new Heard.Said(one / (one + two));
  }

  /** The one field of the one object, or what the one tag holds. */
  private static Optional<String> written(
      String text, Judging.Form form, String field, Pattern tag) {
    return switch (form) {
      case TOKEN -> Optional.of(text.strip());
      case TAGGED -> {
        Matcher found = tag.matcher(text);
        if (!found.find()) {
          yield Optional.empty();
        }
        String value = found.group(1);
        // A second verdict, or a quoted one, and nobody knows which is meant.
        yield found.find() ? Optional.empty() : Optional.of(value);
      }
      case JSON ->
          JsonText.parse(text)
              .filter(JsonNode::isObject)
              .filter(node ->
                  node.propertyNames().stream()
                      .allMatch(name -> name.equals(field) || name.equals("reason")))
              .map(node -> node.path(field))
              .filter(value -> field.equals("score") ? value.isIntegralNumber() : value.isString())
              .map(value -> value.isString() ? value.asString() : value.toString());
    };
  }
}
