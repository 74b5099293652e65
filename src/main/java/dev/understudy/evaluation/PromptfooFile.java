package dev.understudy.evaluation;

import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Tree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads cases from a configuration of promptfoo: each of its prompts filled with each test's
 * variables is a case, its assertions are the case's checks.
 */
final class PromptfooFile {
  /** Fields that say how promptfoo runs, not what is asked. */
  private static final Set<String> LEFT_ASIDE =
      Set.of(
          "$schema",
          "description",
          "tags",
          "providers",
          "targets",
          "sharing",
          "outputPath",
          "evaluateOptions",
          "commandLineOptions",
          "env",
          "metadata");

  private final PromptfooFolder folder;

  /**
   * Will read.
   *
   * @param leaveOut whether assertions that are not known are left out, with a note; else they are
   *     problems
   * @param digest hears of every file that is read
   */
  PromptfooFile(Path file, boolean leaveOut, Problems problems, Consumer<byte[]> digest) {
    this.folder = new PromptfooFolder(file, leaveOut, problems, digest);
  }

  /** What was left aside, for a person. */
  List<String> notes() {
    return folder.notes();
  }

  List<PromptfooCases.Made> read(byte[] bytes) {
    Optional<Tree> tree = Tree.read(folder.file().toString(), bytes, folder.problems());
    if (tree.isEmpty() || !(tree.get() instanceof Tree.Block top)) {
      tree.ifPresent(
          t -> folder.problems().add(t.place(), "a configuration of promptfoo is a block"));
      return List.of();
    }
    for (var field : top.fields().entrySet()) {
      String name = field.getKey();
      if (LEFT_ASIDE.contains(name)) {
        if (name.equals("providers") || name.equals("targets")) {
          folder.note(
              "providers are left aside: candidate and incumbent are named on the command line");
        }
      } else if (!List.of("prompts", "tests", "defaultTest", "assertionTemplates").contains(name)) {
        folder.unknown(field.getValue().place(), name + " of a configuration");
      }
    }
    Map<String, Tree> templates =
        top.field("assertionTemplates").orElse(null) instanceof Tree.Block named
            ? named.fields()
            : Map.of();
    List<PromptfooCases.Prompt> prompts = prompts(top);
    var reader = new PromptfooTests(folder);
    PromptfooTests.Test byDefault =
        top.field("defaultTest")
            .flatMap(reader::byDefault)
            .orElse(new PromptfooTests.Test(top.place(), Map.of(), true));
    List<PromptfooTests.Test> tests = top.field("tests").map(reader::tests).orElse(List.of());
    var cases = new PromptfooCases(folder, templates);
    if (tests.isEmpty() && folder.problems().isEmpty()) {
      folder.problems().add(top.place(), "the configuration has no tests");
    }
    for (int i = 0; i < tests.size(); i++) {
      cases.test(tests.get(i), i + 1, byDefault, prompts);
    }
    return cases.made();
  }

  private List<PromptfooCases.Prompt> prompts(Tree.Block top) {
    Optional<Tree> said = top.field("prompts");
    if (said.isEmpty()) {
      folder.problems().add(top.place(), "the configuration has no prompts");
      return List.of();
    }
    var prompts = new ArrayList<PromptfooCases.Prompt>();
    List<Tree> all = said.get() instanceof Tree.Items items ? items.all() : List.of(said.get());
    for (Tree one : all) {
      switch (one) {
        case Tree.Scalar scalar -> prompt(scalar.text(), "", scalar.place(), prompts);
        case Tree.Block block -> {
          String label = block.field("label").map(PromptfooFolder::text).orElse("");
          Optional<Tree> text = block.field("raw").or(() -> block.field("id"));
          if (text.isPresent() && text.get() instanceof Tree.Scalar scalar) {
            prompt(scalar.text(), label, scalar.place(), prompts);
          } else {
            folder.problems().add(block.place(), "a prompt has a text, as raw or as id: file://…");
          }
        }
        case Tree.Items items ->
            folder.problems().add(items.place(), "a prompt is a text or a block");
      }
    }
    return prompts;
  }

  private void prompt(String said, String label, Place place, List<PromptfooCases.Prompt> into) {
    String name = label.isEmpty() ? "prompt " + (into.size() + 1) : label;
    if (!said.startsWith("file://") && !said.matches("[\\w./-]+\\.(txt|md|json)")) {
      into.add(new PromptfooCases.Prompt(name, said, place));
      return;
    }
    String path = said.replaceFirst("^file://", "");
    if (!path.matches(".*\\.(txt|md|json)")) {
      folder.unknown(place, "a prompt from " + path + ", which is no .txt, .md or .json file,");
      return;
    }
    Optional<String> text = folder.beside(path, place);
    if (text.isEmpty()) {
      return;
    }
    // Several prompts in one file stand between lines of three dashes.
    String[] parts =
        path.endsWith(".json") ? new String[] {text.get()} : text.get().split("(?m)^---\\s*$");
    for (String part : parts) {
      into.add(
          new PromptfooCases.Prompt(
              parts.length == 1 && !label.isEmpty() ? label : "prompt " + (into.size() + 1),
              part.strip(),
              place));
    }
  }
}
