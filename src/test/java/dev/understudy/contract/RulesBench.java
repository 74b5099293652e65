package dev.understudy.contract;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures what a question to contracts costs a call; run by hand. */
final class RulesBench {
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private RulesBench() {}

  public static void main(String[] arguments) {
    Rules rules =
        ContractState.of(
                new ContractBook(List.of(Contracts.example("c"))),
                Map.of("azure", "azure-openai", "openai", "openai", "b", "custom"),
                List.of(),
                Contracts.at("2026-01-01"))
            .rules();
    Map<String, String> tags = Map.of("channel", "api", "segment", "public");
    String[] vendors = {"azure", "b", "openai", "azure"};
    for (int round = 0; round < 8; round++) {
      long allowed = 0;
      long begun = CPU.getCurrentThreadCpuTime();
      int times = 2_000_000;
      for (int i = 0; i < times; i++) {
        Subject asker = Subject.asker("default", "default", tags, Set.of());
        allowed += rules.judge(vendors[i & 3], "custom", "gpt-5.1", "", asker).allowed() ? 1 : 0;
      }
      long took = CPU.getCurrentThreadCpuTime() - begun;
      System.out.printf(
          "%d ns of processor a question, who asks made anew each time (%d of %d allowed)%n",
          took / times, allowed, times);
    }
  }
}
