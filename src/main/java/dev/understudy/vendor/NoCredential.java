package dev.understudy.vendor;

/** For vendors that let everybody in. */
public record NoCredential() implements Credential {
  @Override
  public String label() {
    return "none";
  }

  @Override
  public void sign(VendorRequest request) {}
}
