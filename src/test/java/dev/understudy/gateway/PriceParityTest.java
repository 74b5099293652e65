package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.Leaf;
import dev.understudy.chat.Usage;
import dev.understudy.json.Json;
import dev.understudy.money.Cost;
import dev.understudy.pricing.Prices;
import dev.understudy.pricing.Shipped;
import dev.understudy.pricing.Use;
import dev.understudy.protocol.Recordings;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Recorded usage objects cost what another price list says they do, or docs/reference/prices.md
 * says why not.
 */
final class PriceParityTest {
  private static final String MARK = "<!-- Below: printed by PriceParityTest. -->\n";

  /** A moment when the other list was true, and no hours of the day were dearer. */
  private static final Instant THEN = Instant.parse("2026-08-07T12:00:00Z");

  private static final Prices LIST = new Prices(List.of(Shipped.list()));

  /** Objects that differ in one way. */
  private static final class Difference {
    private final TreeSet<String> models = new TreeSet<>();
    private String example = "";
    private int objects;
  }

  @Test
  void everyRecordedObjectCostsTheSameOrThereIsAReason() throws IOException {
    var file = Recordings.shared().resolve("data/usage-objects/usages.jsonl");
    var found = new TreeMap<String, Difference>();
    int priced = 0;
    int same = 0;
    int elsewhere = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode recorded = Json.parse(line);
      ObjectNode object = RecordedUsageTest.object(recorded.path("body"));
      String model = recorded.path("model").asString();
      for (JsonNode extracted : recorded.path("extracted")) {
        for (JsonNode extractor : extracted.path("extractors")) {
          if (!extractor.has("input_price") && !extractor.has("output_price")) {
            continue;
          }
          String provider = extractor.path("provider_id").asString();
          String flavour = extractor.path("api_flavor").asString();
          Optional<String> kind = kind(provider, flavour);
          Optional<Usage> usage = RecordedUsageTest.read(provider, flavour, object);
          if (kind.isEmpty() || usage.isEmpty()) {
            elsewhere++;
            continue;
          }
          priced++;
          Cost cost = LIST.cost(Use.of(kind.get(), kind.get(), model, THEN, usage.get()));
          BigDecimal in = price(extractor, "input_price");
          BigDecimal out = price(extractor, "output_price");
          if (cost.isWhole()
              && sum(cost, Leaf.Direction.INPUT).compareTo(in) == 0
              && sum(cost, Leaf.Direction.OUTPUT).compareTo(out) == 0) {
            same++;
            continue;
          }
          String reason = reason(kind.get(), model, usage.get(), cost, in, out);
          Difference difference =
              found.computeIfAbsent(kind.get() + " | " + reason, _ -> new Difference());
          difference.objects++;
          difference.models.add(model);
          if (difference.example.isEmpty()) {
            difference.example =
                "%s: %s and %s there, %s and %s here"
                    .formatted(
                        recorded.path("id").asString(),
                        in.toPlainString(),
                        out.toPlainString(),
                        sum(cost, Leaf.Direction.INPUT).toPlainString(),
                        sum(cost, Leaf.Direction.OUTPUT).toPlainString());
          }
        }
      }
    }
    var page = new StringBuilder();
    page.append(
        """

        ## Recorded usage against another price list

        The objects of [genai-prices](https://github.com/pydantic/genai-prices)' data set come with the prices of that
        project's list. %d of its prices are of vendors that our list has, by the time %s; %d of them are
        the same here to the last digit. %d are of vendors our list does not have. The others:

        | kind | why ours differs | objects | models | first of them, input and output in dollars |
        | --- | --- | ---: | --- | --- |
        """
            .formatted(priced, THEN, same, elsewhere));
    found.forEach((key, d) ->
        page.append(
            "| %s | %d | %s | %s |\n"
                .formatted(key.replace("_", "\\_"), d.objects, models(d.models), d.example)));
    compare(page.toString());
    assertThat(found.keySet()).noneMatch(key -> key.endsWith("| "));
  }

  private static String models(TreeSet<String> models) {
    return models.size() <= 4
        ? String.join(", ", models)
        : String.join(", ", models.stream().limit(3).toList())
            + " and %d more".formatted(models.size() - 3);
  }

  private static BigDecimal price(JsonNode extractor, String name) {
    return extractor.has(name) ? new BigDecimal(extractor.path(name).asString()) : BigDecimal.ZERO;
  }

  private static BigDecimal sum(Cost cost, Leaf.Direction direction) {
    String prefix = direction == Leaf.Direction.INPUT ? "input." : "output.";
    return cost.lines().stream()
        .filter(line -> line.item().startsWith(prefix))
        .map(line -> line.amount().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .stripTrailingZeros();
  }

  private static Optional<String> kind(String provider, String flavour) {
    return switch (provider) {
      case "openai", "anthropic", "deepseek", "mistral", "groq", "cohere", "openrouter" ->
          Optional.of(provider);
      case "azure" -> flavour.equals("anthropic") ? Optional.empty() : Optional.of("azure-openai");
      case "google" -> Optional.of(flavour.equals("anthropic") ? "vertex" : "gemini");
      case "aws" -> Optional.of("bedrock");
      case "x-ai" -> Optional.of("xai");
      default -> Optional.empty();
    };
  }

  private static final BigDecimal TENTH_MORE = new BigDecimal("1.1");
  private static final BigDecimal TWICE = new BigDecimal("2");
  private static final BigDecimal HALF_MORE = new BigDecimal("1.5");
  private static final BigDecimal QUARTER_MORE = new BigDecimal("1.25");
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** Why a price differs; empty if nobody knows. */
  private static String reason(
      String kind, String model, Usage usage, Cost cost, BigDecimal in, BigDecimal out) {
    BigDecimal ourIn = sum(cost, Leaf.Direction.INPUT);
    BigDecimal ourOut = sum(cost, Leaf.Direction.OUTPUT);
    String suspended = cost.isWhole() ? "" : cost.unpriced().getFirst().reason();
    if (kind.equals("openrouter")) {
      return cost.isWhole()
          ? "the cost that the market itself reports is the price here"
          : "the reply is none of the market's and reports no cost: in suspense";
    }
    if (suspended.contains("its prices end before")) {
      return "the model was retired before that day: in suspense";
    }
    if (suspended.startsWith("no price for model")) {
      return "the model is not on our list for this kind: in suspense";
    }
    String beside =
        cost.isWhole()
            ? ""
            : "; beside it in suspense, for lack of a price: " + cost.unpriced().getFirst().item();
    if (ourIn.compareTo(in) == 0 && ourOut.compareTo(out) == 0) {
      return "the same" + beside;
    }
    if (kind.equals("bedrock") && is(ourIn, TENTH_MORE, in) && is(ourOut, TENTH_MORE, out)) {
      return "without a region in its name a model is global here; theirs costs a tenth more"
          + beside;
    }
    boolean isBedrock = kind.equals("bedrock");
    BigDecimal regional = isBedrock ? TENTH_MORE : BigDecimal.ONE;
    if (cost.price().contains("above 200000")
        && is(in, TWICE, ourIn.multiply(regional))
        && is(out, HALF_MORE, ourOut.multiply(regional))) {
      return "theirs has no price above 200 000 tokens for this model%s%s"
          .formatted(isBedrock ? ", and costs a tenth more for its region" : "", beside);
    }
    if (model.startsWith("mistral-") && model.endsWith("-latest")) {
      return "`latest` is a newer model on our list, at another price" + beside;
    }
    if (usage.serviceTier().filter(tier -> !tier.equals("standard")).isPresent()
        && is(in, HALF, ourIn)
        && is(out, HALF, ourOut)) {
      return "the reply says that it was "
          + usage.serviceTier().get()
          + ", which is half the price";
    }
    if (ourOut.compareTo(out) == 0 && is(in.subtract(plain(cost)), QUARTER_MORE, written(cost))) {
      return "theirs does not read what was written to the cache, which has a price" + beside;
    }
    return "";
  }

  /** What was written to the cache; it costs a quarter more than what was not. */
  private static BigDecimal written(Cost cost) {
    return sum(cost, line -> line.item().contains(".write"));
  }

  /** What of the prompt was not written to the cache. */
  private static BigDecimal plain(Cost cost) {
    return sum(cost, line -> line.item().startsWith("input.") && !line.item().contains(".write"));
  }

  private static BigDecimal sum(Cost cost, Predicate<Cost.Line> which) {
    return cost.lines().stream()
        .filter(which)
        .map(line -> line.amount().amount())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static boolean is(BigDecimal number, BigDecimal times, BigDecimal other) {
    return number.multiply(times).compareTo(other) == 0;
  }

  private static void compare(String printed) throws IOException {
    Path page = Path.of("docs/reference/prices.md");
    String text = Files.readString(page);
    int mark = text.indexOf(MARK) + MARK.length();
    assertThat(mark).as("the mark in " + page).isGreaterThanOrEqualTo(MARK.length());
    if (Boolean.getBoolean("understudy.print")) {
      Files.writeString(page, text.substring(0, mark) + printed);
      text = Files.readString(page);
    }
    assertThat(text.substring(mark))
        .as("print it again with: ./mvnw test -Dtest=PriceParityTest -Dunderstudy.print=true")
        .isEqualTo(printed);
  }
}
