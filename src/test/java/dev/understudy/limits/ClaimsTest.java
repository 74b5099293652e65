package dev.understudy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.limits.redis.RedisServer;
import dev.understudy.limits.redis.RedisShareBook;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The rule of the shares: what it promises, and that Redis follows it to the letter. */
final class ClaimsTest {
  private record Step(int replica, int uses, int reserves, int wants, int must, int millis) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 10),
            Arbitraries.integers().between(0, 10),
            Arbitraries.integers().between(0, 60),
            Arbitraries.integers().between(0, 20),
            Arbitraries.integers().between(0, 4_000))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  /** A replica that takes only what it was given, and dies if it is silent for too long. */
  private static final class Taker {
    long share;
    long used;
    long taken;
    long heardAt;
  }

  @Property(tries = 300)
  void sharesNeverAddUpToMoreThanTheLimit(@ForAll("steps") List<Step> steps) {
    var now = new long[] {1_000_000};
    var book = new MemoryShareBook(() -> now[0]);
    var takers = new Taker[] {new Taker(), new Taker(), new Taker(), new Taker()};
    for (Step step : steps) {
      now[0] += step.millis();
      Taker taker = takers[step.replica()];
      if (now[0] - taker.heardAt >= 10_000) {
        taker.share = taker.used; // its lease is over: it holds only what it used
        taker.taken = taker.used;
      }
      taker.taken = Math.min(taker.share, taker.taken + step.reserves());
      taker.used = Math.min(taker.taken, taker.used + step.uses());
      Grant grant =
          book.claim(
                  new Claim(
                      "k",
                      Claim.Lasting.PERIOD,
                      "r" + step.replica(),
                      100,
                      taker.used,
                      taker.taken,
                      taker.share,
                      Math.max(taker.share, taker.taken + step.wants()),
                      step.must(),
                      10_000,
                      1_000_000,
                      false))
              .toCompletableFuture()
              .join();
      taker.share = grant.share();
      taker.heardAt = now[0];
      long sum = 0;
      for (Taker one : takers) {
        sum += now[0] - one.heardAt < 10_000 ? one.share : one.used;
      }
      assertThat(sum).isLessThanOrEqualTo(100);
      assertThat(grant.share() + grant.elsewhere()).isLessThanOrEqualTo(100);
    }
  }

  @Test
  void redisDecidesAsTheRuleSays() throws IOException {
    try (var redis = RedisServer.startOrSkip();
        var theirs = new RedisShareBook(redis.url(), "test:", List.of(), Duration.ofSeconds(10))) {
      var ours = new MemoryShareBook(System::currentTimeMillis);
      var random = new Random(7);
      for (int i = 0; i < 2_000; i++) {
        Claim claim = claim(random);
        Grant expected = ours.claim(claim).toCompletableFuture().join();
        Grant got =
            theirs.claim(claim).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
        // Scarcity is a matter of a second ago, and the two clocks are not one.
        assertThat(
                new Grant(
                    got.share(),
                    got.elsewhere(),
                    got.idle(),
                    got.usedInAll(),
                    got.replicas(),
                    got.forgiven(),
                    expected.scarce()))
            .as("claim %d: %s", i, claim)
            .isEqualTo(expected);
      }
    }
  }

  private static Claim claim(Random random) {
    // Sums of money reach far: a billion in billionths has nineteen digits.
    long unit = random.nextInt(4) == 0 ? 1_000_000_000_000L : 1;
    long used = random.nextInt(30) * unit;
    long taken = used + random.nextInt(10) * unit;
    long held = taken + random.nextInt(20) * unit;
    var lasting = Claim.Lasting.values()[random.nextInt(3)];
    return new Claim(
        "k" + random.nextInt(5) + lasting + unit,
        lasting,
        "r" + random.nextInt(6),
        100 * unit,
        used,
        taken,
        held,
        held + random.nextInt(40) * unit,
        random.nextInt(3) == 0 ? random.nextInt(20) * unit : 0,
        600_000,
        600_000,
        random.nextInt(50) == 0);
  }
}
