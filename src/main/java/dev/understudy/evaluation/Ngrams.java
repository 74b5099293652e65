package dev.understudy.evaluation;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts a text into the groups of one to three letters that {@link NgramProfiles} were counted by.
 */
final class Ngrams {
  /** Letters of a text that are looked at; the rest of a longer one tells no more. */
  private static final int LETTERS_MAX = 10_000;

  /** A text is not read further than this, even if its beginning is addresses only. */
  private static final int CHARS_MAX = 100_000;

  private static final Pattern WEB_ADDRESS =
      Pattern.compile("https?://[-_.?&~;+=/#0-9A-Za-z]{1,2076}");
  private static final Pattern MAIL_ADDRESS =
      Pattern.compile("[-_.0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,255}[-_.0-9A-Za-z]{1,255}");
  private static final String VIETNAMESE = "AEIOUYaeiouyÂÊÔâêôĂăƠơƯư";
  private static final String TONES = "\u0300\u0301\u0303\u0309\u0323";

  private final NgramProfiles profiles;
  private final List<Integer> found = new ArrayList<>();

  private Ngrams(NgramProfiles profiles) {
    this.profiles = profiles;
  }

  /** The numbers of all n-grams of a text that the profiles know, as often as they occur. */
  static int[] of(String text, NgramProfiles profiles) {
    String head = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
    String said = MAIL_ADDRESS.matcher(WEB_ADDRESS.matcher(head).replaceAll(" ")).replaceAll(" ");
    var ngrams = new Ngrams(profiles);
    ngrams.cut(ownScript(composed(said).codePoints().limit(LETTERS_MAX).toArray()));
    return ngrams.found.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Vietnamese letters and their tones, which may come as two signs, as one. */
  private static String composed(String text) {
    if (text.chars().noneMatch(c -> TONES.indexOf(c) >= 0)) {
      return text;
    }
    var composed = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      boolean two =
          i + 1 < text.length()
              && VIETNAMESE.indexOf(text.charAt(i)) >= 0
              && TONES.indexOf(text.charAt(i + 1)) >= 0;
      composed.append(
          two
              ? Normalizer.normalize(text.substring(i, i + 2), Normalizer.Form.NFC)
              : text.substring(i, i + 1));
      i += two ? 1 : 0;
    }
    return composed.toString();
  }

  /** Without Latin words in a text that is mostly of another script: names, code, brands. */
  private static int[] ownScript(int[] letters) {
    int latin = 0;
    int other = 0;
    for (int letter : letters) {
      if (isLatin(letter)) {
        latin++;
      } else if (letter >= 0x300 && !isBetween(letter, 0x1e00, 0x1eff)) {
        other++;
      }
    }
    if (latin * 2 >= other) {
      return letters;
    }
    return Arrays.stream(letters).filter(letter -> !isLatin(letter)).toArray();
  }

  /** As the published counting takes it: with the six signs that stand between Z and a. */
  private static boolean isLatin(int letter) {
    return isBetween(letter, 'A', 'z');
  }

  /**
   * Word by word, each with a space before and after it. Nothing is counted at a capital that
   * follows another: words in capitals are names and abbreviations in most texts.
   */
  private void cut(int[] letters) {
    int before = 0;
    int last = ' ';
    boolean capitals = false;
    for (int raw : letters) {
      int letter = profiles.representative(counted(raw));
      if (last == ' ') {
        capitals = false;
        before = 0;
        if (letter == ' ') {
          continue;
        }
      }
      capitals = Character.isUpperCase(letter) && (capitals || Character.isUpperCase(last));
      if (!capitals) {
        if (letter != ' ') {
          add(NgramProfiles.packed(letter));
        }
        add(NgramProfiles.packed(last, letter));
        if (before != 0) {
          add(NgramProfiles.packed(before, last, letter));
        }
      }
      before = last;
      last = letter;
    }
  }

  private void add(long ngram) {
    int number = profiles.find(ngram);
    if (number >= 0) {
      found.add(number);
    }
  }

  /** What a letter counts as: signs as spaces, letters that tell nothing apart as one of them. */
  static int counted(int letter) {
    if (letter < 0x80) {
      return isBetween(letter, 'A', 'Z') || isBetween(letter, 'a', 'z') ? letter : ' ';
    }
    return switch (letter) {
      case 0xa0, 0xab, 0xb0, 0xbb -> ' ';
      // Romanian with commas as with cedillas, Persian yeh as Arabic.
      case 0x219 -> 0x15f;
      case 0x21b -> 0x163;
      case 0x6cc -> 0x64a;
      default -> block(letter);
    };
  }

  private static int block(int letter) {
    if (isBetween(letter, 0x2000, 0x206f)) {
      return ' ';
    }
    if (isBetween(letter, 0x1ea0, 0x1eff)) {
      return 0x1ec3; // Vietnamese
    }
    if (isBetween(letter, 0x3040, 0x309f)) {
      return 0x3042; // hiragana
    }
    if (isBetween(letter, 0x30a0, 0x30ff)) {
      return 0x30a2; // katakana
    }
    if (isBetween(letter, 0x3100, 0x312f) || isBetween(letter, 0x31a0, 0x31bf)) {
      return 0x3105; // bopomofo
    }
    return isBetween(letter, 0xac00, 0xd7af) ? 0xac00 : letter; // hangul
  }

  private static boolean isBetween(int letter, int first, int last) {
    return first <= letter && letter <= last;
  }
}
