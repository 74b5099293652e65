package dev.understudy.capacity;

/**
 * Whose allowance it is.
 *
 * @param vendor the vendor's name in the settings
 * @param model the vendor's name for the model or deployment
 * @param credential the label of the credential, never the credential
 */
public record AllowanceName(String vendor, String model, String credential) {
  /** The target, as callers and headers write it. */
  public String target() {
    return vendor + "/" + model;
  }
}
