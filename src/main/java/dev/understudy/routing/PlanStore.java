package dev.understudy.routing;

import java.io.IOException;

/** Where replicas keep the plan that operators sent. Its messages are fit for an operator. */
public interface PlanStore {
  /** What is to be in force. */
  KeptPlans load() throws IOException;

  /** The version of that alone, to see whether somebody changed it. */
  long version() throws IOException;

  /**
   * Keeps both plans, durably, if nobody was quicker.
   *
   * @param onTopOf the version that the change was made for
   * @return false if the version is another by now; then nothing was kept
   */
  boolean save(KeptPlans next, long onTopOf) throws IOException;
}
