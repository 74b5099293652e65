package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.json.JsonPlaces;
import dev.understudy.json.Malformed;
import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import dev.understudy.text.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads who judges, and what people said of the same answers. */
final class JudgeReader {
  private static final int JUDGES_MAX = 9;
  private static final String CRITERIA =
      "The better answer is the one that helps who asked more: right, complete as far as it was"
          + " asked for, honest about what is not known, safe, in the form that was asked for, and"
          + " no longer than it need be.";

  private final Beside beside;
  private final Problems problems;

  JudgeReader(Beside beside, Problems problems) {
    this.beside = beside;
    this.problems = problems;
  }

  /** Reads a suite's block. */
  Judging read(SuiteFile.JudgeBlock block) {
    Place at = block.targets().isEmpty() ? block.place() : block.targets().getFirst().place();
    if (block.targets().isEmpty()) {
      problems.add(at, "judge has no targets: name at least one vendor/model or route");
    }
    if (block.targets().size() > JUDGES_MAX) {
      problems.add(at, "more than %d judges".formatted(JUDGES_MAX));
    }
    var targets = new LinkedHashSet<String>();
    for (Text target : block.targets()) {
      if (!targets.add(target.value())) {
        problems.add(target.place(), "this judge is there twice");
      }
    }
    String form = oneOf(block.answer(), "answer", "json", "tagged", "token");
    int scale = bounded(block.scale(), 5, 100, "scale", at);
    if (scale < 2 || (form.equals("token") && scale > 9)) {
      problems.add(
          at, form.equals("token") ? "scale is 2 to 9 for one token" : "scale is 2 to 100");
    }
    return new Judging(
        List.copyOf(targets),
        Judging.Form.valueOf(form.toUpperCase(Locale.ROOT)),
        Math.max(2, scale),
        oneOf(block.orders(), "orders", "both", "one").equals("both"),
        oneOf(block.panel(), "panel", "majority", "mean").equals("majority"),
        block.criteria().map(Text::value).orElse(CRITERIA),
        bounded(block.maxTokens(), 1_000, 100_000, "max-tokens", at),
        block.labels().map(this::labels).orElse(List.of()));
  }

  /** The first of the words known, where none is said or another one. */
  private String oneOf(Optional<Text> said, String what, String... known) {
    if (said.isEmpty() || List.of(known).contains(said.get().value())) {
      return said.map(Text::value).orElse(known[0]);
    }
    problems.add(
        said.get().place(),
        "unknown %s %s; known: %s"
            .formatted(what, Nearness.quoted(said.get().value()), String.join(", ", known)));
    return known[0];
  }

  private int bounded(Optional<Integer> said, int otherwise, int most, String name, Place place) {
    int value = said.orElse(otherwise);
    if (value < 1 || value > most) {
      problems.add(place, "%s lies between 1 and %d".formatted(name, most));
    }
    return value;
  }

  /** A line of JSON each. */
  private List<Judging.Label> labels(Text said) {
    var labels = new ArrayList<Judging.Label>();
    Path path = beside.path(said);
    int number = 0;
    for (String line : beside.text(said).orElse("").split("\r?\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        labels.add(LabelLine.read(Json.parse(line)));
      } catch (Malformed e) {
        problems.add(
            CaseFiles.flaw(path, number, line), "not valid JSON: " + CaseFiles.what(line, e));
      } catch (CaseLine.BadLine e) {
        problems.add(
            new Place(path.toString(), number, JsonPlaces.column(line, e.pointer())),
            String.valueOf(e.getMessage()));
      }
    }
    return labels;
  }
}
