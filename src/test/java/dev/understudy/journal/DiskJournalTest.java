package dev.understudy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.exchange.Exchange;
import dev.understudy.ledger.AttemptBook;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskJournalTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path data;
  private final Shelf shelf = new Shelf();

  /** A store in memory, which is away when told so. */
  private static final class Shelf implements AttemptBook {
    final Map<String, Integer> times = new ConcurrentHashMap<>();
    final List<String> order = new ArrayList<>();
    final List<String> records = new ArrayList<>();
    final Map<Long, List<String>> threads = new ConcurrentHashMap<>();
    final Set<String> poison = ConcurrentHashMap.newKeySet();
    final Set<String> refusing = ConcurrentHashMap.newKeySet();
    volatile @Nullable String away;

    @Override
    public synchronized Kept keep(List<Finished> calls) throws IOException {
      String why = away;
      if (why != null) {
        throw new IOException(why);
      }
      threads
          .computeIfAbsent(Thread.currentThread().threadId(), _ -> new ArrayList<>())
          .add(nice());
      for (Finished call : calls) {
        if (poison.contains(call.exchange())) {
          throw new IllegalArgumentException("an account's owner is up to 120 letters");
        }
      }
      var refused = new ArrayList<Refused>();
      for (Finished call : calls) {
        times.merge(call.exchange(), 1, Integer::sum);
        order.add(call.exchange());
        if (call.record().length > 0) {
          records.add(call.exchange());
        }
        if (refusing.contains(call.exchange())) {
          refused.add(new Refused(call.exchange(), call.exchange() + " is in the future"));
        }
      }
      return new Kept(calls.size(), calls.size(), refused, List.of());
    }
  }

  private DiskJournal.Settings settings(long bytesMax, boolean strict, boolean refuse) {
    return new DiskJournal.Settings(
        data.resolve("journal"), Duration.ofMillis(20), strict, bytesMax, refuse);
  }

  private DiskJournal open(DiskJournal.Settings settings) throws IOException {
    return DiskJournal.open(
        settings,
        new Booking(
            () -> shelf,
            exchange -> exchange,
            _ -> Optional.empty(),
            exchange -> exchange.id().getBytes(StandardCharsets.UTF_8)));
  }

  private DiskJournal open() throws IOException {
    return open(settings(1L << 30, false, false));
  }

  private static Exchange call(String id) {
    return Calls.usual(id, NOON);
  }

  /** How the system ranks the current thread, where it tells. */
  private static String nice() throws IOException {
    if (!LINUX) {
      return "";
    }
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16];
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.equals("lock"))
          .toList();
    }
  }

  @Test
  void everyCallIsBookedOnceInTheOrderOfItsFile() throws Exception {
    var ids = new ArrayList<String>();
    try (DiskJournal journal = open()) {
      for (int i = 0; i < 5_000; i++) {
        // The clock jumps about; the order is that in which calls ended.
        journal.append(Calls.usual("x" + i, NOON.minusSeconds(i % 7 * 100_000L)));
        ids.add("x" + i);
      }
      assertThat(journal.settle(LONG)).isTrue();
      assertThat(journal.standing().kept()).isEqualTo(5_000);
      assertThat(journal.standing().trouble()).isEmpty();
    }
    assertThat(shelf.order).isEqualTo(ids);
    assertThat(files()).isEmpty();
  }

  @Test
  void aRecordLargerThanWhatIsReadAtOnceIsBookedInItsPlace() throws Exception {
    var ids = new ArrayList<String>();
    try (DiskJournal journal = open()) {
      shelf.away = "the database is away";
      for (int i = 0; i < 40; i++) {
        ids.add("x" + i);
        journal.append(
            i % 4 == 3 ? call("x" + i).because("-".repeat(40_000 * (i / 4 + 1))) : call("x" + i));
      }
      shelf.away = null;
      assertThat(journal.settle(LONG)).isTrue();
    }
    assertThat(shelf.order).isEqualTo(ids);
  }

  @Test
  void pastSixTenthsOfTheBoundAThreadThatDoesNotStandBackBooks() throws Exception {
    int called = 0;
    try (DiskJournal journal = open(settings(32 << 20, false, false))) {
      shelf.away = "the database is away";
      while (called < 1_000) {
        journal.append(call("x" + called++));
      }
      shelf.away = null;
      assertThat(journal.settle(LONG)).isTrue();
      assertThat(shelf.threads).hasSize(1);

      shelf.away = "the database is away";
      while (journal.standing().waitingBytes() < 24 << 20) {
        journal.append(call("x" + called++));
      }
      assertThat(shelf.threads).hasSize(1);
      shelf.away = null;
      assertThat(journal.settle(LONG)).isTrue();
      assertThat(journal.standing().lost()).isZero();
      assertThat(journal.standing().kept()).isEqualTo(called);
    }
    assertThat(shelf.threads).hasSizeGreaterThan(1);
    // Each began where calls are, and stood back when there was room.
    assertThat(shelf.threads.values())
        .allSatisfy(nice -> assertThat(nice).startsWith(nice()))
        .allSatisfy(nice -> assertThat(nice.stream().distinct()).hasSize(LINUX ? 2 : 1));
    assertThat(shelf.times).hasSize(called).allSatisfy((_, times) -> assertThat(times).isOne());
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    try (DiskJournal journal = open()) {
      var threads = new ArrayList<Thread>();
      for (int t = 0; t < 4; t++) {
        int number = t;
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int i = 0; i < 3_000; i++) {
                    journal.append(call(number + "-" + i));
                  }
                }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    // Closing has waited for the store.
    assertThat(shelf.times).hasSize(12_000);
    assertThat(shelf.times.values()).allMatch(times -> times == 1);
  }

  @Test
  void callsWaitOnDiskWhileTheStoreIsAwayAndOverAStart() throws Exception {
    shelf.away = "the database is away";
    try (DiskJournal journal = open()) {
      for (int i = 0; i < 3_000; i++) {
        journal.append(call("x" + i));
      }
      until(() -> journal.standing().trouble().equals(Optional.of("the database is away")));
      assertThat(journal.standing().lost()).isZero();
    }
    assertThat(files()).isNotEmpty();
    shelf.away = null;
    try (DiskJournal journal = open()) {
      journal.append(call("new"));
      until(() -> shelf.times.size() == 3_001);
    }
    assertThat(shelf.times.values()).allMatch(times -> times == 1);
    assertThat(files()).isEmpty();
  }

  @Test
  void whatACallThatGoesOnHasComeToIsBookedAheadOfItAndWithoutARecord() throws Exception {
    try (DiskJournal journal = open()) {
      journal.attempted(call("a"));
      assertThat(journal.settle(LONG)).isTrue();
      assertThat(shelf.times).containsEntry("a", 1);
      assertThat(shelf.records).isEmpty();
      assertThat(journal.standing().kept()).isZero();

      journal.append(call("a"));
      assertThat(journal.settle(LONG)).isTrue();
      assertThat(shelf.records).containsExactly("a");
      assertThat(journal.standing().kept()).isEqualTo(1);
    }
  }

  @Test
  void whatACallHasComeToMeanwhileIsBookedWithItWhereBothWait() throws Exception {
    shelf.away = "away";
    try (DiskJournal journal = open()) {
      journal.attempted(call("a"));
      journal.attempted(call("a"));
      journal.attempted(call("b"));
      journal.append(call("a"));
      journal.append(call("c"));
    }
    shelf.away = null;
    try (DiskJournal journal = open()) {
      until(() -> shelf.times.size() == 3 && journal.standing().waitingBytes() == 0);
      assertThat(journal.standing().kept()).isEqualTo(2);
    }
    assertThat(shelf.times.values()).allMatch(times -> times == 1);
    assertThat(shelf.records).containsExactly("a", "c");
  }

  @Test
  void whatWasTornByAKillIsCutAndTheRestIsBooked() throws Exception {
    shelf.away = "away";
    Path file;
    try (DiskJournal journal = open()) {
      journal.append(call("a"));
      journal.append(call("b"));
      file = data.resolve("journal/0").resolve(files().getFirst());
    }
    byte[] bytes = Files.readAllBytes(file);
    int length = new RecordWriter().spell(call("a"));
    int second = Segment.HEAD + Segment.padded(length);
    int behind = second + Segment.padded(length);
    for (boolean lengthIsThere : new boolean[] {true, false}) {
      shelf.times.clear();
      shelf.away = null;
      byte[] torn = bytes.clone();
      // Half a record after the second one, with its length or, as a kill leaves it, without.
      System.arraycopy(bytes, second, torn, behind, 100);
      if (!lengthIsThere) {
        Arrays.fill(torn, behind, behind + 4, (byte) 0);
      }
      Files.write(file, torn);
      try (DiskJournal journal = open()) {
        until(() -> shelf.times.size() == 2 && journal.standing().waitingBytes() == 0);
        assertThat(journal.standing().refused()).isZero();
      }
      assertThat(files()).isEmpty();
    }
  }

  @Test
  void aDamagedRecordIsToldAndItsFileKeptWhileTheOthersAreBooked() throws Exception {
    shelf.away = "away";
    try (DiskJournal journal = open()) {
      journal.append(call("a"));
      journal.append(call("b"));
      journal.append(call("c"));
    }
    Path file = data.resolve("journal/0").resolve(files().getFirst());
    int length = new RecordWriter().spell(call("a"));
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(Segment.HEAD + Segment.padded(length) + 50);
      bytes.write(0xff);
    }
    shelf.away = null;
    try (DiskJournal journal = open()) {
      until(() -> journal.standing().waitingBytes() == 0);
      assertThat(journal.standing().refused()).isEqualTo(1);
    }
    assertThat(shelf.times.keySet()).containsExactlyInAnyOrder("a", "c");
    assertThat(files()).allMatch(name -> name.endsWith(".damaged")).hasSize(1);
  }

  @Test
  void aCallThatCannotBeBookedDoesNotKeepOthersFromIt() throws Exception {
    shelf.poison.add("x1");
    shelf.refusing.add("x2");
    try (DiskJournal journal = open()) {
      for (int i = 0; i < 4; i++) {
        journal.append(call("x" + i));
      }
      until(() -> shelf.times.size() == 3);
    }
    assertThat(files()).allMatch(name -> name.endsWith(".refused")).hasSize(1);

    // At the next start it is tried again.
    shelf.poison.clear();
    shelf.refusing.clear();
    try (DiskJournal journal = open()) {
      until(() -> journal.standing().waitingBytes() == 0);
    }
    assertThat(shelf.times.keySet()).contains("x1");
    assertThat(files()).isEmpty();
  }

  @Test
  void beyondTheBoundCallsGoOnOrAreRefusedAsTheSettingsSay() throws Exception {
    for (boolean refuse : new boolean[] {false, true}) {
      shelf.times.clear();
      shelf.away = "away";
      try (DiskJournal journal = open(settings(10L << 20, false, refuse))) {
        int appended = 0;
        while (journal.standing().lost() == 0) {
          journal.append(call(refuse + "-" + appended++));
        }
        assertThat(journal.standing().trouble().orElseThrow())
            .contains("holds as much as journal.waiting-max allows");
        assertThat(journal.refusal().isPresent()).isEqualTo(refuse);

        shelf.away = null;
        int kept = appended - 1;
        until(() -> shelf.times.size() == kept);
        until(() -> journal.standing().trouble().isEmpty());
        assertThat(journal.refusal()).isEmpty();
        journal.append(call(refuse + "-after"));
        until(() -> shelf.times.containsKey(refuse + "-after"));
        assertThat(journal.standing().lost()).isEqualTo(1);
      }
    }
  }

  @Test
  void aCallWaitsForTheDiskOnlyWhereThatIsStrict() throws Exception {
    try (DiskJournal journal = open()) {
      assertThat(journal.append(call("a"), () -> {})).isTrue();
    }
    try (DiskJournal journal = open(settings(1L << 30, true, false))) {
      var kept = new CountDownLatch(100);
      for (int i = 0; i < 100; i++) {
        assertThat(journal.append(call("b" + i), kept::countDown)).isFalse();
      }
      assertThat(kept.await(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(shelf.times).hasSize(101);
  }

  @Test
  void aFolderOfNobodysIsTakenOverAndOneInUseIsLeftAlone() throws Exception {
    shelf.away = "away";
    try (DiskJournal first = open();
        DiskJournal second = open()) {
      first.append(call("a"));
      second.append(call("b"));
      assertThat(data.resolve("journal/1")).isDirectory();
    }
    shelf.away = null;
    try (DiskJournal only = open()) {
      until(() -> shelf.times.size() == 2 && only.standing().waitingBytes() == 0);
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void filesAreBookedInTheirOrderThoughTheClockWasSetBackBetweenRuns() throws Exception {
    shelf.away = "away";
    try (DiskJournal journal = open()) {
      journal.append(call("first"));
    }
    // As if that run had been in a year that the clock says is still to come.
    Path made = data.resolve("journal/0").resolve(files().getFirst());
    Files.move(
        made, made.resolveSibling("%015d-000000.seg".formatted(2 * System.currentTimeMillis())));
    try (DiskJournal journal = open()) {
      journal.append(call("second"));
    }
    assertThat(files()).hasSize(2);
    shelf.away = null;
    try (DiskJournal journal = open()) {
      until(() -> shelf.times.size() == 2 && journal.standing().waitingBytes() == 0);
    }
    assertThat(shelf.order).containsExactly("first", "second");
  }

  @Test
  void aFileThatIsThereIsNeverMadeAnew() throws Exception {
    Path file = data.resolve("000000000000001-000000.seg");
    Files.writeString(file, "what waits");
    assertThatThrownBy(() -> Segment.create(file, 4_096))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("what waits");
  }

  @Test
  void aFileOfANewerVersionIsLeftAloneAndNamed() throws Exception {
    shelf.away = "away";
    try (DiskJournal journal = open()) {
      journal.append(call("a"));
    }
    shelf.away = null;
    Path file = data.resolve("journal/0").resolve(files().getFirst());
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(8);
      bytes.write(99);
    }
    try (DiskJournal journal = open()) {
      until(() ->
          journal.standing().trouble().orElse("").contains("is of a newer version or no journal"));
      // What comes after it is booked all the same, and it does not take from the bound.
      journal.append(call("b"));
      assertThat(journal.settle(LONG)).isTrue();
      assertThat(journal.standing().trouble().orElseThrow()).contains(file.toString());
    }
    assertThat(file).exists();
    assertThat(shelf.times).containsOnlyKeys("b");
    assertThatThrownBy(() -> open(new DiskJournal.Settings(file, LONG, false, 1, false)))
        .isInstanceOf(IOException.class);
  }
}
