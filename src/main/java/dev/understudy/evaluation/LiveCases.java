package dev.understudy.evaluation;

import dev.understudy.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes cases of live exchanges whose content was recorded: those of one route, a sample of them,
 * each question once, without what tells who somebody is.
 */
public final class LiveCases {
  /** Questions are told apart by so much of their beginning in redacted form. */
  private static final int SEEN_MAX = 1_000_000;

  private final Wish wish;
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Integer> left = new TreeMap<>();
  private int taken;

  /**
   * Which exchanges become cases.
   *
   * @param route the name callers asked for
   * @param share of the exchanges that is looked at, above 0 and at most 1
   * @param most cases
   * @param tag a key's tag, as {@code name=value}, that its owner's consent is noted by; empty to
   *     take all
   * @param answers whether what was answered is kept beside the question
   */
  public record Wish(String route, double share, int most, Optional<String> tag, boolean answers) {}

  public LiveCases(Wish wish) {
    this.wish = wish;
  }

  /** How many exchanges became no case, by why. */
  public Map<String, Integer> left() {
    return Map.copyOf(left);
  }

  public int taken() {
    return taken;
  }

  /** A case of an exchange as the log spells it; empty if it becomes none. */
  public Optional<ObjectNode> of(JsonNode exchange) {
    if (!exchange.path("event").asString("").equals("exchange")
        || !exchange.path("route").asString("").equals(wish.route())) {
      return Optional.empty();
    }
    String why = objection(exchange);
    if (!why.isEmpty()) {
      return leave(why);
    }
    ArrayNode messages = Json.array();
    for (JsonNode message : exchange.path("content").path("input")) {
      Optional<String> text = text(message);
      if (text.isEmpty()) {
        return leave("holds more than text, or was cut");
      }
      String role = message.path("role").asString("");
      messages
          .addObject()
          .put("role", role.equals("developer") ? "system" : role)
          .put("content", PersonalData.without(text.get()));
    }
    if (messages.isEmpty()
        || !messages.get(messages.size() - 1).path("role").asString().equals("user")) {
      return leave("does not end with a question");
    }
    for (JsonNode message : messages) {
      if (!List.of("system", "user", "assistant").contains(message.path("role").asString())) {
        return leave("holds more than text, or was cut");
      }
    }
    if (seen.size() < SEEN_MAX && !seen.add(Certificate.hash(messages.toString()))) {
      return leave("asks what another asks");
    }
    taken++;
    ObjectNode made = Json.object();
    made.put("id", exchange.path("id").asString(""));
    made.set("messages", messages);
    made.putObject("slices").put("route", wish.route());
    if (wish.answers()) {
      var answers = new ArrayList<String>();
      for (JsonNode message : exchange.path("content").path("output")) {
        text(message).map(PersonalData::without).ifPresent(answers::add);
      }
      made.putArray("ideal").add(String.join("\n", answers));
    }
    return Optional.of(made);
  }

  private String objection(JsonNode exchange) {
    if (taken >= wish.most()) {
      return "beyond the number that was wanted";
    }
    if (wish.tag().isPresent() && !isConsented(exchange, wish.tag().get())) {
      return "its key has not the tag of consent";
    }
    if (!exchange.path("operation").asString("").equals("chat")
        || !exchange.path("outcome").asString("").equals("answered")
        || exchange.has("purpose")) {
      return "was not answered to a caller";
    }
    if (!exchange.has("content")) {
      return "has no content: log.prompts was off";
    }
    return isDrawn(exchange.path("id").asString(""), wish.share()) ? "" : "was not drawn";
  }

  private static boolean isConsented(JsonNode exchange, String tag) {
    int equals = tag.indexOf('=');
    return equals > 0
        && exchange
            .path("tags")
            .path(tag.substring(0, equals))
            .asString("")
            .equals(tag.substring(equals + 1));
  }

  /** By its name alone: the same exchange is drawn, or not, each time. */
  private static boolean isDrawn(String id, double share) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      long drawn = ByteBuffer.wrap(hash).getLong() >>> 11;
      return drawn * 0x1.0p-53 < share;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private Optional<ObjectNode> leave(String why) {
    left.merge(why, 1, Integer::sum);
    return Optional.empty();
  }

  /** The text of a message that holds nothing else, reasons aside; empty if it was cut. */
  private static Optional<String> text(JsonNode message) {
    var texts = new ArrayList<String>();
    for (JsonNode part : message.path("parts")) {
      switch (part.path("type").asString("")) {
        case "text" -> texts.add(part.path("content").asString(""));
        case "reasoning" -> {}
        default -> {
          return Optional.empty();
        }
      }
    }
    String whole = String.join("\n", texts);
    // A text that the bound cut ends so.
    return whole.isEmpty() || whole.endsWith("…") ? Optional.empty() : Optional.of(whole);
  }
}
