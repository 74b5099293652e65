package dev.understudy.telemetry;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/** What the process takes, under the names that Prometheus' clients use on the JVM. */
final class JvmMetrics {
  private static final Path STATM = Path.of("/proc/self/statm");

  /** Linux counts in pages; those of other sizes than this are rare, and nothing is paid by it. */
  private static final int PAGE_BYTES = 4_096;

  private JvmMetrics() {}

  static void register(PrometheusRegistry registry) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    var memory = ManagementFactory.getMemoryMXBean();
    var threads = ManagementFactory.getThreadMXBean();
    gauge(
        registry,
        "process_start_time_seconds",
        "When the process started, in Unix time.",
        () -> runtime.getStartTime() / 1e3);
    gauge(
        registry,
        "process_uptime_seconds",
        "Since the process started.",
        () -> runtime.getUptime() / 1e3);
    gauge(
        registry,
        "jvm_threads_current",
        "Live threads, virtual ones not among them.",
        threads::getThreadCount);
    GaugeWithCallback.builder()
        .name("jvm_memory_used_bytes")
        .help("Memory in use, by area.")
        .labelNames("area")
        .callback(callback -> {
          callback.call((double) memory.getHeapMemoryUsage().getUsed(), "heap");
          callback.call((double) memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
        })
        .register(registry);
    GaugeWithCallback.builder()
        .name("jvm_memory_max_bytes")
        .help("The most memory there may be, by area; absent where there is no bound.")
        .labelNames("area")
        .callback(callback -> {
          MemoryUsage heap = memory.getHeapMemoryUsage();
          if (heap.getMax() >= 0) {
            callback.call((double) heap.getMax(), "heap");
          }
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("jvm_gc_pauses_total")
        .help("Collections of garbage, by collector.")
        .labelNames("gc")
        .callback(callback -> {
          for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            callback.call((double) Math.max(0, gc.getCollectionCount()), gc.getName());
          }
        })
        .register(registry);
    CounterWithCallback.builder()
        .name("jvm_gc_pause_seconds_total")
        .help("Time spent collecting garbage, by collector.")
        .labelNames("gc")
        .callback(callback -> {
          for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            callback.call(Math.max(0, gc.getCollectionTime()) / 1e3, gc.getName());
          }
        })
        .register(registry);
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      CounterWithCallback.builder()
          .name("process_cpu_seconds_total")
          .help("CPU time of the process.")
          .callback(callback -> callback.call(Math.max(0, system.getProcessCpuTime()) / 1e9))
          .register(registry);
    }
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.UnixOperatingSystemMXBean system) {
      gauge(
          registry,
          "process_open_fds",
          "Open files and connections.",
          () -> (double) system.getOpenFileDescriptorCount());
      gauge(
          registry,
          "process_max_fds",
          "How many files and connections may be open.",
          () -> (double) system.getMaxFileDescriptorCount());
    }
    if (Files.isReadable(STATM)) {
      GaugeWithCallback.builder()
          .name("process_resident_memory_bytes")
          .help("Memory of the process that is resident.")
          .callback(callback -> callback.call(residentBytes()))
          .register(registry);
    }
  }

  private static double residentBytes() {
    try {
      return Double.parseDouble(Files.readString(STATM).split(" ")[1]) * PAGE_BYTES;
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }
}
