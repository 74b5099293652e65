package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the pages of this repository lead somewhere. */
final class LinksTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$|`[^`\\n]*`");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

  @Test
  void everyRelativeLinkLeadsToAFileAndToAHeadingInIt() throws Exception {
    var dead = new ArrayList<String>();
    List<Path> pages = pages();
    for (Path page : pages) {
      Matcher links = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""));
      while (links.find()) {
        String link = links.group(1);
        if (!link.matches("[a-z]+:.*") && !isAlive(page, link)) {
          dead.add(page + ": " + link);
        }
      }
    }

    assertThat(pages).hasSizeGreaterThan(10);
    assertThat(dead).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>();
    for (String folder : List.of("docs", "bench", "examples")) {
      if (Files.isDirectory(Path.of(folder))) {
        try (Stream<Path> below = Files.walk(Path.of(folder))) {
          below.filter(LinksTest::isPage).forEach(pages::add);
        }
      }
    }
    try (Stream<Path> here = Files.list(Path.of(""))) {
      here.filter(LinksTest::isPage).forEach(pages::add);
    }
    return pages;
  }

  private static boolean isPage(Path path) {
    return path.toString().endsWith(".md");
  }

  private static boolean isAlive(Path page, String link) throws IOException {
    int mark = link.indexOf('#');
    String file = mark < 0 ? link : link.substring(0, mark);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return mark < 0 || headings(target).contains(link.substring(mark + 1));
  }

  /** Headings as the anchors that forges make of them. */
  private static List<String> headings(Path page) throws IOException {
    return HEADING
        .matcher(Files.readString(page))
        .results()
        .map(m ->
            m.group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-'))
        .toList();
  }
}
