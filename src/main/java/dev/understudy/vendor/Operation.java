package dev.understudy.vendor;

/** What a vendor is asked to do. */
public enum Operation {
  /** Answer in one piece. */
  CHAT,
  /** Answer piece by piece. */
  CHAT_STREAM,
  COUNT_TOKENS
}
