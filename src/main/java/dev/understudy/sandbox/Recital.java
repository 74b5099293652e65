package dev.understudy.sandbox;

/**
 * A text that every vendor's model says alike, whose pieces all differ, so that a word that is
 * missing or said twice is seen.
 */
public final class Recital {
  private static final String[] WORDS = {
    "river", "naïve", "stone", "日本語", "lamp", "“quoted”", "winter", "😀 smile", "a\\b", "harbour"
  };

  private Recital() {}

  /** So many tokens of it. */
  public static String of(int tokens) {
    var text = new StringBuilder("The sandbox recites:");
    for (int i = 1; text.length() < (tokens + 1) * 2 * TokenCount.CHARACTERS; i++) {
      text.append(i % 11 == 0 ? "\n\n" : i % 7 == 0 ? "\n    " : " ");
      text.append(i).append(' ').append(WORDS[i * 7 % WORDS.length]);
      text.append(i % 5 == 0 ? "." : i % 3 == 0 ? "," : "");
    }
    return TokenCount.first(text.toString(), tokens);
  }
}
