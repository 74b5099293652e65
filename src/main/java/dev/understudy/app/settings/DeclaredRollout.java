package dev.understudy.app.settings;

import dev.understudy.rollout.Rules;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A rollout that an operator may begin.
 *
 * @param candidate as {@code vendor/model}
 * @param suite the file of the suite whose checks judge quality
 * @param lackingPasses whether requests that need what the candidate lacks may pass it by
 * @param certificate which certificate of qualification it needs
 * @param places where what it names is written
 */
public record DeclaredRollout(
    String name,
    String route,
    String candidate,
    Rules rules,
    Optional<Path> suite,
    boolean lackingPasses,
    Optional<Certificate> certificate,
    Places places) {
  /**
   * Which certificate a rollout needs.
   *
   * @param suite the suite's name or hash; empty for any
   * @param ageMax how old it may be
   */
  public record Certificate(Optional<String> suite, Duration ageMax) {}

  /** Where the route, the candidate, the suite and the wanted certificate are written. */
  public record Places(Place route, Place candidate, Place suite, Place certificate) {}

  /**
   * Reads one that an operator sent.
   *
   * @param file under which name its places are reported; empty if the operator gave none
   * @param text YAML or JSON with the fields of one rollout
   * @param base beside which relative files lie
   * @throws BadSettings if anything is wrong, with all that is
   */
  public static DeclaredRollout read(
      String name, String file, byte[] text, Path base, Map<String, String> environment)
      throws BadSettings {
    var problems = new Problems();
    Optional<DeclaredRollout> read =
        YamlReader.read(
                RolloutBlock.class, file.isEmpty() ? "rollout" : file, text, environment, problems)
            .flatMap(block -> new RolloutReader(problems, base).read(name, block));
    if (!problems.isEmpty() || read.isEmpty()) {
      throw new BadSettings(problems.lines());
    }
    return read.get();
  }
}
