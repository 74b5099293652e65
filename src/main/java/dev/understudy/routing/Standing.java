package dev.understudy.routing;

/** Whether a target may be asked, by how it did of late. */
public enum Standing {
  /** It does well. */
  IN,
  /** It was out, and may be asked once to see whether it is well again. */
  PROBE,
  /** It is out. */
  OUT
}
