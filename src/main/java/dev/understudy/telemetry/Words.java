package dev.understudy.telemetry;

import dev.understudy.exchange.Attempt;

/** How telemetry spells what the record names: the same in lines, metrics and spans. */
final class Words {
  private Words() {}

  static String of(Attempt.Outcome outcome) {
    return switch (outcome) {
      case ANSWERED -> "answered";
      case REFUSED -> "refused";
      case UNREACHED -> "unreached";
      case BROKEN -> "broken";
      case ABANDONED -> "abandoned";
    };
  }

  /**
   * OpenTelemetry's name for a vendor of a kind of the catalogue; kinds it has no name for keep
   * their own.
   *
   * @see <a href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/">GenAI
   *     attributes</a>
   */
  static String provider(String kind) {
    return switch (kind) {
      case "azure-openai" -> "azure.ai.openai";
      case "bedrock" -> "aws.bedrock";
      case "gemini" -> "gcp.gemini";
      case "vertex" -> "gcp.vertex_ai";
      case "mistral" -> "mistral_ai";
      case "xai" -> "x_ai";
      default -> kind;
    };
  }
}
