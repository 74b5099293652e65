package dev.understudy.sandbox;

import java.util.List;

/** Which vendors stand in the box. */
public record SandboxSettings(List<SandboxProfile> profiles) {

  public SandboxSettings {
    profiles = List.copyOf(profiles);
  }

  /** The vendors that {@code serve} starts when no key is set, each on any free port. */
  public static SandboxSettings defaults() {
    return of("openai", "anthropic", "google", "xai", "deepseek", "meta", "mai");
  }

  public static SandboxSettings of(String... vendors) {
    return new SandboxSettings(List.of(vendors).stream().map(SandboxProfile::of).toList());
  }
}
