package dev.understudy.rollout;

import java.util.List;

/** A rollout after something happened to it, with the steps that it made. */
public record Progress(RolloutState state, List<Step> steps) {
  public Progress {
    steps = List.copyOf(steps);
  }
}
