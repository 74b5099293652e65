package dev.understudy.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What time gives back to a bucket whose limit a refusal lowered. */
final class BucketLawTest {
  private static final long DAY = 86_400_000;

  private static Bucket refused(double known, double taken, int times) {
    Bucket bucket = Bucket.of(Dimension.TOKENS_DAY, known, 0).take(taken);
    for (int i = 0; i < times; i++) {
      bucket = bucket.backOff();
    }
    return bucket;
  }

  @Property(tries = 500)
  void aRestInPartsGivesBackWhatOneRestDoes(
      @ForAll @DoubleRange(min = 1, max = 100_000) double known,
      @ForAll @DoubleRange(min = 0, max = 200_000) double taken,
      @ForAll @IntRange(min = 0, max = 40) int times,
      @ForAll @Size(min = 1, max = 8) List<@LongRange(min = 1, max = 20 * DAY) Long> rests) {
    Bucket bucket = refused(known, taken, times);
    Bucket inParts = bucket;
    long now = 0;
    for (long rest : rests) {
      now += rest;
      inParts = inParts.at(now);
      Bucket atOnce = bucket.at(now);
      assertThat(inParts.level()).isCloseTo(atOnce.level(), within(known * 1e-9));
      assertThat(inParts.limit()).isCloseTo(atOnce.limit(), within(known * 1e-9));
      assertThat(atOnce.headroom(now)).isCloseTo(bucket.headroom(now), within(1e-9));
    }
  }

  @Test
  void onceALoweredLimitIsForgottenTheBucketFillsAsTheKnownOneSays() {
    // No less than a hundredth is learned; at a twentieth of it a day, four times that is there on
    // the sixtieth day.
    Bucket bucket =
        refused(100_000, 0, 60)
            .observe(new Observation.Count(Dimension.TOKENS_DAY, 100_000, 0, -1), 100_000);
    assertThat(bucket.limit()).isLessThan(2_000);
    assertThat(bucket.at(59 * DAY).limit()).isLessThan(10_000);
    assertThat(bucket.at(62 * DAY).limit()).isEqualTo(100_000);
    assertThat(bucket.at(62 * DAY).level()).isEqualTo(100_000);
  }
}
