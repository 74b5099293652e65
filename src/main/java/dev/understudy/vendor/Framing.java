package dev.understudy.vendor;

/** How a vendor's streamed answer is wrapped. */
public enum Framing {
  /** As the protocol has it. */
  PLAIN,
  /**
   * Bedrock's InvokeModelWithResponseStream: AWS event-stream frames, each with one event of the
   * protocol in base64.
   */
  BEDROCK_CHUNKS
}
