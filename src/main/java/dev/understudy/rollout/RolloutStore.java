package dev.understudy.rollout;

import java.io.IOException;
import java.util.List;

/** Where rollouts are kept, all of them under one version. Its messages are fit for an operator. */
public interface RolloutStore {
  /** All rollouts, in the order in which they began. */
  Kept load() throws IOException;

  /** The version that is kept, to see whether somebody else changed something. */
  long version() throws IOException;

  /**
   * Keeps a rollout as it stands now with the steps that led there, durably, if nothing else has
   * changed.
   *
   * @param onTopOf the version of what it was made from
   * @return false if the version is another by now; then nothing was kept
   */
  boolean save(RolloutState state, List<Step> steps, long onTopOf) throws IOException;

  /** All steps of a rollout, in their order. */
  List<Step> steps(String id) throws IOException;

  /** All rollouts, and their version. */
  record Kept(long version, List<RolloutState> rollouts) {
    /** There are none. */
    public static final Kept NONE = new Kept(0, List.of());

    public Kept {
      rollouts = List.copyOf(rollouts);
    }
  }
}
