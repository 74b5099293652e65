package dev.understudy.journal;

import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Lets the current thread yield to others where processors are scarce. The JVM's own priorities are
 * not heeded on Linux, so the system is asked: there a thread has a nice value of its own
 * (setpriority(2), "C library/kernel differences").
 */
final class Niceness {
  /** A tenth of the weight of a usual thread. */
  private static final int NICE = 10;

  private static final int PRIO_PROCESS = 0;
  private static final int CURRENT_THREAD = 0;

  private Niceness() {}

  /** Does nothing where the system has no such thing. */
  @SuppressWarnings("restricted") // a function of the C library with three numbers
  static void yieldToOthers() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle setPriority =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setpriority"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT));
      int failed = (int) setPriority.invokeExact(PRIO_PROCESS, CURRENT_THREAD, NICE);
      if (failed != 0) {
        System.getLogger(Niceness.class.getName())
            .log(Level.DEBUG, "calls are booked at the priority of calls");
      }
    } catch (Throwable e) {
      // Booking is only less polite then.
      System.getLogger(Niceness.class.getName())
          .log(Level.DEBUG, "calls are booked at the priority of calls", e);
    }
  }
}
