package dev.understudy.gain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A prompt as numbers: hashed words with their pairs, hashed beginnings and ends of words, and some
 * forty figures of its form. The same text gives the same numbers on every machine.
 *
 * <p>Of a long text the beginning and the end are read, since an instruction stands in either.
 */
final class Reading {
  /** Buckets of words and pairs of neighbours. */
  static final int WORD_BUCKETS = 1 << 16;

  /** Words and, after them, as many buckets of four letters within a word. */
  static final int BUCKETS = 2 * WORD_BUCKETS;

  /** More of a text is not read: this much of its beginning, and as much of its end. */
  static final int HALF_CHARS_MAX = 1_500;

  private static final int WORDS_MAX = 2_000;
  private static final int NUMBERS_MAX = 400;
  private static final int GRAM = 4;
  private static final int LONG_WORD = 8;

  /** Two digits of so many bits hold every bucket. */
  private static final int DIGIT_BITS = 9;

  private static final int DIGIT = (1 << DIGIT_BITS) - 1;

  /** What stands in {@link #form}, in this order. */
  static final List<String> FORM =
      List.of(
          "characters (log)",
          "words (log)",
          "mean length of a word",
          "longest word",
          "long words (share)",
          "different words (share)",
          "small words (share)",
          "pronouns (share)",
          "capital letters",
          "capital letters (share)",
          "capitalised words (share)",
          "digits",
          "digits (share)",
          "numbers",
          "different numbers",
          "greatest number (log)",
          "size of all numbers (log)",
          "numbers with a fraction",
          "numbers from 100",
          "signs of mathematics and code",
          "signs of mathematics and code (share)",
          "slashes and stars",
          "characters beyond ASCII",
          "punctuation (per word)",
          "quotation marks",
          "hyphens",
          "blanks to fill",
          "lines",
          "first line (log)",
          "sentences",
          "words a sentence",
          "length of the question",
          "text before options (log)",
          "options, together (log)",
          "longest option (log)",
          "shortest over longest option",
          "negations",
          "fractions and rates",
          "comparisons",
          "words of time",
          "words of money",
          "words of order and rest");

  private static final Set<String> NEGATIONS =
      Set.of("not", "except", "false", "none", "neither", "no", "never", "without");
  private static final Set<String> RATES =
      Set.of("half", "twice", "third", "quarter", "%", "percent", "times", "each", "per", "than");
  private static final Set<String> COMPARISONS =
      Set.of(
          "more", "less", "fewer", "than", "as", "older", "younger", "longer", "shorter", "twice",
          "double", "most", "least");
  private static final Set<String> TIMES =
      Set.of(
          "day", "days", "week", "weeks", "hour", "hours", "minute", "minutes", "month", "months",
          "year", "years");
  private static final Set<String> MONEY =
      Set.of(
          "$", "€", "£", "dollars", "euros", "cost", "costs", "price", "pay", "paid", "spend",
          "spent", "cents");
  private static final Set<String> ORDER =
      Set.of(
          "if",
          "then",
          "after",
          "before",
          "when",
          "while",
          "until",
          "remaining",
          "rest",
          "left",
          "total");
  private static final Set<String> PRONOUNS =
      Set.of("he", "she", "his", "her", "they", "their", "it", "its", "you", "we", "i", "my");
  private static final Set<String> SMALL =
      Set.of(
          "the", "a", "an", "of", "to", "in", "and", "for", "is", "are", "that", "on", "by",
          "with");

  /** The lists that a word is on, a bit each in this order: one look-up instead of eight. */
  private static final List<Set<String>> LISTS =
      List.of(SMALL, PRONOUNS, NEGATIONS, RATES, COMPARISONS, TIMES, MONEY, ORDER);

  private static final Map<String, Integer> ON_LISTS = onLists();

  private static final String SIGNS = "+-*/^=<>%$√∑{}[]()\\|";
  private static final int CAPITAL = 1;
  private static final int NUMERAL = 2;
  private static final int FORMAL = 4;
  private static final int SLASH = 8;
  private static final int POINT = 16;
  private static final int QUOTE = 32;
  private static final int HYPHEN = 64;
  private static final int LINE = 128;

  /** What each character of ASCII is. */
  private static final short[] ASCII = ascii();

