package dev.understudy.vendor;

import dev.understudy.text.About;
import dev.understudy.text.Entries;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import dev.understudy.text.YamlReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who made a model, and whether a kind of vendor is a program one runs oneself. */
public final class Developers {
  private static final String RESOURCE = "developers.yaml";

  /** What the file holds. */
  record Blocks(
      @About("how names of models begin") Entries<List<Text>> developers,
      @About("kinds that sell models of their own") Entries<Text> kinds,
      @About("kinds that are programs one runs oneself") List<Text> own) {}

  private record Beginning(String letters, String developer) {}

  private final List<Beginning> beginnings = new ArrayList<>();
  private final Map<String, String> kinds = new HashMap<>();
  private final Set<String> own = new HashSet<>();

  private Developers(Blocks blocks) {
    for (Entries.Entry<List<Text>> one : blocks.developers().all()) {
      for (Text letters : one.value()) {
        beginnings.add(new Beginning(letters.value(), one.name().value()));
      }
    }
    for (Entries.Entry<Text> one : blocks.kinds().all()) {
      kinds.put(one.name().value(), one.value().value());
    }
    blocks.own().forEach(kind -> own.add(kind.value()));
  }

  /** Those that come with the program. */
  public static Developers load() {
    try (var in = Developers.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program was packed without " + RESOURCE);
      }
      var problems = new Problems();
      Optional<Blocks> blocks =
          YamlReader.read(Blocks.class, RESOURCE, in.readAllBytes(), Map.of(), problems);
      if (!problems.isEmpty() || blocks.isEmpty()) {
        throw new IllegalStateException(String.join("\n", problems.lines()));
      }
      return new Developers(blocks.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Who made a model.
   *
   * @param kind of the vendor that serves it
   * @param model in that vendor's words
   */
  public Optional<String> of(String kind, String model) {
    String name = model.toLowerCase(Locale.ROOT);
    Beginning best = new Beginning("", "");
    for (int at = 0; at >= 0; at = next(name, at)) {
      for (Beginning beginning : beginnings) {
        if (beginning.letters().length() > best.letters().length()
            && name.startsWith(beginning.letters(), at)) {
          best = beginning;
        }
      }
    }
    return best.letters().isEmpty()
        ? Optional.ofNullable(kinds.get(kind))
        : Optional.of(best.developer());
  }

  /** Behind the next separator of a path; below zero if there is none. */
  private static int next(String name, int from) {
    for (int i = from; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/' || c == '.' || c == ':') {
        return i + 1;
      }
    }
    return -1;
  }

  /** Whether the kind is a program one runs oneself. */
  public boolean isOwn(String kind) {
    return own.contains(kind);
  }

  /** The kinds that are known to sell models of their own. */
  Set<String> kinds() {
    return Set.copyOf(kinds.keySet());
  }

  /** The kinds that are programs one runs oneself. */
  Set<String> own() {
    return Set.copyOf(own);
  }
}
