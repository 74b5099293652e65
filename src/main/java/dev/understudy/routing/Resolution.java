package dev.understudy.routing;

import java.util.List;

/** What the name in a request leads to. */
public sealed interface Resolution {
  /** The targets to try, in order; never empty. */
  record Found(List<Target> targets) implements Resolution {
    public Found {
      targets = List.copyOf(targets);
    }
  }

  /** Nobody has that name; some that are near. */
  record Unknown(String name, List<String> near) implements Resolution {
    public Unknown {
      near = List.copyOf(near);
    }
  }
}
