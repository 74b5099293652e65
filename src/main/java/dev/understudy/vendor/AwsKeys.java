package dev.understudy.vendor;

import java.util.Optional;

/**
 * What AWS lets one in by.
 *
 * @param accessKeyId the public half
 * @param secretKey the secret half
 * @param sessionToken for keys of limited life
 */
public record AwsKeys(String accessKeyId, Secret secretKey, Optional<Secret> sessionToken) {
  public AwsKeys {
    if (!accessKeyId.matches("[\\w]{4,128}")) {
      throw new IllegalArgumentException("the AWS access key id is not made of 4 to 128 letters");
    }
    if (secretKey.length() == 0) {
      throw new IllegalArgumentException("the AWS secret access key is empty");
    }
    // It is sent as a header.
    if (sessionToken.isPresent()
        && !sessionToken.get().reveal().chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw new IllegalArgumentException(
          "the AWS session token holds white space, control or non-ASCII characters");
    }
  }

  @Override
  public String toString() {
    return "AwsKeys[…]";
  }
}
