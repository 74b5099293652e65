package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CompactionTest {
  private static final long MIB = 1L << 20;

  private long heapMib = 55;
  private long inUseMib = 55;
  private int openCalls;
  private int collections;
  private long seconds;

  private final Compaction compaction =
      new Compaction(() -> heapMib * MIB, () -> openCalls, this::collect);

  private void collect() {
    collections++;
    heapMib = inUseMib;
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      compaction.look(TimeUnit.SECONDS.toNanos(++seconds));
    }
  }

  @Test
  void aHeapThatDoesNotGrowIsLeftAlone() {
    openCalls = 1;
    look(60);
    openCalls = 0;
    look(60);
    assertThat(collections).isZero();
  }

  @Test
  void whatGrewUnderLoadIsCollectedOnceTheLastCallIsLongOver() {
    openCalls = 3;
    look(20);
    heapMib += 5;
    look(20);
    assertThat(collections).isZero();

    openCalls = 0;
    look(4);
    assertThat(collections).isZero();
    look(1);
    assertThat(collections).isOne();
    look(60);
    assertThat(collections).isOne();
  }

  @Test
  void aCallInBetweenEndsTheRest() {
    look(1);
    heapMib += 20;
    for (int i = 0; i < 10; i++) {
      openCalls = 1;
      look(1);
      openCalls = 0;
      look(4);
    }
    assertThat(collections).isZero();
  }

  @Test
  void underLoadMuchIsCollectedAtIntervals() {
    openCalls = 1_000;
    look(1);
    int most = 0;
    for (int i = 0; i < 60; i++) {
      heapMib += 24;
      look(1);
      most = Math.max(most, (int) heapMib);
    }
    assertThat(collections).isEqualTo(4);
    assertThat(most).isEqualTo(55 + 14 * 24);
  }

  @Test
  void whatIsStillInUseIsNotCollectedAgainAndAgain() {
    look(1);
    heapMib = 90;
    inUseMib = 90;
    look(60);
    assertThat(collections).isOne();
  }

  @Test
  void whatTheCollectorGaveBackByItselfCountsAsGivenBack() {
    openCalls = 1;
    heapMib = 120;
    look(20);
    heapMib = 60;
    look(1);
    heapMib = 84;
    look(1);
    assertThat(collections).isOne();
  }

  @Test
  void aLargeHeapIsLeftToTheCollector() {
    heapMib = 129;
    look(1);
    heapMib = 500;
    look(60);
    openCalls = 1;
    look(60);
    assertThat(collections).isZero();
  }
}
