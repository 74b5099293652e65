package dev.understudy.evaluation;

import dev.understudy.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run came to, as it can be shown to somebody who was not there.
 *
 * @param suiteHash of every file the suite was read from
 * @param parameters what the answers and the verdict depend on beside the suite's files: sampling,
 *     judges, metric, margin, alpha, as one line of JSON
 * @param outcomesHash of the file with every case's answers and outcomes
 * @param verdict {@code qualified}, {@code rejected} or {@code undecided}
 * @param lower the one-sided bound of the difference
 * @param sandbox whether vendors in a box gave answers in the place of those that are named
 */
public record Certificate(
    String run,
    Instant at,
    String suite,
    String suiteHash,
    String candidate,
    String incumbent,
    String parameters,
    String outcomesHash,
    String verdict,
    String why,
    int pairs,
    double difference,
    double lower,
    double upper,
    boolean sandbox,
    List<String> warnings) {
  public Certificate {
    warnings = List.copyOf(warnings);
  }

  /**
   * Of a run.
   *
   * @param items the file with a line for each case, as it is kept
   */
  public static Certificate of(Run run, String items) {
    Verdict verdict = run.verdict();
    return new Certificate(
        run.id(),
        run.at(),
        run.suite().name(),
        run.suite().hash(),
        run.candidate(),
        run.incumbent(),
        Json.text(parameters(run.suite())),
        hash(items),
        verdict.decision().name().toLowerCase(Locale.ROOT),
        verdict.why(),
        verdict.comparison().pairs(),
        verdict.comparison().difference(),
        finite(verdict.comparison().interval().lower()),
        finite(verdict.comparison().interval().upper()),
        run.pairs().stream()
            .anyMatch(pair -> isOfSandbox(pair.candidate()) || isOfSandbox(pair.incumbent())),
        verdict.warnings());
  }

  private static boolean isOfSandbox(Side side) {
    return side instanceof Side.Judged judged
        && judged.answers().stream().anyMatch(Answer.Given::sandbox);
  }

  private static ObjectNode parameters(Suite suite) {
    ObjectNode out = Json.object();
    out.put("metric", suite.metric().name().toLowerCase(Locale.ROOT))
        .put("margin", suite.margin())
        .put("alpha", suite.alpha())
        .put("repeats", suite.repeats())
        .put("temperature", suite.sampling().temperature())
        .put("max_tokens", suite.sampling().maxTokens());
    suite
        .judging()
        .ifPresent(judging -> {
          ObjectNode node = out.putObject("judge");
          var targets = node.putArray("targets");
          judging.targets().forEach(targets::add);
          node.put("answer", judging.form().name().toLowerCase(Locale.ROOT))
              .put("scale", judging.scale())
              .put("orders", judging.bothOrders() ? "both" : "one")
              .put("panel", judging.majority() ? "majority" : "mean")
              .put("criteria", judging.criteria());
        });
    return out;
  }

  /** The SHA-256 of a text, in small letters. */
  public static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static double finite(double value) {
    return Math.clamp(value, -1, 1);
  }

  ObjectNode json() {
    ObjectNode out = Json.object();
    out.put("run", run)
        .put("at", at.toString())
        .put("suite", suite)
        .put("suite_sha256", suiteHash)
        .put("candidate", candidate)
        .put("incumbent", incumbent)
        .put("parameters", parameters)
        .put("outcomes_sha256", outcomesHash)
        .put("verdict", verdict)
        .put("why", why)
        .put("pairs", pairs)
        .put("difference", difference)
        .put("lower", lower)
        .put("upper", upper);
    if (sandbox) {
      out.put("sandbox", true);
    }
    var list = out.putArray("warnings");
    warnings.forEach(list::add);
    return out;
  }

  /**
   * Back from JSON.
   *
   * @throws IllegalArgumentException if a member is missing or no such thing
   */
  static Certificate of(JsonNode node) {
    var warnings = new ArrayList<String>();
    node.path("warnings").forEach(warning -> warnings.add(warning.asString("")));
    try {
      return new Certificate(
          text(node, "run"),
          Instant.parse(text(node, "at")),
          text(node, "suite"),
          text(node, "suite_sha256"),
          text(node, "candidate"),
          text(node, "incumbent"),
          text(node, "parameters"),
          text(node, "outcomes_sha256"),
          text(node, "verdict"),
          text(node, "why"),
          node.path("pairs").asInt(),
          node.path("difference").asDouble(),
          node.path("lower").asDouble(),
          node.path("upper").asDouble(),
          node.path("sandbox").asBoolean(false),
          warnings);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("at is no time", e);
    }
  }

  private static String text(JsonNode node, String name) {
    if (!node.path(name).isString()) {
      throw new IllegalArgumentException("the certificate has no " + name);
    }
    return node.get(name).asString();
  }
}
