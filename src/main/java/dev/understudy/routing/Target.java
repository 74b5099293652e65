package dev.understudy.routing;

/**
 * One model at one vendor.
 *
 * @param vendor the vendor's name in the settings
 * @param model the vendor's own name for the model; may hold slashes
 */
public record Target(String vendor, String model) {
  /** As callers and headers write it. */
  public String name() {
    return vendor + "/" + model;
  }
}
