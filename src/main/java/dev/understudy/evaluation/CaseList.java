package dev.understudy.evaluation;

import dev.understudy.text.Nearness;
import dev.understudy.text.Place;
import dev.understudy.text.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Gathers a suite's cases, and says of each what is wrong with it and where. */
final class CaseList {
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private final Usual usual;
  private final Problems problems;
  private final List<Case> cases = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  /**
   * The cluster of the first case that asks a question: whoever asks the same is no other witness.
   */
  private final Map<List<Object>, String> asked = new HashMap<>();

  private int again;

  /**
   * What holds for every case.
   *
   * @param system the first message of cases without one
   * @param ideal the check that an ideal answer stands for
   * @param demands whether checks for every case are written, even such as cannot be read
   * @param isJudged whether somebody grades by rubrics
   * @param isCompared whether judges compare, so that no check is needed
   */
  record Usual(
      Optional<String> system,
      String ideal,
      List<Check> checks,
      boolean demands,
      boolean isJudged,
      boolean isCompared) {
    Usual {
      checks = List.copyOf(checks);
    }
  }

  /** Where the pieces of a case stand. */
  interface Places {
    /**
     * The place of one piece.
     *
     * @param pointer such as {@code /checks/0/type}; empty for the whole
     */
    Place of(String pointer);
  }

  CaseList(Usual usual, Problems problems) {
    this.usual = usual;
    this.problems = problems;
  }

  List<Case> all() {
    return cases;
  }

  int size() {
    return cases.size();
  }

  /** What a person should know of the cases as they stand. */
  List<String> notes() {
    return again == 0
        ? List.of()
        : List.of(
            "%d cases ask what another one asks: those get one answer, and count as one cluster"
                .formatted(again));
  }

  /** A case whose checks are still as they were written. */
  void add(CaseLine.Raw raw, Places places) {
    var own = new ArrayList<Check>();
    for (int i = 0; i < raw.checks().size(); i++) {
      String pointer = "/checks/" + i + "/type";
      CheckKinds.of(raw.checks().get(i), message -> problems.add(places.of(pointer), message))
          .ifPresent(own::add);
    }
    add(raw, own, !raw.checks().isEmpty(), places);
  }

  /**
   * A case.
   *
   * @param own its checks, beside those that its file's form stands for
   * @param demands whether checks are written, even such as cannot be read
   */
  void add(CaseLine.Raw raw, List<Check> own, boolean demands, Places places) {
    Place place = places.of("");
    if (cases.size() >= SuiteReader.CASES_MAX) {
      problems.add(place, "more than " + SuiteReader.CASES_MAX + " cases");
      return;
    }
    String id = raw.id().isEmpty() ? "case-" + (cases.size() + 1) : raw.id();
    if (!ids.add(id)) {
      problems.add(places.of("/id"), "two cases have the id " + Nearness.quoted(id));
    }
    List<Turn> turns = turns(raw, place);
    if (!raw.toolsJson().isEmpty()
        && JsonText.parse(raw.toolsJson()).filter(node -> node.isArray()).isEmpty()) {
      problems.add(places.of("/tools"), "tools is a JSON array, as the Chat protocol lists them");
    }
    var checks = new ArrayList<>(own);
    checks.addAll(raw.made());
    checks.addAll(usual.checks());
    ideal(raw, places).ifPresent(checks::add);
    if (!usual.isJudged() && checks.stream().anyMatch(Check::needsJudge)) {
      problems.add(place, "nobody grades by the rubric: write judge with its targets");
    }
    boolean said = demands || usual.demands() || !raw.ideal().isEmpty();
    if (checks.isEmpty() && !said && !usual.isCompared()) {
      problems.add(place, "nothing says what a good answer is: write checks or ideal");
    }
    cases.add(
        new Case(
            id,
            turns,
            raw.toolsJson(),
            checks,
            raw.slices(),
            cluster(raw, id, List.of(turns, raw.toolsJson()))));
  }

  private String cluster(CaseLine.Raw raw, String id, List<Object> question) {
    String own = raw.cluster().isEmpty() ? "case " + id : raw.cluster();
    String first = asked.putIfAbsent(question, own);
    if (first == null) {
      return own;
    }
    again++;
    return raw.cluster().isEmpty() ? first : own;
  }

  private List<Turn> turns(CaseLine.Raw raw, Place place) {
    var turns = new ArrayList<Turn>();
    if (usual.system().isPresent()
        && raw.turns().stream().noneMatch(t -> t.role().equals("system"))) {
      turns.add(new Turn("system", usual.system().get()));
    }
    turns.addAll(raw.turns());
    if (turns.isEmpty() || !turns.getLast().role().equals("user")) {
      problems.add(place, "the last message of a case is by the user");
    } else if (turns.getLast().text().isBlank()) {
      problems.add(place, "the user says nothing: the last message of a case is empty");
    }
    for (Turn turn : turns) {
      if (!ROLES.contains(turn.role())) {
        problems.add(
            place,
            "unknown role %s; known: %s"
                .formatted(Nearness.quoted(turn.role()), String.join(", ", ROLES)));
      }
    }
    return turns;
  }

  private Optional<Check> ideal(CaseLine.Raw raw, Places places) {
    if (raw.ideal().isEmpty()) {
      return Optional.empty();
    }
    var any = new ArrayList<Scorer>();
    for (String one : raw.ideal()) {
      CheckKinds.of(
              new CheckKinds.Written(
                  usual.ideal(), List.of(one), OptionalDouble.empty(), OptionalDouble.empty(), 1),
              message -> problems.add(places.of("/ideal"), "ideal: " + message))
          .ifPresent(check -> any.add((Scorer) check.measure()));
    }
    return any.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check(
                usual.ideal(),
                any.size() == 1 ? any.getFirst() : new Scorer.AnyOf(any),
                false,
                1,
                1));
  }
}
