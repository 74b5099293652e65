package dev.understudy.journal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the system shares its processors between one thread and the others: what the thread had of
 * them, how long it waited for its turn, and a wish to come after the others. Belongs to the thread
 * that made it. Only Linux tells and heeds any of this; elsewhere nothing is known and nothing
 * happens.
 */
public final class Scheduling implements AutoCloseable {
  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  /** So much nicer than the process: a tenth of the weight. */
  private static final int NICER = 10;

  /**
   * So much nicer than the process are its compilers: a third of the weight. Where one processor
   * has to do for calls and for compiling them, calls then wait less for it, and what is compiled
   * is ready about as soon: docs/performance.md.
   */
  private static final int COMPILERS_NICER = 5;

  private static final int NICE_MAX = 19;

  /**
   * A thread with a longer slice than others' is interrupted at once when one of them has something
   * to do (sched(7); heeded since Linux 6.12). Longer than anybody's who asks for none, which is
   * what matters, and no longer: a collection of garbage waits for a thread that was interrupted in
   * the middle of its work, and where other programs keep the processors busy, how long that takes
   * goes with the slice.
   */
  private static final long SLICE_NANOS = 10_000_000;

  /** Bytes of the first version of struct sched_attr (sched_setattr(2)). */
  private static final int ATTRIBUTES = 48;

  private static final int PRIO_PROCESS = 0;
  private static final int CURRENT_THREAD = 0;

  private static final Path THREADS = Path.of("/proc/self/task");

  private static final System.Logger LOG = System.getLogger(Scheduling.class.getName());

  private final ByteBuffer text = ByteBuffer.allocate(96);
  private final @Nullable FileChannel times;

  /** Time of a processor since the last look, in nanoseconds. */
  private long ran;

  /** Time in which the thread could have gone on but others did, in nanoseconds. */
  private long waited;

  private boolean stoodBack;
  private long ranInAll;
  private long waitedInAll;

  private Scheduling(@Nullable FileChannel times) {
    this.times = times;
    look();
  }

  /** Makes threads that come after others where processors are scarce; daemons of that name. */
  public static ThreadFactory behindOthers(String name) {
    return work ->
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .unstarted(() -> {
              comeBehindOthers();
              work.run();
            });
  }

  /** Lets the current thread, for good, come after others where processors are scarce. */
  public static void comeBehindOthers() {
    try (var scheduling = ofCurrentThread()) {
      scheduling.standBack();
    }
  }

  /** Of the current thread. */
  static Scheduling ofCurrentThread() {
    if (LINUX) {
      try {
        return new Scheduling(
            FileChannel.open(Path.of("/proc/thread-self/schedstat"), StandardOpenOption.READ));
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "the system does not tell of waits for a processor", e);
      }
    }
    return new Scheduling(null);
  }

  /** Reads the clocks: what the others tell is of the time between this look and the last. */
  void look() {
    ran = 0;
    waited = 0;
    if (times == null) {
      return;
    }
    try {
      text.clear();
      if (times.read(text, 0) <= 0) {
        return;
      }
    } catch (IOException e) {
      return; // nothing is known of this time
    }
    String[] figures =
        new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).trim().split(" ");
    if (figures.length >= 2) {
      long ranNow = Long.parseLong(figures[0]);
      long waitedNow = Long.parseLong(figures[1]);
      ran = ranNow - ranInAll;
      waited = waitedNow - waitedInAll;
      ranInAll = ranNow;
      waitedInAll = waitedNow;
    }
  }

  /** Time of a processor that the thread had before the last look, in nanoseconds. */
  long ran() {
    return ran;
  }

  /**
   * Whether, before the last look, the thread waited for others more than so many times as long.
   */
  boolean waitedMoreThan(double times) {
    return waited > times * ran;
  }

  boolean stoodBack() {
    return stoodBack;
  }

  /** Lets the current thread, for good, come after others where processors are scarce. */
  void standBack() {
    stoodBack = true;
    look();
    if (LINUX) {
      standBack(CURRENT_THREAD, NICER);
    }
  }

  /**
   * Lets the threads that compile the program come after those that run it. Asked for by a thread
   * that has not stood back itself.
   */
  static void compilersStandBack() {
    if (!LINUX) {
      return;
    }
    try (Stream<Path> threads = Files.list(THREADS)) {
      for (Path thread : threads.toList()) {
        if (isCompiler(thread)) {
          standBack(Integer.parseInt(thread.getFileName().toString()), COMPILERS_NICER);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the system does not tell of threads", e);
    }
  }

  /** By the name that the JVM gives it, of which the system keeps the beginning. */
  private static boolean isCompiler(Path thread) {
    try {
      String name = Files.readString(thread.resolve("comm"));
      return name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static void standBack(int thread, int nicer) {
    try {
      int nice = Math.min(NICE_MAX, nice() + nicer);
      if (!setAttributes(thread, nice) && !setNice(thread, nice)) {
        LOG.log(Level.DEBUG, "what can wait has the priority of calls");
      }
    } catch (Throwable e) {
      // The work is only less polite then.
      LOG.log(Level.DEBUG, "what can wait has the priority of calls", e);
    }
  }

  /**
   * Of the current thread: the 19th field (proc_pid_stat(5)); the second is a name in parentheses
   * and may hold blanks.
   */
  private static int nice() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
  }

  @SuppressWarnings("restricted") // a system call that changes a thread's turns only
  private static boolean setAttributes(int thread, int nice) throws Throwable {
    long number =
        switch (System.getProperty("os.arch", "")) {
          case "amd64" -> 314;
          case "aarch64" -> 274;
          default -> -1;
        };
    if (number < 0) {
      return false;
    }
    Linker linker = Linker.nativeLinker();
    MethodHandle systemCall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(ATTRIBUTES, Long.BYTES);
      attributes.set(ValueLayout.JAVA_INT, 0, ATTRIBUTES);
      attributes.set(ValueLayout.JAVA_INT, 16, nice);
      attributes.set(ValueLayout.JAVA_LONG, 24, SLICE_NANOS);
      return (long) systemCall.invokeExact(number, thread, attributes, 0) == 0;
    }
  }

  @SuppressWarnings("restricted") // a function of the C library with three numbers
  private static boolean setNice(int thread, int nice) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle setPriority =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setpriority"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    // On Linux a thread has a nice value of its own: setpriority(2), "C library/kernel
    // differences".
    return (int) setPriority.invokeExact(PRIO_PROCESS, thread, nice) == 0;
  }

  @Override
  public void close() {
    if (times != null) {
      try {
        times.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "a file of the system did not close", e);
      }
    }
  }
}
