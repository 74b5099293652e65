package dev.understudy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class SchedulingTest {
  /** What is done to a thread stays with it, so each test takes a fresh one. */
  private static <T> T onAThread(Callable<T> work) throws Exception {
    var task = new FutureTask<>(work);
    Thread.ofPlatform().start(task);
    return task.get();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aThreadLearnsHowLongItRan() throws Exception {
    long ran =
        onAThread(() -> {
          try (var scheduling = Scheduling.ofCurrentThread()) {
            long until = System.nanoTime() + 50_000_000;
            int turns = 0;
            while (System.nanoTime() < until) {
              turns++;
            }
            scheduling.look();
            assertThat(turns).isPositive();
            assertThat(scheduling.waitedMoreThan(1_000_000)).isFalse();
            long first = scheduling.ran();
            scheduling.look();
            assertThat(scheduling.ran()).isLessThan(first);
            return first;
          }
        });
    assertThat(ran).isBetween(100_000L, 60_000_000_000L);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aThreadThatStoodBackIsNiceAndTheOthersAreNot() throws Exception {
    String nice =
        onAThread(() -> {
          try (var scheduling = Scheduling.ofCurrentThread()) {
            assertThat(scheduling.stoodBack()).isFalse();
            scheduling.standBack();
            assertThat(scheduling.stoodBack()).isTrue();
            return nice();
          }
        });
    int usual = Integer.parseInt(onAThread(SchedulingTest::nice));
    assertThat(nice).isEqualTo(Integer.toString(Math.min(19, usual + 10)));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void threadsForWhatCanWaitComeAfterOthers() throws Exception {
    var nice = new FutureTask<>(SchedulingTest::nice);
    Thread behind = Scheduling.behindOthers("behind").newThread(nice);
    assertThat(behind.isDaemon()).isTrue();
    assertThat(behind.getName()).isEqualTo("behind");
    behind.start();

    int usual = Integer.parseInt(onAThread(SchedulingTest::nice));
    assertThat(nice.get()).isEqualTo(Integer.toString(Math.min(19, usual + 10)));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void compilersComeAfterWhatTheyCompile() throws Exception {
    int usual = Integer.parseInt(onAThread(SchedulingTest::nice));

    Scheduling.compilersStandBack();

    var compilers = new ArrayList<String>();
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).matches("C[12] Compiler(?s:.*)")) {
          compilers.add(nice(thread.resolve("stat")));
        }
      }
    }
    // One that the JVM began since is as the process is.
    assertThat(compilers).contains(Integer.toString(Math.min(19, usual + 5)));
    String after = onAThread(SchedulingTest::nice);
    assertThat(after).isEqualTo(Integer.toString(usual));
  }

  private static String nice() throws IOException {
    return nice(Path.of("/proc/thread-self/stat"));
  }

  private static String nice(Path of) throws IOException {
    String stat = Files.readString(of);
    // The 19th field (proc_pid_stat(5)), of which the second may hold blanks.
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16];
  }
}