  private static Map<String, Integer> onLists() {
    var on = new HashMap<String, Integer>();
    for (int i = 0; i < LISTS.size(); i++) {
      int bit = 1 << i;
      LISTS.get(i).forEach(word -> on.merge(word, bit, Integer::sum));
    }
    return Map.copyOf(on);
  }

  private static short[] ascii() {
    short[] kinds = new short[128];
    for (char c = 0; c < kinds.length; c++) {
      kinds[c] = (short) kind(c);
    }
    return kinds;
  }

  private static int kind(char c) {
    return (Character.isUpperCase(c) ? CAPITAL : 0)
        | (Character.isDigit(c) ? NUMERAL : 0)
        | (SIGNS.indexOf(c) >= 0 ? FORMAL : 0)
        | (c == '/' || c == '*' ? SLASH : 0)
        | (".,;:!?".indexOf(c) >= 0 ? POINT : 0)
        | (c == '"' || c == '“' ? QUOTE : 0)
        | (c == '-' ? HYPHEN : 0)
        | (c == '\n' ? LINE : 0);
  }

  /** Buckets that are hit, ascending, each once; those of words come first. */
  final int[] buckets;

  /** How often each is hit, dampened. */
  final float[] weights;

  /** How many of the buckets are of words. */
  final int words;

  final double[] form;

  /** The words as read, in lower case, digits as 0; to explain. */
  final List<String> tokens;

  private Reading(int[] buckets, float[] weights, int words, double[] form, List<String> tokens) {
    this.buckets = buckets;
    this.weights = weights;
    this.words = words;
    this.form = form;
    this.tokens = tokens;
  }

  static Reading of(String text) {
    String read = bounded(text);
    List<String> tokens = tokens(read);
    return of(tokens, form(read, text.length(), tokens));
  }

  /** The same form without a word; to explain. */
  Reading without(String word) {
    return of(tokens.stream().filter(token -> !token.equals(word)).toList(), form);
  }

  private static Reading of(List<String> tokens, double[] form) {
    int[] hits = hits(tokens);
    int[] sorted = sorted(hits);
    int[] buckets = new int[hits.length];
    float[] weights = new float[hits.length];
    int different = 0;
    int words = 0;
    for (int i = 0; i < sorted.length; ) {
      int same = i + 1;
      while (same < sorted.length && sorted[same] == sorted[i]) {
        same++;
      }
      buckets[different] = sorted[i];
      weights[different] = same - i == 1 ? 1 : (float) (1 + StrictMath.log(same - i));
      words += sorted[i] < WORD_BUCKETS ? 1 : 0;
      different++;
      i = same;
    }
    return new Reading(
        Arrays.copyOf(buckets, different), Arrays.copyOf(weights, different), words, form, tokens);
  }

  /**
   * The bucket of each word, each pair and each piece, by the hash that a text of theirs would
   * have; none of these texts is made.
   */
  private static int[] hits(List<String> tokens) {
    int[] hits = new int[tokens.size() * 12 + 8];
    int count = 0;
    int before = '^';
    for (String token : tokens) {
      int hash = token.hashCode();
      hits[count++] = bucket(hash);
      hits[count++] = bucket(((31 * before + ' ') * power(token.length()) + hash) * 31 + 7);
      before = hash;
    }
    for (String token : tokens) {
      int length = token.length();
      if (length < GRAM || !Character.isLetter(token.charAt(0))) {
        continue;
      }
      if (count + length > hits.length) {
        hits = Arrays.copyOf(hits, 2 * (count + length));
      }
      // Four letters at a time of the word between its marks.
      int first = '<';
      int second = token.charAt(0);
      int third = token.charAt(1);
      for (int at = 2; at <= length; at++) {
        int fourth = at < length ? token.charAt(at) : '>';
        int hash = ((first * 31 + second) * 31 + third) * 31 + fourth;
        hits[count++] = WORD_BUCKETS + bucket(hash * 17 + 3);
        first = second;
        second = third;
        third = fourth;
      }
    }
    return Arrays.copyOf(hits, count);
  }

