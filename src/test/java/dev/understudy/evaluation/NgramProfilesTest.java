package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The counts that the program carries are the published ones: {@code pip download langdetect==1.0.9
 * --no-binary :all:}, unpacked, and {@code -Dunderstudy.langdetect=.../langdetect} to compare, with
 * {@code -Dunderstudy.print=true} to write them anew.
 */
final class NgramProfilesTest {
  private static final Path RESOURCE =
      Path.of("src/main/resources/dev/understudy/evaluation", NgramProfiles.RESOURCE);

  @Test
  void whatIsCarriedIsSmallAndWhole() throws IOException {
    assertThat(Files.size(RESOURCE)).isLessThan(450_000);
    NgramProfiles profiles = NgramProfiles.published();
    assertThat(profiles.languages())
        .hasSize(55)
        .contains("en", "es", "de", "ja", "zh-cn", "zh-tw")
        .isSorted();
    var chances = new double[55];
    Arrays.fill(chances, 1);
    profiles.weigh(chances, profiles.find(NgramProfiles.packed('t', 'h', 'e')), 1);
    // 3,415,279 of the 224,934,017 groups of three letters that were counted in English.
    assertThat(chances[profiles.languages().indexOf("en")] - 1)
        .isCloseTo(3_415_279.0 / 224_934_017, within(1e-12));
    assertThat(chances[profiles.languages().indexOf("ja")]).isEqualTo(1);
    assertThat(profiles.find(NgramProfiles.packed('q', 'z', 'x'))).isNegative();
  }

  @Test
  void theCountsAreThosePublished() throws IOException {
    String folder = System.getProperty("understudy.langdetect", "");
    assumeTrue(!folder.isEmpty(), "-Dunderstudy.langdetect does not say where the package is");
    byte[] made = columns(Path.of(folder));
    if (Boolean.getBoolean("understudy.print")) {
      try (var out =
          new GZIPOutputStream(Files.newOutputStream(RESOURCE)) {
            {
              def.setLevel(9);
            }
          }) {
        out.write(made);
      }
    }
    try (var in = new GZIPInputStream(Files.newInputStream(RESOURCE))) {
      assertThat(in.readAllBytes()).isEqualTo(made);
    }
  }

  private static byte[] columns(Path folder) throws IOException {
    var languages = new TreeMap<String, JsonNode>();
    try (var files = Files.list(folder.resolve("profiles"))) {
      for (Path file : files.toList()) {
        JsonNode profile = Json.parse(Files.readAllBytes(file));
        languages.put(profile.get("name").asString(), profile);
      }
    }
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeByte(languages.size());
    for (var language : languages.entrySet()) {
      out.writeUTF(language.getKey());
      for (JsonNode total : language.getValue().get("n_words")) {
        out.writeInt(total.asInt());
      }
    }
    List<String> kanji = kanji(folder.resolve("utils/messages.properties"));
    out.writeUTF(String.join(" ", kanji));

    var counts = new TreeMap<String, TreeMap<Integer, Integer>>(NgramProfilesTest::compare);
    int number = 0;
    for (JsonNode profile : languages.values()) {
      int at = number++;
      profile
          .get("freq")
          .properties()
          .forEach(count -> {
            if (isMet(count.getKey(), kanji)) {
              counts
                  .computeIfAbsent(count.getKey(), _ -> new TreeMap<>())
                  .put(at, count.getValue().asInt());
            }
          });
    }
    byte[] texts = texts(counts.keySet()).getBytes(StandardCharsets.UTF_8);
    out.writeInt(texts.length);
    out.write(texts);
    for (var by : counts.values()) {
      out.writeByte(by.size());
    }
    for (var by : counts.values()) {
      for (int language : by.keySet()) {
        out.writeByte(language);
      }
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
      for (var by : counts.values()) {
        for (int count : by.values()) {
          out.writeByte(count >> shift);
        }
      }
    }
    return bytes.toByteArray();
  }

  private static String texts(Iterable<String> ngrams) {
    var lines = new ArrayList<String>();
    String before = "";
    for (String ngram : ngrams) {
      int shared = 0;
      while (shared < Math.min(before.length(), ngram.length())
          && before.charAt(shared) == ngram.charAt(shared)) {
        shared++;
      }
      lines.add(shared + ngram.substring(shared));
      before = ngram;
    }
    return String.join("\n", lines);
  }

  /** Groups of kanji, the one they are counted under first. */
  private static List<String> kanji(Path file) throws IOException {
    var messages = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      messages.load(in);
    }
    return messages.stringPropertyNames().stream()
        .filter(name -> name.startsWith("NGram.KANJI_"))
        .sorted()
        .map(name -> Objects.requireNonNull(messages.getProperty(name)))
        .toList();
  }

  private static int compare(String one, String other) {
    return Long.compare(packed(one), packed(other));
  }

  private static long packed(String text) {
    return NgramProfiles.packed(text.codePoints().toArray());
  }

  /**
   * Whether a text can lead to an n-gram: the published files hold some that none does, such as
   * pairs of capitals and kanji that are counted under others.
   */
  private static boolean isMet(String ngram, List<String> kanji) {
    int[] letters = ngram.codePoints().toArray();
    var counted = new ArrayList<Integer>();
    for (int letter : letters) {
      counted.add(
          kanji.stream()
              .filter(group -> group.indexOf(letter) >= 0)
              .map(group -> group.codePointAt(0))
              .findFirst()
              .orElseGet(() -> Ngrams.counted(letter)));
    }
    int last = letters.length - 1;
    return letters.length <= 3
        && counted.equals(ngram.codePoints().boxed().toList())
        && !ngram.substring(1).contains("  ")
        && !(letters.length == 3 && letters[1] == ' ')
        && !ngram.isBlank()
        && !(last > 0
            && Character.isUpperCase(letters[last])
            && Character.isUpperCase(letters[last - 1]));
  }
}
