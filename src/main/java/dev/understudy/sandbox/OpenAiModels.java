package dev.understudy.sandbox;

import dev.understudy.json.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models} of OpenAI and its imitators. */
record OpenAiModels(Accent accent) implements Voice {

  @Override
  public boolean hears(String method, String path) {
    return method.equals("GET") && path.endsWith("/models");
  }

  @Override
  public Answer answer(Call call) {
    OpenAiWords.admit(call);
    ObjectNode body = Json.object();
    body.put("object", "list");
    ArrayNode data = body.putArray("data");
    for (String model : call.profile().models()) {
      data.addObject()
          .put("id", model)
          .put("object", "model")
          .put("created", 1_700_000_000)
          .put("owned_by", "sandbox");
    }
    return Answer.json(200, body, 0);
  }

  @Override
  public Answer refuse(SandboxProfile profile, Refusal refusal) {
    return OpenAiWords.refuse(profile, refusal);
  }

  @Override
  public List<Frame> failInStream(Call call) {
    return List.of();
  }

  @Override
  public byte[] heartbeat() {
    return new byte[0];
  }
}
