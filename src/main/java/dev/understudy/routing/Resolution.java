package dev.understudy.routing;

import java.util.List;

/** What the name in a request leads to. */
public sealed interface Resolution {
  /** A route; for a vendor's model that no route names, one that has only this target. */
  record Found(Route route) implements Resolution {
    public List<Target> targets() {
      return route.targets();
    }
  }

  /** Nobody has that name; some that are near. */
  record Unknown(String name, List<String> near) implements Resolution {
    public Unknown {
      near = List.copyOf(near);
    }
  }
}
