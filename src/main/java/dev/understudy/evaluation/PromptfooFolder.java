package dev.understudy.evaluation;

import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What the readers of one configuration share: the files beside it, and what they have to say of
 * it.
 */
final class PromptfooFolder {
  private static final long BYTES_MAX = 64L << 20;

  private final Path file;
  private final boolean leaveOut;
  private final Problems problems;
  private final Consumer<byte[]> digest;
  private final Set<String> notes = new LinkedHashSet<>();

  /**
   * Beside a configuration.
   *
   * @param leaveOut whether what is not known is left out, with a note; else it is a problem
   * @param digest hears of every file that is read
   */
  PromptfooFolder(Path file, boolean leaveOut, Problems problems, Consumer<byte[]> digest) {
    this.file = file;
    this.leaveOut = leaveOut;
    this.problems = problems;
    this.digest = digest;
  }

  Path file() {
    return file;
  }

  boolean leavesOut() {
    return leaveOut;
  }

  Problems problems() {
    return problems;
  }

  /** What was left aside, for a person. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  void note(String text) {
    notes.add(file.getFileName() + ": " + text);
  }

  /** Says that something is not understood, or leaves it out. */
  void unknown(Place place, String what) {
    if (leaveOut) {
      note("line %d: %s is left out".formatted(place.line(), what));
    } else {
      problems.add(place, what + " is not understood; unsupported: leave-out goes on without such");
    }
  }

  /** The text of a file beside it; empty if it cannot be read, which has been said. */
  Optional<String> beside(String path, Place place) {
    if (path.contains("*")) {
      problems.add(place, "files by a pattern are not read; name each");
      return Optional.empty();
    }
    Path named = file.resolveSibling(path);
    try {
      if (Files.size(named) > BYTES_MAX) {
        problems.add(place, named + " is larger than " + BYTES_MAX + " bytes");
        return Optional.empty();
      }
      byte[] bytes = Files.readAllBytes(named);
      digest.accept(bytes);
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      problems.add(place, named + " cannot be read");
      return Optional.empty();
    }
  }

  /** What a scalar says; nothing of anything else. */
  static String text(Tree tree) {
    return tree instanceof Tree.Scalar scalar ? scalar.text() : "";
  }

  /** The number that a scalar is. */
  static Optional<Double> number(Tree tree) {
    return tree instanceof Tree.Scalar scalar
        ? Numbers.whole(scalar.text()).stream().boxed().findFirst()
        : Optional.empty();
  }
}
