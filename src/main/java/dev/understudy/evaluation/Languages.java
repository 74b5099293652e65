package dev.understudy.evaluation;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

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

  /** About forty to sixty of the commonest words of each, alike for all. */
  private static final Map<String, Set<String>> SMALL_WORDS =
      Map.ofEntries(
          Map.entry(
              "en",
              words(
                  "the of and to a in is you that it for on with as are this be have your i we "
                      + "was at by not or from they but what all can will there their if has an so do "
                      + "which he she my more me no our who when about would one been them then how "
                      + "its just out up")),
          Map.entry(
              "de",
              words(
                  "der die das und ist nicht ein eine zu den mit von ich sie es auf für im auch "
                      + "dem des sich an als wie er wir aus bei oder sind war wird haben hat nach "
                      + "einen einer um am noch kann nur über so dass wenn aber ihr mein mir zum zur "
                      + "was durch du wo vor")),
          Map.entry(
              "fr",
              words(
                  "le la les de et des un une est que pour dans qui vous sur pas avec au ce il "
                      + "je ne en du à se plus par sont mais nous on ou elle cette son sa ses leur "
                      + "aux comme tout votre être avoir fait très même ont où si tu mon c'est d'un "
                      + "d'une qu'il était")),
          Map.entry(
              "es",
              words(
                  "el la los de y que en un una es por con para las no su se del lo como más a "
                      + "al o pero sus le ha me si sin sobre este ya entre cuando todo esta ser son "
                      + "muy también fue había nos mi te qué porque está hay desde hasta tu donde")),
          Map.entry(
              "it",
              words(
                  "il la di e che un una per non con sono del le si come da della i gli è in a "
                      + "lo al dei delle nel nella su più anche o ma se ci ha mi ti alla dal ai tutto "
                      + "questo questa quando era cosa chi essere mio tuo sua suo molto ho dove")),
          Map.entry(
              "pt",
              words(
                  "o a de e que do da em um uma para com não os no se na por mais é as dos como "
                      + "mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu "
                      + "também só pelo pela até isso ela entre era você meu são nas")),
          Map.entry(
              "nl",
              words(
                  "de het een en van is dat te in op voor met zijn niet die aan er om ook je ik "
                      + "hij ze we was als maar dan naar bij of uit nog door over kan wat worden wel "
                      + "deze dit heeft hebben jij mijn zo geen haar hun werd tot mij al zou")),
          Map.entry(
              "fi",
              words(
                  "ja on ei se että hän oli joka mutta ovat kun niin myös tai sen voi minä olen "
                      + "sinä me te he tämä hyvin kuin jos vain kanssa olla en et ole nyt sitten mitä "
                      + "ne mukaan jo mikä vielä kuten ennen olemme sinun minun tässä siitä jotka "
                      + "koska jälkeen tulee")),
          Map.entry(
              "sv",
              words(
                  "och att det i en är som på av för med till den har inte om ett jag de var "
                      + "man han vi så kan från hon du men sig ska när eller vara också nu efter här "
                      + "där hade vad mycket min alla dig mig blir skulle detta bara")),
          Map.entry(
              "sw",
              words(
                  "na ya wa kwa ni katika la za kama hii cha ambayo yako au lakini huu hiyo "
                      + "hilo hizi hayo wao yao yake wake kuwa mtu watu sana pia baada kabla ili bila "
                      + "kutoka hadi kila mwa hakuna si mimi wewe yeye sisi yangu wangu kuna vya "
                      + "ambao wakati leo sasa tu")),
          Map.entry(
              "vi",
              words(
                  "và của là có các một cho không được trong người với để những này bạn tôi đã "
                      + "khi như ở từ về ra nhưng thì mà rất cũng đến hay sẽ nhiều lại phải làm nếu "
                      + "hơn vào theo trên anh em chúng ta đó nó năm còn cùng chỉ sự")),
          Map.entry(
              "pl",
              words(
                  "i w na z się że do nie jest to o jak po ale od za przez dla jego czy są tak "
                      + "tym już być może ich jej która który które lub gdy ma ja ty on ona my oraz "
                      + "tego co przy bardzo tylko był była było ze tej")),
          Map.entry(
              "tr",
              words(
                  "ve bir bu için ile da de çok olarak daha en ne gibi sonra o ben sen biz "
                      + "kadar var yok olan mi her ama değil şey ki ya veya nasıl hiç kendi bana sana "
                      + "onun benim senin şu iyi göre ise zaman çünkü bunu diye bütün böyle tüm")),
          Map.entry(
              "id",
              words(
                  "yang dan di untuk dengan ini dari tidak adalah pada dalam itu akan ke saya "
                      + "anda kami kita mereka juga atau oleh sudah bisa ada dapat karena lebih "
                      + "seperti telah kamu dia bagi para saat tersebut hanya jika sangat namun "
                      + "menjadi setelah orang satu harus agar masih banyak aku")),
          Map.entry(
              "fa",
              words(
                  "و در به از که این را با است برای آن یک خود تا می بود شد هم ما من شما او اما "
                      + "یا بر هر چه اگر ها های کرد باید شود دارد نیست همه پس نیز")),
          Map.entry(
              "ur",
              words(
                  "کے میں کی ہے اور سے کا کو پر ہیں نے یہ وہ کہ بھی اس ایک تھا ہو جو آپ نہیں کر "
                      + "ہم تو کیا تھے ہی لیے گا ان تھی میرا یا گے گی اپنے بہت مجھے")),
          Map.entry(
              "ar",
              words(
                  "في من على أن إلى هذا التي عن مع لا ما هو هي كان الذي ذلك هذه أو ثم قد لم كل "
                      + "بعد بين لكن إذا أنا نحن هم أنت كما حيث يمكن عند حتى لن غير فيها ليس و")),
          Map.entry(
              "hi",
              words(
                  "के में की है और से का को पर हैं ने यह एक भी कि इस नहीं तो ही हो था जो वह आप "
                      + "हम लिए थे कर या थी मैं अपने गया रहा कुछ जब तक साथ बहुत वे")),
          Map.entry(
              "mr",
              words(
                  "आहे आणि च्या हे या मध्ये एक आहेत ते होते तो ती मी आम्ही तुम्ही नाही की पण "
                      + "साठी होता होती त्या जर तर असे सर्व काही आपण हा ही आपल्या त्यांच्या करून मला "
                      + "त्याच्या म्हणून खूप अशा केले झाले")),
          Map.entry(
              "ne",
              words(
                  "छ र को मा हो गर्न लागि छन् एक यो पनि भने ले का तथा यस थियो त्यो म हामी तपाईं "
                      + "छैन हुन्छ गरेको भएको हुने अनि वा तर उनी सबै धेरै मेरो हाम्रो गरी कुनै बाट "
                      + "सँग थिए गर्ने")),
          Map.entry(
              "ru",
              words(
                  "и в не на что с по это как для он вы из то я мы они она но а к за от так у "
                      + "же бы его если или ее мне только было есть когда уже все до чтобы мой")),
          Map.entry(
              "bg",
              words(
                  "и на да за от се е че с са по не това към в като си ще той тя ние вие те но "
                      + "или аз ми му при до който която които ако само още беше има един една")),
          Map.entry(
              "uk",
              words(
                  "і в на що не з до та це як для у є я ми ви він вона вони але а від за про "
                      + "так по бо й його її якщо чи або було мене тільки коли вже всі щоб ще також")));

  private Languages() {}

  /** The languages that it can tell from others. */
  static List<String> known() {
    return Stream.concat(
            SMALL_WORDS.keySet().stream(), BY_SCRIPT.values().stream().flatMap(List::stream))
        .distinct()
        .sorted()
        .toList();
  }

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
      return BY_SCRIPT.values().stream().noneMatch(others -> others.contains(language))
          && hasMostSmallWords(text, SMALL_WORDS.keySet(), language);
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
