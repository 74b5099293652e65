package dev.understudy.protocol.wire;

import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * The value of one header of an AWS event-stream frame, of the ten types the format knows
 * (docs.aws.amazon.com, "Event stream encoding").
 */
public sealed interface AwsHeader {

  /** Types 0 and 1. */
  record Flag(boolean value) implements AwsHeader {}

  /** Type 2, eight bits. */
  record Int8(byte value) implements AwsHeader {}

  /** Type 3, sixteen bits. */
  record Int16(short value) implements AwsHeader {}

  /** Type 4, thirty-two bits. */
  record Int32(int value) implements AwsHeader {}

  /** Type 5, sixty-four bits. */
  record Int64(long value) implements AwsHeader {}

  /** Type 6: up to 65 535 bytes, held in base64 so that values compare. */
  record Blob(String base64) implements AwsHeader {
    public byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }
  }

  /** Type 7: up to 65 535 bytes of UTF-8. */
  record Text(String value) implements AwsHeader {}

  /** Type 8, to the millisecond. */
  record Timestamp(Instant value) implements AwsHeader {}

  /** Type 9. */
  record Id(UUID value) implements AwsHeader {}
}
