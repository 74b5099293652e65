package dev.understudy.exchange;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Usage;
import dev.understudy.money.Cost;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One finished attempt as the money side reads it: who asked whom for what, what it consumed, and
 * what that came to.
 *
 * <p>Texts that are not known are empty.
 *
 * @param exchange the exchange's id
 * @param index which of its attempts, from 0; with the exchange's id it names the attempt for good
 * @param occurredAt when the attempt began, to the millisecond; it decides which price and which
 *     contract version holds
 * @param organisation whose key asked
 * @param team the team the key belongs to
 * @param keyId the key
 * @param tags what is said of the key
 * @param route the name the caller asked for
 * @param purpose what the call was made for
 * @param vendor the vendor's name in the settings
 * @param kind the vendor's kind in the catalogue
 * @param model the model as asked for
 * @param replyModel the model that answered, in the vendor's words
 * @param credential a label of the key that was used
 * @param region where the vendor serves, as far as that is known
 * @param tier the class of service that was given
 * @param outcome how the attempt ended
 * @param estimated whether the consumption is our estimate
 * @param leaves what was consumed: tokens by disjoint leaf such as {@code input.text.read}, and the
 *     vendor's other units by their names
 * @param cost what it came to at our vendor's price; empty where nothing is owed
 */
public record Fact(
    String exchange,
    int index,
    Instant occurredAt,
    String organisation,
    String team,
    String keyId,
    Map<String, String> tags,
    String route,
    Purpose purpose,
    String vendor,
    String kind,
    String model,
    String replyModel,
    String credential,
    String region,
    String tier,
    Attempt.Outcome outcome,
    boolean estimated,
    SortedMap<String, BigDecimal> leaves,
    Optional<Cost> cost) {
  public Fact {
    occurredAt = occurredAt.truncatedTo(ChronoUnit.MILLIS);
    tags = Map.copyOf(tags);
    leaves = Collections.unmodifiableSortedMap(new TreeMap<>(leaves));
  }

  /**
   * What is told of one attempt of a finished call.
   *
   * @param region where its vendor serves; empty if that is not known
   */
  public static Fact of(Exchange exchange, int index, String region) {
    Attempt attempt = exchange.attempts().get(index);
    Usage usage = attempt.usage();
    var leaves = new TreeMap<String, BigDecimal>(usage.units());
    for (Map.Entry<Leaf, Long> leaf : usage.tokens().byLeaf().entrySet()) {
      leaves.put(leaf.getKey().name(), BigDecimal.valueOf(leaf.getValue()));
    }
    return new Fact(
        exchange.id(),
        index,
        begun(exchange, attempt),
        exchange.caller().map(CallerName::organisation).orElse(""),
        exchange.caller().map(CallerName::team).orElse(""),
        exchange.caller().map(CallerName::keyId).orElse(""),
        exchange.caller().map(CallerName::tags).orElse(Map.of()),
        exchange.route(),
        exchange.purpose(),
        attempt.vendor(),
        attempt.kind(),
        attempt.model(),
        attempt.replyModel().orElse(""),
        attempt.credential(),
        region,
        usage.serviceTier().orElse(""),
        attempt.outcome(),
        usage.estimated(),
        leaves,
        attempt.cost());
  }

  /** When an attempt began, as log lines tell it: a call's beginning is told to the millisecond. */
  public static Instant begun(Exchange exchange, Attempt attempt) {
    return exchange
        .startedAt()
        .truncatedTo(ChronoUnit.MILLIS)
        .plusNanos(Math.max(0, attempt.startedNanos()) / 1_000 * 1_000)
        .truncatedTo(ChronoUnit.MILLIS);
  }

  /** Names the attempt for good: the exchange's id, a slash, the attempt's place. */
  public String id() {
    return exchange + "/" + index;
  }
}
