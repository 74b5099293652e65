package dev.understudy.evaluation;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * How often each group of one to three letters stands in each of 55 languages, as
 * language-detection counted them (Nakatani Shuyo, 2010 to 2014, <a
 * href="https://github.com/shuyo/language-detection">source</a>, Apache 2.0), in the edition of <a
 * href="https://pypi.org/project/langdetect/1.0.9/">langdetect 1.0.9</a>.
 */
final class NgramProfiles {
  static final String RESOURCE = "ngrams.gz";

  private final List<String> languages;
  private final Map<Integer, Integer> kanji;
  private final long[] ngrams;
  private final int[] from;
  private final byte[] language;
  private final double[] share;

  private NgramProfiles(
      List<String> languages,
      Map<Integer, Integer> kanji,
      long[] ngrams,
      int[] from,
      byte[] language,
      double[] share) {
    this.languages = languages;
    this.kanji = kanji;
    this.ngrams = ngrams;
    this.from = from;
    this.language = language;
    this.share = share;
  }

  /** Read when the first language is asked for, and never by a gateway that asks for none. */
  private static final class Published {
    static final NgramProfiles PROFILES = load();

    private static NgramProfiles load() {
      try (var in = NgramProfiles.class.getResourceAsStream(RESOURCE)) {
        return read(Objects.requireNonNull(in, RESOURCE));
      } catch (IOException e) {
        throw new UncheckedIOException(RESOURCE + " cannot be read", e);
      }
    }
  }

  static NgramProfiles published() {
    return Published.PROFILES;
  }

  /** Column after column, as like things pack well. */
  static NgramProfiles read(InputStream packed) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(packed)));
    var languages = new String[in.readUnsignedByte()];
    var totals = new double[languages.length][3];
    for (int l = 0; l < languages.length; l++) {
      languages[l] = in.readUTF();
      for (int length = 0; length < 3; length++) {
        totals[l][length] = in.readInt();
      }
    }
    Map<Integer, Integer> kanji = kanji(in.readUTF());
    String[] texts = texts(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
    byte[] widths = in.readNBytes(texts.length);
    var ngrams = new long[texts.length];
    var from = new int[texts.length + 1];
    for (int n = 0; n < texts.length; n++) {
      ngrams[n] = packed(texts[n].codePoints().toArray());
      from[n + 1] = from[n] + widths[n];
    }
    byte[] language = in.readNBytes(from[texts.length]);
    var counts = new int[language.length];
    for (int column = 0; column < 4; column++) {
      byte[] bytes = in.readNBytes(counts.length);
      for (int i = 0; i < counts.length; i++) {
        counts[i] = counts[i] << 8 | (bytes[i] & 0xff);
      }
    }
    var share = new double[counts.length];
    for (int n = 0; n < texts.length; n++) {
      int length = texts[n].codePointCount(0, texts[n].length());
      for (int i = from[n]; i < from[n + 1]; i++) {
        share[i] = counts[i] / totals[language[i]][length - 1];
      }
    }
    return new NgramProfiles(List.of(languages), kanji, ngrams, from, language, share);
  }

  /** In order, each without the chars that it shares with the one before, but for their number. */
  private static String[] texts(String packed) {
    String[] texts = packed.split("\n");
    for (int n = 0; n < texts.length; n++) {
      int shared = texts[n].charAt(0) - '0';
      texts[n] = (shared == 0 ? "" : texts[n - 1].substring(0, shared)) + texts[n].substring(1);
    }
    return texts;
  }

  private static Map<Integer, Integer> kanji(String groups) {
    var all = new HashMap<Integer, Integer>();
    for (String group : groups.split(" ")) {
      group.codePoints().forEach(c -> all.put(c, group.codePointAt(0)));
    }
    return all;
  }

  /** One to three letters in one number, in the order of their texts. */
  static long packed(int... letters) {
    long packed = 0;
    for (int i = 0; i < 3; i++) {
      packed = packed << 21 | (i < letters.length ? letters[i] : 0);
    }
    return packed;
  }

  List<String> languages() {
    return languages;
  }

  /** The kanji that a group of such as are met in the same texts is counted under; else itself. */
  int representative(int letter) {
    return kanji.getOrDefault(letter, letter);
  }

  /** The number of an n-gram here; negative if no language was seen to have it. */
  int find(long ngram) {
    return Arrays.binarySearch(ngrams, ngram);
  }

  /**
   * Weighs chances by one n-gram, to a common factor: those of languages that have it grow.
   *
   * @param smoothing what a language gets that was never seen to have it
   */
  void weigh(double[] chances, int ngram, double smoothing) {
    for (int i = from[ngram]; i < from[ngram + 1]; i++) {
      chances[language[i]] *= 1 + share[i] / smoothing;
    }
  }
}
