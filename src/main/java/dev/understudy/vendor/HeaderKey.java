package dev.understudy.vendor;

/** A key that is sent in a header, as most vendors take it. */
public final class HeaderKey implements Credential {
  private final String label;
  private final String header;
  private final String value;

  /**
   * @param header the header's name in lower case
   * @param prefix what stands before the key, such as {@code "Bearer "}
   * @throws IllegalArgumentException if the key cannot stand in a header
   */
  public HeaderKey(String label, String header, String prefix, String key) {
    if (key.isEmpty() || key.chars().anyMatch(c -> c <= 0x20 || c >= 0x7F)) {
      throw new IllegalArgumentException(
          "the key is empty or holds white space, control or non-ASCII characters");
    }
    this.label = label;
    this.header = header;
    this.value = prefix + key;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public void sign(VendorRequest request) {
    request.headers().put(header, value);
  }

  @Override
  public String toString() {
    return "HeaderKey[" + label + ", " + header + ": …]";
  }
}
