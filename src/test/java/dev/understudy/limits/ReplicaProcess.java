package dev.understudy.limits;

import dev.understudy.ShippedClassPath;
import dev.understudy.access.Scope;
import dev.understudy.limits.redis.RedisShareBook;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A replica in a process of its own, without the gateway around it: only its limits. */
final class ReplicaProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private ReplicaProcess(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ReplicaProcess start(String... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                ShippedClassPath.text(),
                ReplicaProcess.class.getName()));
    command.addAll(List.of(arguments));
    return new ReplicaProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the replica ended with " + process.onExit().join().exitValue());
    }
    return line;
  }

  void say(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** As {@code kill -9}. */
  void kill() {
    // By its handle: the process itself would close the pipe that still holds what it said.
    process.toHandle().destroyForcibly();
  }

  /** What it still says. */
  List<String> rest() {
    return out.lines().toList();
  }

  @Override
  public void close() throws IOException {
    kill();
    out.close();
  }

  // --- inside the process ---

  private static final PrintStream OUT = System.out;

  /** Does what the first argument says. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "callers" -> callers(arguments[1], Integer.parseInt(arguments[2]));
      case "hold" -> hold(arguments[1], Duration.parse(arguments[2]));
      case "spend" -> spend(Path.of(arguments[1]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  static Limiting shared(String url, Duration lease) {
    // More patience than usual: a machine that is busy with eight of these is no lost Redis.
    return Limiting.shared(
        new RedisShareBook(url, "test:", List.of(), Duration.ofSeconds(10)),
        lease,
        Duration.ofSeconds(10),
        1,
        ZoneOffset.UTC,
        Currencies.USD);
  }

  static final Scope CROWDED = Counting.scope("key:crowded", 400, 0, 0, "1000USD/day");
  static final Scope BUSY = Counting.scope("key:busy", 0, 0, 20);
  static final Scope POOR = Counting.scope("key:poor", 0, 0, 0, "1USD/day");

  static final int REPLICAS = 8;

  /** Lets threads call as fast as they can, for a while, and tells of each call. */
  private static void callers(String url, int threads) throws Exception {
    try (Limiting limiting = shared(url, Duration.ofSeconds(3))) {
      while (limiting.health().replicas() < REPLICAS) {
        sleep(20);
      }
      OUT.println("ready");
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
      var all = new ArrayList<Thread>();
      for (int i = 0; i < threads; i++) {
        // Callers on each replica share three keys, each with a limit of its own kind.
        Scope scope = List.of(CROWDED, BUSY, POOR).get(i % 3);
        all.add(Thread.ofPlatform().start(() -> call(limiting.limiter(), scope, until)));
      }
      for (Thread thread : all) {
        thread.join();
      }
    }
    OUT.flush();
  }

  private static void call(Limiter limiter, Scope scope, long until) {
    Random random = ThreadLocalRandom.current();
    while (System.nanoTime() < until) {
      long reserved = 2_000_000;
      switch (ask(limiter, scope, new Demand(100, reserved))) {
        case Clearance.Admitted(Place place) -> {
          long began = System.nanoTime();
          sleep(5 + random.nextInt(10));
          // Half as much as was reserved, up to half as much again.
          long cost = reserved / 2 + random.nextLong(reserved);
          long ended = System.nanoTime();
          place.settle(place.attempt(), new Demand(80, cost));
          place.leave();
          OUT.println(scope.id() + " " + began + " " + ended + " " + cost);
        }
        case Clearance.Refused _ -> sleep(20);
        case Clearance.Later _ -> throw new AssertionError();
      }
    }
  }

  /** Asks as a call does. */
  static Clearance ask(Limiter limiter, Scope scope, Demand demand) {
    var patience = Patience.fresh();
    while (true) {
      Clearance verdict = limiter.admit(List.of(scope), demand, patience);
      if (!(verdict instanceof Clearance.Later(Clearance.Waiting waiting))) {
        return verdict;
      }
      var again = new CountDownLatch(1);
      waiting.then(again::countDown);
      try {
        if (!again.await(30, TimeUnit.SECONDS)) {
          throw new AssertionError("nobody called back");
        }
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Holds the whole budget and all seats in calls that never end. */
  private static void hold(String url, Duration lease) throws Exception {
    Limiting limiting = shared(url, lease);
    for (int i = 0; i < 4; i++) {
      if (!(ask(limiting.limiter(), HELD, new Demand(0, 200_000_000))
          instanceof Clearance.Admitted)) {
        throw new AssertionError("not admitted");
      }
    }
    Clearance spent = ask(limiting.limiter(), HELD, new Demand(0, 200_000_000));
    if (spent instanceof Clearance.Admitted(Place place)) {
      place.settle(place.attempt(), new Demand(0, 200_000_000));
    }
    sleep(500);
    OUT.println("holding");
    sleep(60_000);
  }

  static final Scope HELD = Counting.scope("key:held", 0, 0, 5, "1USD/day");

  /** Spends a millionth after the other and tells how much it is so far. */
  private static void spend(Path folder) throws Exception {
    Limiting limiting = Limiting.alone(folder, ZoneOffset.UTC, Currencies.USD);
    for (long spent = 1; ; spent++) {
      if (ask(limiting.limiter(), POOR, new Demand(0, 1_000))
          instanceof Clearance.Admitted(Place place)) {
        place.settle(place.attempt(), new Demand(0, 1_000));
        place.leave();
      }
      OUT.println(System.nanoTime() + " " + spent * 1_000);
      sleep(1);
    }
  }
}
