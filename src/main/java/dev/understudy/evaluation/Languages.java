package dev.understudy.evaluation;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Guesses the language of a text: by its script where that tells, else by the commonest small
 * words.
 */
final class Languages {
  /** Scripts of one language, or of a few that small words tell apart. */
  private static final Map<UnicodeScript, List<String>> BY_SCRIPT =
      Map.ofEntries(
          Map.entry(UnicodeScript.ARABIC, List.of("ar", "fa", "ur")),
          Map.entry(UnicodeScript.DEVANAGARI, List.of("hi", "mr", "ne")),
          Map.entry(UnicodeScript.BENGALI, List.of("bn")),
          Map.entry(UnicodeScript.GUJARATI, List.of("gu")),
          Map.entry(UnicodeScript.GURMUKHI, List.of("pa")),
          Map.entry(UnicodeScript.KANNADA, List.of("kn")),
          Map.entry(UnicodeScript.MALAYALAM, List.of("ml")),
          Map.entry(UnicodeScript.TAMIL, List.of("ta")),
          Map.entry(UnicodeScript.TELUGU, List.of("te")),
          Map.entry(UnicodeScript.THAI, List.of("th")),
          Map.entry(UnicodeScript.HANGUL, List.of("ko")),
          Map.entry(UnicodeScript.HIRAGANA, List.of("ja")),
          Map.entry(UnicodeScript.KATAKANA, List.of("ja")),
          Map.entry(UnicodeScript.HAN, List.of("zh-cn", "zh")),
          Map.entry(UnicodeScript.HEBREW, List.of("he")),
          Map.entry(UnicodeScript.GREEK, List.of("el")),
          Map.entry(UnicodeScript.CYRILLIC, List.of("ru", "bg", "uk")));

  private static final Map<String, Set<String>> SMALL_WORDS =
      Map.ofEntries(
          Map.entry(
              "en",
              words("the of and to a in is you that it for on with as are this be have your i we")),
          Map.entry(
              "de",
              words(
                  "der die das und ist nicht ein eine zu den mit von ich sie es auf für im auch dem")),
          Map.entry(
              "fr",
              words("le la les de et des un une est que pour dans qui vous sur pas avec au ce il")),
          Map.entry(
              "es", words("el la los de y que en un una es por con para las no su se del lo como")),
          Map.entry(
              "it",
              words("il la di e che un una per non con sono del le si come da della i gli è")),
          Map.entry(
              "pt", words("o a de e que do da em um uma para com não os no se na por mais é")),
          Map.entry(
              "nl",
              words("de het een en van is dat te in op voor met zijn niet die aan er om ook je")),
          Map.entry(
              "fi",
              words(
                  "ja on ei se että hän oli joka mutta ovat kun niin myös tai sen voi minä olen")),
          Map.entry(
              "sv", words("och att det i en är som på av för med till den har inte om ett jag")),
          Map.entry("sw", words("na ya wa kwa ni katika la za kama hii cha ambayo yako au lakini")),
          Map.entry(
              "vi", words("và của là có các một cho không được trong người với để những này bạn")),
          Map.entry("pl", words("i w na z się że do nie jest to o jak po ale od za przez")),
          Map.entry("tr", words("ve bir bu için ile da de çok olarak daha en ne gibi sonra")),
          Map.entry(
              "id", words("yang dan di untuk dengan ini dari tidak adalah pada dalam itu akan")),
          Map.entry("fa", words("و در به از که این را با است برای آن")),
          Map.entry("ur", words("کے میں کی ہے اور سے کا کو پر ہیں نے")),
          Map.entry("ar", words("في من على أن إلى هذا التي عن مع لا ما")),
          Map.entry("hi", words("के में की है और से का को पर हैं ने यह एक")),
          Map.entry("mr", words("आहे आणि च्या हे या मध्ये एक आहेत ते होते")),
          Map.entry("ne", words("छ र को मा हो गर्न लागि छन् एक यो पनि भने")),
          Map.entry("ru", words("и в не на что с по это как для он вы из то")),
          Map.entry("bg", words("и на да за от се е че с са по не това към")),
          Map.entry("uk", words("і в на що не з до та це як для у є")));

  private Languages() {}

  private static Set<String> words(String spaced) {
    return Set.of(spaced.split(" "));
  }

  /** Whether a text is in a language; a text without letters is in any. */
  static boolean isLikely(String text, String language) {
    var letters = new HashMap<UnicodeScript, Integer>();
    text.codePoints()
        .filter(Character::isLetter)
        .forEach(c -> letters.merge(UnicodeScript.of(c), 1, Integer::sum));
    if (letters.isEmpty()) {
      return true;
    }
    if (letters.containsKey(UnicodeScript.HIRAGANA)
        || letters.containsKey(UnicodeScript.KATAKANA)) {
      letters.merge(
          UnicodeScript.HIRAGANA, letters.getOrDefault(UnicodeScript.HAN, 0), Integer::sum);
      letters.remove(UnicodeScript.HAN);
    }
    UnicodeScript script =
        letters.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    if (script == UnicodeScript.LATIN) {
      return hasMostSmallWords(text, SMALL_WORDS.keySet(), language);
    }
    List<String> possible = BY_SCRIPT.getOrDefault(script, List.of());
    if (possible.size() <= 1 || script == UnicodeScript.HAN) {
      return possible.contains(language);
    }
    return possible.contains(language) && hasMostSmallWords(text, possible, language);
  }

  /** None has more: a few lines of verse may have no small word at all. */
  private static boolean hasMostSmallWords(
      String text, Iterable<String> languages, String language) {
    var counts = new HashMap<String, Integer>();
    for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}']+")) {
      counts.merge(word, 1, Integer::sum);
    }
    int own = count(counts, language);
    for (String other : languages) {
      if (count(counts, other) > own) {
        return false;
      }
    }
    return true;
  }

  private static int count(Map<String, Integer> counts, String language) {
    return SMALL_WORDS.getOrDefault(language, Set.of()).stream()
        .mapToInt(word -> counts.getOrDefault(word, 0))
        .sum();
  }
}