  /** A power of 31, which moves the hash of a text before as many characters. */
  private static int power(int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 31;
    }
    return power;
  }

  /** By digits: of some hundred buckets in no order, comparing takes several times as long. */
  private static int[] sorted(int[] hits) {
    return byDigit(byDigit(hits, 0), DIGIT_BITS);
  }

  private static int[] byDigit(int[] from, int shift) {
    int[] starts = new int[(1 << DIGIT_BITS) + 1];
    for (int hit : from) {
      starts[((hit >>> shift) & DIGIT) + 1]++;
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    int[] into = new int[from.length];
    for (int hit : from) {
      into[starts[(hit >>> shift) & DIGIT]++] = hit;
    }
    return into;
  }

  private static String bounded(String text) {
    return text.length() <= 2 * HALF_CHARS_MAX
        ? text
        : text.substring(0, HALF_CHARS_MAX) + "\n" + text.substring(text.length() - HALF_CHARS_MAX);
  }

  private static int bucket(int hash) {
    int mixed = hash;
    mixed ^= mixed >>> 16;
    mixed *= 0x85ebca6b;
    mixed ^= mixed >>> 13;
    mixed *= 0xc2b2ae35;
    mixed ^= mixed >>> 16;
    return mixed & (WORD_BUCKETS - 1);
  }

  private static List<String> tokens(String text) {
    var tokens = new ArrayList<String>();
    var word = new StringBuilder();
    for (int i = 0; i <= text.length() && tokens.size() < WORDS_MAX; i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      if (Character.isLetter(c) || (c == '\'' && !word.isEmpty())) {
        word.append(Character.toLowerCase(c));
      } else if (Character.isDigit(c)) {
        word.append('0');
      } else {
        if (!word.isEmpty()) {
          tokens.add(word.toString());
          word.setLength(0);
        }
        if (!Character.isWhitespace(c)) {
          tokens.add(String.valueOf(c));
        }
      }
    }
    return tokens;
  }

  private static double[] form(String text, int length, List<String> tokens) {
    var signs = new Signs(text);
    var said = new Said(tokens);
    var numbers = new Figures(text);
    var layout = new Layout(text);
    double size = 1.0 + text.length();
    return new double[] {
      StrictMath.log(1.0 + length),
      StrictMath.log(1.0 + said.words),
      said.words == 0 ? 0 : said.letters / said.words,
      said.longest,
      said.longWords / (1 + said.words),
      said.different / (1 + said.words),
      said.small / (1 + said.words),
      said.pronouns / (1 + said.words),
      signs.capitals,
      signs.capitals / size,
      layout.capitalised,
      signs.digits,
      signs.digits / size,
      numbers.count,
      numbers.different,
      StrictMath.log(1 + numbers.greatest),
      numbers.size,
      numbers.fractional,
      numbers.large,
      signs.formal,
      signs.formal / size,
      signs.slashes,
      signs.foreign,
      signs.punctuation / (1 + said.words),
      signs.quotes,
      signs.hyphens,
      said.blanks,
      signs.lines,
      StrictMath.log(1 + layout.firstLine),
      said.sentences,
      said.words / (1 + said.sentences),
      layout.question,
      StrictMath.log(1 + layout.stem),
      StrictMath.log(1 + layout.options),
      StrictMath.log(1 + layout.longestOption),
      layout.longestOption == 0 ? 0 : layout.shortestOption / layout.longestOption,
      said.negations,
      said.rates,
      said.comparisons,
      said.times,
      said.money,
      said.order
    };
  }

  /** Counts of characters. */
  private static final class Signs {
    private int capitals;
    private int digits;
    private int formal;
    private int slashes;
    private int foreign;
    private double punctuation;
    private int quotes;
    private int hyphens;
    private int lines;

    Signs(String text) {
      int points = 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        int kind = c < ASCII.length ? ASCII[c] : kind(c);
        foreign += c < ASCII.length ? 0 : 1;
        // Most are small letters and spaces, of which there is nothing to count.
        if (kind == 0) {
          continue;
        }
        capitals += kind & CAPITAL;
        digits += (kind & NUMERAL) / NUMERAL;
        formal += (kind & FORMAL) / FORMAL;
        slashes += (kind & SLASH) / SLASH;
        points += (kind & POINT) / POINT;
        quotes += (kind & QUOTE) / QUOTE;
        hyphens += (kind & HYPHEN) / HYPHEN;
        lines += (kind & LINE) / LINE;
      }
      punctuation = points;
    }
  }

  /** Counts of words. */
  private static final class Said {
    private double words;
    private double letters;
    private double longest;
    private double longWords;
    private double different;
    private double small;
    private double pronouns;
    private double sentences;
    private double blanks;
    private double negations;
    private double rates;
    private double comparisons;
    private double times;
    private double money;
    private double order;

    Said(List<String> tokens) {
      var seen = new HashSet<String>();
      int[] onList = new int[LISTS.size()];
      for (String token : tokens) {
        char first = token.charAt(0);
        if (Character.isLetter(first)) {
          words++;
          letters += token.length();
          longest = Math.max(longest, token.length());
          longWords += token.length() >= LONG_WORD ? 1 : 0;
          different += seen.add(token) ? 1 : 0;
        } else {
          sentences += token.length() == 1 && (first == '.' || first == '?') ? 1 : 0;
          blanks += token.length() == 1 && first == '_' ? 1 : 0;
        }
        int lists = ON_LISTS.getOrDefault(token, 0);
        for (int i = 0; lists != 0; i++, lists >>>= 1) {
          onList[i] += lists & 1;
        }
      }
      small = onList[0];
      pronouns = onList[1];
      negations = onList[2];
      rates = onList[3];
      comparisons = onList[4];
      times = onList[5];
      money = onList[6];
      order = onList[7];
    }
  }

  /** The numbers that are written in digits. */
  private static final class Figures {
    private double count;
    private double different;
    private double greatest;
    private double size;
    private double fractional;
    private double large;

    Figures(String text) {
      var seen = new HashSet<Double>();
      int at = 0;
      while (at < text.length() && count < NUMBERS_MAX) {
        if (!isDigit(text, at)) {
          at++;
          continue;
        }
        double value = 0;
        while (at < text.length()
            && (isDigit(text, at) || (text.charAt(at) == ',' && isDigit(text, at + 1)))) {
          value = text.charAt(at) == ',' ? value : 10 * value + (text.charAt(at) - '0');
          at++;
        }
        if (at < text.length() && text.charAt(at) == '.' && isDigit(text, at + 1)) {
          at++;
          for (double place = 0.1; isDigit(text, at); place /= 10) {
            value += place * (text.charAt(at) - '0');
            at++;
          }
        }
        // Digits of a key or a hash are no quantity; a bound keeps them finite.
        double bounded = Math.min(value, 1e15);
        count++;
        different += seen.add(bounded) ? 1 : 0;
        greatest = Math.max(greatest, bounded);
        size += StrictMath.log(1 + bounded);
        fractional += bounded != Math.rint(bounded) ? 1 : 0;
        large += bounded >= 100 ? 1 : 0;
      }
    }

    private static boolean isDigit(String text, int at) {
      return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }
  }

  /** Where what stands: lines, options written as "A. …", the question. */
  private static final class Layout {
    private double firstLine;
    private double question;
    private double stem;
    private double options;
    private double longestOption;
    private double shortestOption;
    private double capitalised;

    Layout(String text) {
      int mark = text.lastIndexOf('?');
      question = mark < 0 ? 0 : mark - Math.max(0, text.lastIndexOf('.', mark));
      stem = text.length();
      double words = 0;
      boolean within = false;
      int start = 0;
      for (int i = 0; i <= text.length(); i++) {
        char c = i < text.length() ? text.charAt(i) : '\n';
        if (Character.isWhitespace(c)) {
          within = false;
        } else if (!within) {
          within = true;
          words++;
          capitalised += words > 1 && Character.isUpperCase(c) ? 1 : 0;
        }
        if (c == '\n') {
          line(text, start, i);
          start = i + 1;
        }
      }
      capitalised = words == 0 ? 0 : capitalised / words;
    }

    private void line(String text, int from, int to) {
      double length = to - from;
      if (from == 0) {
        firstLine = length;
      }
      if (length > 2 && (text.charAt(from + 1) == '.' || text.charAt(from + 1) == ')')) {
        if (options == 0 && from > 0) {
          stem = from - 1;
        }
        options += length;
        shortestOption = longestOption == 0 ? length : Math.min(shortestOption, length);
        longestOption = Math.max(longestOption, length);
      }
    }
  }
}
