package dev.understudy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation, with the blocks of code on it. */
record Page(Path path, List<Block> blocks) {

  /**
   * What stands between fences.
   *
   * @param language as the opening fence names it; empty if it does not
   */
  record Block(String language, String text) {}

  private static final Pattern FENCED = Pattern.compile("(?ms)^```([a-z]*)\\n(.*?)^```$");

  static Page read(String path) throws IOException {
    var blocks = new ArrayList<Block>();
    Matcher matcher = FENCED.matcher(Files.readString(Path.of(path)));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return new Page(Path.of(path), List.copyOf(blocks));
  }

  /** The text of all blocks in a language. */
  List<String> in(String language) {
    return blocks.stream()
        .filter(block -> block.language().equals(language))
        .map(Block::text)
        .toList();
  }

  /** The lines that call curl. */
  List<String> curls() {
    return in("sh").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("curl "))
        .toList();
  }
}
