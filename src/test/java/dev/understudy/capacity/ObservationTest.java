package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.capacity.Observation.Count;
import dev.understudy.protocol.Recordings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class ObservationTest {
  private static final Instant NOW = Instant.parse("2026-08-19T14:34:00Z");

  @Test
  void readsWhatOpenAiSays() {
    var seen =
        read(
            "openai",
            Map.of(
                "x-ratelimit-limit-requests", "500",
                "x-ratelimit-remaining-requests", "499",
                "x-ratelimit-reset-requests", "120ms",
                "x-ratelimit-limit-tokens", "30000",
                "x-ratelimit-remaining-tokens", "13983",
                "x-ratelimit-reset-tokens", "32.032s"));

    assertThat(seen.counts())
        .containsExactly(
            new Count(Dimension.REQUESTS, 500, 499, 120),
            new Count(Dimension.TOKENS, 30_000, 13_983, 32_032));
  }

  @Test
  void takesTheRequestsOfGroqForThoseOfTheDay() {
    var seen =
        read(
            "groq",
            Map.of(
                "x-ratelimit-limit-requests", "14400",
                "x-ratelimit-remaining-requests", "14397",
                "x-ratelimit-reset-requests", "17.399999999s"));

    assertThat(seen.counts())
        .containsExactly(new Count(Dimension.REQUESTS_DAY, 14_400, 14_397, 17_400));
  }

  @Test
  void readsWhatAnthropicSaysOfLimitsAndOfACommitment() {
    var headers = new TreeMap<String, String>();
    for (String what : List.of("requests", "tokens", "input-tokens", "output-tokens")) {
      headers.put("anthropic-ratelimit-" + what + "-limit", "4000");
      headers.put("anthropic-ratelimit-" + what + "-remaining", "3000");
      headers.put("anthropic-ratelimit-" + what + "-reset", "2026-08-19T14:34:37Z");
    }
    headers.put("anthropic-priority-input-tokens-limit", "10000");
    headers.put("anthropic-priority-input-tokens-remaining", "9000");
    headers.put("anthropic-priority-output-tokens-limit", "1000");
    headers.put("anthropic-priority-output-tokens-remaining", "250");

    assertThat(read("anthropic", headers).counts())
        .containsExactly(
            new Count(Dimension.REQUESTS, 4_000, 3_000, 37_000),
            new Count(Dimension.TOKENS, 4_000, 3_000, 37_000),
            new Count(Dimension.INPUT_TOKENS, 4_000, 3_000, 37_000),
            new Count(Dimension.OUTPUT_TOKENS, 4_000, 3_000, 37_000),
            new Count(Dimension.PROVISIONED, Observation.FULL, 2_500, -1));
  }

  @Test
  void readsHowMuchOfAProvisionedDeploymentIsInUseAndWhetherAnotherOneAnswered() {
    var seen =
        read(
            "azure",
            Map.of(
                "azure-openai-deployment-utilization", "87.5%",
                "x-ms-spillover-from-deployment", "gpt-5-ptu"));

    assertThat(seen.counts())
        .containsExactly(new Count(Dimension.PROVISIONED, Observation.FULL, 1_250, -1));
    assertThat(seen.spilled()).isTrue();
  }

  @Test
  void takesALimitBeyondAllBoundsForNone() {
    assertThat(
            read(
                    "cerebras",
                    Map.of(
                        "x-ratelimit-remaining-tokens-minute", "9223372036854767616",
                        "x-ratelimit-limit-tokens-minute", "9223372036854767616"))
                .counts())
        .isEmpty();
  }

  /** The dialect of each vendor of the recordings; what is in none has no limits to tell. */
  private static final Map<String, String> DIALECTS =
      Map.of(
          "openai", "openai",
          "azure", "azure",
          "anthropic", "anthropic",
          "groq", "groq",
          "mistral", "mistral",
          "xai", "openai",
          "openrouter", "openrouter");

  @Test
  void readsTheLimitsOfEveryRecordedReplyThatNamesOne() {
    var withLimits = new TreeMap<String, AtomicInteger>();
    Recordings.each(
        _ -> true,
        recording -> {
          String dialect = DIALECTS.get(recording.vendor());
          boolean numbers =
              recording.headers().entrySet().stream()
                  .anyMatch(header ->
                      header.getKey().matches(".*ratelimit.*remaining-(req|tok).*")
                          && header.getValue().matches("\\d+"));
          if (dialect == null
              || !numbers
              || recording.id().matches("anthropic-openai.*|.*-speech-.*")) {
            return;
          }
          var seen = read(dialect, recording.headers());
          assertThat(seen.counts()).as(recording.id()).isNotEmpty();
          for (Count count : seen.counts()) {
            if (count.limit() > 0) {
              assertThat(count.remaining()).as(recording.id()).isLessThanOrEqualTo(count.limit());
            }
          }
          withLimits
              .computeIfAbsent(recording.vendor(), _ -> new AtomicInteger())
              .incrementAndGet();
        });

    assertThat(withLimits.keySet()).contains("openai", "azure", "groq", "mistral", "xai");
  }

  @Provide
  static Arbitrary<Map<String, String>> headers() {
    var names =
        HeaderDialect.ALL.stream()
            .flatMap(dialect -> dialect.fields().stream())
            .flatMap(field -> List.of(field.limit(), field.remaining(), field.reset()).stream())
            .distinct()
            .toList();
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(30),
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.of("-1", "0", "NaN", "1e308", "99999999999999999999", "%", "100%", "5s"));
    return Arbitraries.maps(
            Arbitraries.oneOf(
                Arbitraries.of(names), Arbitraries.of("azure-openai-deployment-utilization")),
            values)
        .ofMaxSize(12);
  }

  @Property
  void garbageNeverThrowsNorLeavesMoreThanTheLimit(@ForAll("headers") Map<String, String> headers) {
    for (HeaderDialect dialect : HeaderDialect.ALL) {
      for (Count count : read(dialect.name(), headers).counts()) {
        assertThat(count.limit()).isNotZero().isGreaterThanOrEqualTo(-1);
        assertThat(count.remaining()).isGreaterThanOrEqualTo(-1);
        assertThat(count.resetMillis()).isBetween(-1L, Waits.MILLIS_MAX);
        if (count.limit() > 0) {
          assertThat(count.remaining()).isLessThanOrEqualTo(count.limit());
        }
      }
    }
  }

  @Property
  void garbageNeverRaisesHeadroom(@ForAll("headers") Map<String, String> headers) {
    Terms terms =
        new Terms(
            Map.of(Dimension.REQUESTS, 100L, Dimension.TOKENS, 1_000L),
            0,
            Burn.PLAIN,
            0,
            HeaderDialect.NONE,
            Optional.empty());
    for (HeaderDialect dialect : HeaderDialect.ALL) {
      State used = State.of(terms, 0).reserve(new Load(900, 0, 0), terms, 0);
      State told = used.observe(read(dialect.name(), headers), terms, 0);
      // What the vendor may say is that more is left than was reckoned, and never of more than is.
      assertThat(told.headroom(terms, false, 0)).isBetween(0.0, 1.0);
      told.find(Dimension.TOKENS)
          .ifPresent(bucket -> {
            assertThat(bucket.known()).isLessThanOrEqualTo(1_000);
            assertThat(bucket.level()).isLessThanOrEqualTo(1_000);
          });
    }
  }

  private static Observation read(String dialect, Map<String, String> headers) {
    return Observation.of(
        HeaderDialect.named(dialect).orElseThrow(),
        name -> Optional.ofNullable(headers.get(name)),
        true,
        NOW);
  }
}
