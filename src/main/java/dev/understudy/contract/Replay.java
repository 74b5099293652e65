package dev.understudy.contract;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trace of calls and of what happened, played under contracts: which target of each call would
 * have been the first that may answer, and which were kept out by which clause.
 */
public final class Replay {
  private static final int LINES_MAX = 1_000_000;

  private final Map<String, String> vendors = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private Instant last = Instant.MIN;

  /** A line of a trace. */
  private sealed interface Step {
    record Called(
        String id, Instant at, Map<String, String> tags, String model, List<String> targets)
        implements Step {}

    record Happened(String by, Happening what) implements Step {}
  }

  /**
   * What became of a call.
   *
   * @param target the first that may answer, as {@code vendor/model}; empty if none may
   * @param basis by which clause; empty if none says anything
   * @param denied the others before it, or all, with the clause and why
   */
  public record Outcome(
      String call, Optional<String> target, String basis, Map<String, String> denied) {
    public Outcome {
      denied = Collections.unmodifiableMap(new LinkedHashMap<>(denied));
    }
  }

  private Replay() {}

  /**
   * Reads JSON Lines: a first line with {@code vendors} and their kinds, then lines with {@code
   * call} or {@code happens}, in the order of time.
   *
   * @throws IllegalArgumentException if a line cannot be used, with its number
   */
  public static Replay read(byte[] bytes) {
    var replay = new Replay();
    int number = 0;
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      if (number > LINES_MAX) {
        throw new IllegalArgumentException("more than %d lines".formatted(LINES_MAX));
      }
      try {
        replay.take(Json.parseObject(line.getBytes(StandardCharsets.UTF_8)));
      } catch (Malformed | IllegalArgumentException | DateTimeParseException e) {
        throw new IllegalArgumentException("line %d: %s".formatted(number, e.getMessage()), e);
      }
    }
    return replay;
  }

  private void take(ObjectNode line) {
    if (line.has("vendors")) {
      line.path("vendors")
          .properties()
          .forEach(v -> vendors.put(v.getKey(), v.getValue().asString()));
    } else if (line.has("call")) {
      var targets = new ArrayList<String>();
      line.path("targets").forEach(one -> targets.add(one.asString()));
      for (String vendor : targets) {
        if (!vendors.containsKey(vendor)) {
          throw new IllegalArgumentException(
              "unknown vendor " + vendor + "; name it under vendors");
        }
      }
      Instant at = Instant.parse(line.path("at").asString(""));
      if (at.isBefore(last)) {
        throw new IllegalArgumentException(
            "a call at %s, after one at %s; put them in the order of time".formatted(at, last));
      }
      last = at;
      steps.add(
          new Step.Called(
              line.path("call").asString(),
              at,
              texts(line.path("tags")),
              line.path("model").asString(""),
              targets));
    } else {
      Happening.Kind kind =
          Happening.Kind.of(line.path("happens").asString(""))
              .orElseThrow(
                  () -> new IllegalArgumentException("neither vendors, call nor happens is there"));
      var what =
          new Happening(
              kind,
              line.path("contract").asString(""),
              line.path("clause").asString(""),
              Instant.parse(line.path("at").asString("")),
              new TreeMap<>(texts(line.path("details"))));
      if (!what.faults().isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", what.faults()));
      }
      steps.add(new Step.Happened(line.path("by").asString(""), what));
    }
  }

  private static Map<String, String> texts(JsonNode node) {
    var texts = new LinkedHashMap<String, String>();
    node.properties().forEach(one -> texts.put(one.getKey(), one.getValue().asString()));
    return texts;
  }

  /** What becomes of each call, in order. */
  public List<Outcome> under(ContractBook book) {
    var outcomes = new ArrayList<Outcome>();
    var log = new ArrayList<Logged>();
    Optional<Rules> rules = Optional.empty();
    for (Step step : steps) {
      switch (step) {
        case Step.Happened happened -> {
          take(happened, log);
          rules = Optional.empty();
        }
        case Step.Called called -> {
          if (rules.isEmpty()
              || rules.get().until().filter(until -> !called.at().isBefore(until)).isPresent()) {
            rules = Optional.of(ContractState.of(book, vendors, log, called.at()).rules());
          }
          outcomes.add(outcome(called, rules.get()));
        }
      }
    }
    return outcomes;
  }

  /** What is in force at an instant, after all that the trace says to have happened. */
  public ContractState state(ContractBook book, Instant at) {
    var log = new ArrayList<Logged>();
    for (Step step : steps) {
      if (step instanceof Step.Happened happened) {
        take(happened, log);
      }
    }
    return ContractState.of(book, vendors, log, at);
  }

  private static void take(Step.Happened happened, List<Logged> log) {
    log.add(
        Logged.after(
            log.isEmpty() ? Optional.empty() : Optional.of(log.getLast()),
            happened.what().at(),
            happened.by(),
            happened.what()));
  }

  private Outcome outcome(Step.Called called, Rules rules) {
    Subject asker = Subject.asker("default", "default", called.tags(), Set.of());
    var denied = new LinkedHashMap<String, String>();
    for (String vendor : called.targets()) {
      String name = vendor + "/" + called.model();
      Ruling ruling =
          rules.judge(vendor, vendors.getOrDefault(vendor, ""), called.model(), "", asker);
      if (ruling.allowed()) {
        return new Outcome(called.id(), Optional.of(name), ruling.text(), denied);
      }
      denied.put(name, ruling.text());
    }
    return new Outcome(called.id(), Optional.empty(), "", denied);
  }
}
