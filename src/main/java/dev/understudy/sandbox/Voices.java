package dev.understudy.sandbox;

import java.util.List;

/** Which APIs each vendor speaks. */
final class Voices {
  private static final byte[] NO_HEARTBEAT = {};

  private Voices() {}

  /** The APIs of a vendor; the first also refuses what none of them hears. */
  static List<Voice> of(Accent accent) {
    return switch (accent) {
      case OPENAI, XAI ->
          List.of(new ChatVoice(accent), new ResponsesVoice(accent), new OpenAiModels(accent));
      case DEEPSEEK, META, MAI -> List.of(new ChatVoice(accent), new OpenAiModels(accent));
      case ANTHROPIC -> List.of(new MessagesVoice(), new MessagesVoice.Models());
      case GOOGLE -> List.of(new GeminiVoice(), new GeminiVoice.Models());
      case BEDROCK -> List.of(new ConverseVoice(), new InvokeVoice());
    };
  }

  /** Refuses what no API of a vendor hears, in the form of one of them. */
  static Voice nobody(Voice form) {
    return new Voice() {
      @Override
      public boolean hears(String method, String path) {
        return true;
      }

      @Override
      public Answer answer(Call call) {
        throw Refusal.of(404, "Unknown request URL: %s %s".formatted(call.method(), call.path()));
      }

      @Override
      public Answer refuse(SandboxProfile profile, Refusal refusal) {
        return form.refuse(profile, refusal);
      }

      @Override
      public List<Frame> failInStream(Call call) {
        return List.of();
      }

      @Override
      public byte[] heartbeat() {
        return NO_HEARTBEAT;
      }
    };
  }

  /** Accompanies what no vendor says. */
  static final Voice SILENT =
      new Voice() {
        @Override
        public boolean hears(String method, String path) {
          return false;
        }

        @Override
        public Answer answer(Call call) {
          throw Refusal.of(404, "nobody is here");
        }

        @Override
        public Answer refuse(SandboxProfile profile, Refusal refusal) {
          throw refusal;
        }

        @Override
        public List<Frame> failInStream(Call call) {
          return List.of();
        }

        @Override
        public byte[] heartbeat() {
          return NO_HEARTBEAT;
        }
      };

  /** The reply of a status fault. */
  static Answer fault(Voice voice, Call call, int status, int retrySeconds) {
    String message =
        switch (status) {
          case 401 -> "invalid key";
          case 403 -> "this key may not use this";
          case 404 -> "model not found: " + call.model();
          case 429 -> "rate limit reached; try again in %ds".formatted(retrySeconds);
          case 529 -> "Overloaded";
          default -> "status %d asked for".formatted(status);
        };
    Answer answer = voice.refuse(call.profile(), Refusal.of(status, "sandbox fault: " + message));
    if (status == 429 || status == 503 || status == 529) {
      answer.with("retry-after", String.valueOf(retrySeconds));
    }
    return answer;
  }
}
