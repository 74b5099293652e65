package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.capacity.Pushback.Cause;
import dev.understudy.protocol.Recordings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class PushbackTest {
  private static final Instant NOW = Instant.parse("2026-08-19T14:34:00Z");

  @Test
  void tellsARateFromADayFromAnEmptyAccount() {
    assertThat(
            of(
                429,
                Map.of("retry-after", "7"),
                "{'error':{'message':'Rate limit reached for gpt-5 in organization org-x on tokens"
                    + " per min (TPM): Limit 30000','code':'rate_limit_exceeded'}}"))
        .isEqualTo(pushback(Cause.RATE, Dimension.TOKENS, 7_000));
    assertThat(
            of(
                429,
                Map.of(),
                "{'error':{'message':'Rate limit reached on requests per day (RPD): Limit 200."
                    + " Please try again in 7m12s','code':'rate_limit_exceeded'}}"))
        .satisfies(it -> {
          assertThat(it.cause()).isEqualTo(Cause.DAY);
          assertThat(it.dimension()).contains(Dimension.REQUESTS_DAY);
        });
    assertThat(
            of(
                429,
                Map.of(),
                "{'error':{'message':'You exceeded your current quota, please check your plan and"
                    + " billing details.','type':'insufficient_quota','code':'insufficient_quota'}}"))
        .isEqualTo(new Pushback(Cause.QUOTA, Optional.empty(), OptionalLong.empty()));
    assertThat(of(402, Map.of(), "{'error':{'message':'Insufficient Balance'}}").cause())
        .isEqualTo(Cause.QUOTA);
    assertThat(
            of(
                    400,
                    Map.of(),
                    "{'type':'error','error':{'type':'invalid_request_error','message':'Your credit"
                        + " balance is too low to access the Anthropic API.'}}")
                .cause())
        .isEqualTo(Cause.QUOTA);
    assertThat(
            of(
                    429,
                    Map.of(),
                    "{'type':'error','error':{'type':'rate_limit_error','details':{'error_code':"
                        + "'enforced_spend_limit_reached'}}}")
                .cause())
        .isEqualTo(Cause.QUOTA);
  }

  @Test
  void tellsAVendorWithoutRoomFromACallerWhoIsTooFast() {
    assertThat(of(529, Map.of(), "{'error':{'type':'overloaded_error'}}").cause())
        .isEqualTo(Cause.OVERLOAD);
    assertThat(of(503, Map.of("retry-after", "30"), ""))
        .isEqualTo(new Pushback(Cause.OVERLOAD, Optional.empty(), OptionalLong.of(30_000)));
    assertThat(
            of(
                    429,
                    Map.of("x-amzn-errortype", "ModelNotReadyException:http://internal"),
                    "{'message':'Model is not ready for inference.'}")
                .cause())
        .isEqualTo(Cause.OVERLOAD);
    assertThat(
            of(
                429,
                Map.of("x-amzn-errortype", "ThrottlingException"),
                "{'message':'Too many tokens, please wait before trying again.'}"))
        .isEqualTo(new Pushback(Cause.RATE, Optional.of(Dimension.TOKENS), OptionalLong.empty()));
    assertThat(
            of(
                    429,
                    Map.of("x-amzn-errortype", "ThrottlingException"),
                    "{'message':'Too many tokens per day, please wait before trying again.'}")
                .cause())
        .isEqualTo(Cause.DAY);
  }

  @Test
  void readsHowLongToWaitFromWhereverItStands() {
    assertThat(of(429, Map.of("retry-after-ms", "340"), "").retryAfterMillis()).hasValue(340);
    assertThat(
            of(429, Map.of("retry-after", "Wed, 19 Aug 2026 14:35:00 GMT"), "").retryAfterMillis())
        .hasValue(60_000);
    assertThat(of(429, Map.of(), "{'message':'Please retry after 20 seconds.'}").retryAfterMillis())
        .hasValue(20_000);
    Map<String, Long> words =
        Map.of(
            "in 7m12s. Visit https://x", 432_000L,
            "in 1h2m3.5s", 3_723_500L,
            "in 2.5s.", 2_500L,
            "after 20 seconds.", 20_000L,
            "in 5 minutes", 300_000L,
            "in 3", 3_000L,
            "in 40 milliseconds", 40L);
    words.forEach((said, millis) ->
        assertThat(
                of(429, Map.of(), "{'message':'Please try again " + said + "'}").retryAfterMillis())
            .as(said)
            .hasValue(millis));
    assertThat(of(429, Map.of(), "{'message':'Please try again in 850ms.'}").retryAfterMillis())
        .hasValue(850);
    assertThat(
            of(
                    429,
                    Map.of(),
                    "{'error':{'code':429,'status':'RESOURCE_EXHAUSTED','details':[{'@type':'"
                        + "type.googleapis.com/google.rpc.RetryInfo','retryDelay':'48.5s'}]}}")
                .retryAfterMillis())
        .hasValue(48_500);
  }

  @Test
  void classifiesTheRecordedRefusals() {
    var found = new HashMap<String, Pushback>();
    Recordings.each(
        _ -> true,
        recording -> {
          if (recording.status() >= 400) {
            Pushback.of(
                    recording.status(),
                    name -> Optional.ofNullable(recording.headers().get(name)),
                    recording.body(),
                    NOW)
                .ifPresent(pushback -> found.put(recording.id(), pushback));
          }
        });

    assertThat(found.get("azure-chat-86e53f145d33f3"))
        .isEqualTo(new Pushback(Cause.RATE, Optional.empty(), OptionalLong.of(1_000)));
    assertThat(found.get("gemini-generate-8615d584f55774"))
        .isEqualTo(new Pushback(Cause.OVERLOAD, Optional.empty(), OptionalLong.empty()));
    assertThat(found.get("gemini-generate-dbc664762af69c"))
        .satisfies(it -> {
          assertThat(it.cause()).isEqualTo(Cause.RATE);
          assertThat(it.dimension()).contains(Dimension.INPUT_TOKENS);
          assertThat(it.retryAfterMillis().orElse(0)).isBetween(48_000L, 49_000L);
        });
    assertThat(found.get("openrouter-chat-3c6b6e429b38b5").cause()).isEqualTo(Cause.OVERLOAD);
    // Nothing that is wrong with a request is taken for a lack of capacity.
    assertThat(found.keySet())
        .noneMatch(id -> id.startsWith("bedrock-invoke") || id.startsWith("llamacpp"));
  }

  @Property
  void garbageNeverThrows(
      @ForAll @IntRange(min = 200, max = 599) int status,
      @ForAll String retryAfter,
      @ForAll byte[] body) {
    Pushback.of(
            status,
            name -> name.startsWith("retry") ? Optional.of(retryAfter) : Optional.empty(),
            body,
            NOW)
        .flatMap(pushback -> pushback.retryAfterMillis().stream().boxed().findFirst())
        .ifPresent(wait -> assertThat(wait).isBetween(0L, Waits.MILLIS_MAX));
  }

  private static Pushback pushback(Cause cause, Dimension dimension, long wait) {
    return new Pushback(cause, Optional.of(dimension), OptionalLong.of(wait));
  }

  private static Pushback of(int status, Map<String, String> headers, String body) {
    return Pushback.of(
            status,
            name -> Optional.ofNullable(headers.get(name)),
            body.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
            NOW)
        .orElseThrow();
  }
}
