package dev.understudy.sandbox;

import java.util.List;

/**
 * What one sandbox server pretends to be.
 *
 * @param vendor the vendor's name as routes write it, shown in every answer
 * @param port where it listens on loopback; 0 takes any free port
 * @param key the key it demands in the vendor's own header; empty accepts anybody
 * @param models what its list of models names; any other name is answered too
 */
public record SandboxProfile(
    String vendor, Accent accent, int port, String key, Pace pace, List<String> models) {

  public SandboxProfile {
    models = List.copyOf(models);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port is %d; 0 to 65535 is possible".formatted(port));
    }
  }

  /**
   * A profile by the vendor's name: openai, anthropic, google, xai, deepseek, meta, mai, bedrock.
   *
   * @throws IllegalArgumentException if the name is another
   */
  public static SandboxProfile of(String vendor) {
    return switch (vendor) {
      case "openai" -> new SandboxProfile(vendor, Accent.OPENAI, "gpt-5.1", "gpt-5-mini");
      case "anthropic" ->
          new SandboxProfile(vendor, Accent.ANTHROPIC, "claude-sonnet-4-5", "claude-haiku-4-5");
      case "google" ->
          new SandboxProfile(vendor, Accent.GOOGLE, "gemini-3-pro-preview", "gemini-2.5-flash");
      case "xai" -> new SandboxProfile(vendor, Accent.XAI, "grok-4", "grok-4-fast");
      case "deepseek" ->
          new SandboxProfile(vendor, Accent.DEEPSEEK, "deepseek-chat", "deepseek-reasoner");
      case "meta" ->
          new SandboxProfile(vendor, Accent.META, "Llama-4-Maverick-17B-128E-Instruct-FP8");
      case "mai" -> new SandboxProfile(vendor, Accent.MAI, "mai-1");
      case "bedrock" ->
          new SandboxProfile(vendor, Accent.BEDROCK, "anthropic.claude-sonnet-4-5-20250929-v1:0");
      default ->
          throw new IllegalArgumentException(
              "unknown sandbox vendor \"%s\"; known: openai, anthropic, google, xai, deepseek, meta,"
                      .formatted(vendor)
                  + " mai, bedrock");
    };
  }

  private SandboxProfile(String vendor, Accent accent, String... models) {
    this(vendor, accent, 0, "", Pace.AT_ONCE, List.of(models));
  }

  public SandboxProfile withKey(String newKey) {
    return new SandboxProfile(vendor, accent, port, newKey, pace, models);
  }

  public SandboxProfile withPace(Pace newPace) {
    return new SandboxProfile(vendor, accent, port, key, newPace, models);
  }
}
