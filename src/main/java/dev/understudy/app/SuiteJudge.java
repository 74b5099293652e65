package dev.understudy.app;

import dev.understudy.admin.AdminRefusal;
import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.Role;
import dev.understudy.chat.Stop;
import dev.understudy.chat.Tool;
import dev.understudy.evaluation.Answer;
import dev.understudy.evaluation.Asker;
import dev.understudy.evaluation.Bench;
import dev.understudy.evaluation.Costs;
import dev.understudy.evaluation.PairScorer;
import dev.understudy.evaluation.Scorer;
import dev.understudy.evaluation.Suite;
import dev.understudy.evaluation.SuiteReader;
import dev.understudy.evaluation.Turn;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import dev.understudy.rollout.PairJudge;
import dev.understudy.rollout.Seeing;
import dev.understudy.text.Problems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Judges the pairs of a rollout by what a suite demands of every answer. */
final class SuiteJudge implements PairJudge {
  private final PairScorer scorer;
  private final boolean asks;

  private SuiteJudge(PairScorer scorer, boolean asks) {
    this.scorer = scorer;
    this.asks = asks;
  }

  /**
   * The judge of a suite's file.
   *
   * @param asker puts questions to judges that are models
   * @throws AdminRefusal if the file is no suite, or demands nothing of every answer
   */
  static PairJudge of(Path file, Asker asker) {
    var problems = new Problems();
    Optional<Suite> suite;
    try {
      suite = SuiteReader.read(file, problems);
    } catch (IOException e) {
      throw new AdminRefusal(409, "the suite " + file + " cannot be read");
    }
    if (suite.isEmpty() || !problems.isEmpty()) {
      throw new AdminRefusal(409, String.join("\n", problems.lines()));
    }
    if (suite.get().common().isEmpty() && suite.get().judging().isEmpty()) {
      throw new AdminRefusal(
          409,
          "the suite %s demands nothing of every answer: write checks, or a judge, at its top"
              .formatted(file));
    }
    var bench = new Bench(suite.get().judging(), asker, Costs.UNKNOWN);
    return new SuiteJudge(new PairScorer(suite.get(), bench), suite.get().judging().isPresent());
  }

  /** Knows a refusal by its words. */
  static boolean refuses(String text) {
    return new Scorer.Refusal(false)
            .score(new Answer.Given(text, List.of(), false, false, 0, 0, 0, ""))
        == 1;
  }

  @Override
  public boolean asks() {
    return asks;
  }

  @Override
  public Opinion judge(ChatRequest asked, ChatReply incumbent, ChatReply candidate)
      throws InterruptedException {
    var live =
        new PairScorer.Live(
            candidate.id(), turns(asked), tools(asked), answer(candidate), answer(incumbent));
    return switch (scorer.score(live)) {
      case PairScorer.Scored scored -> new Opinion.Scored(scored.incumbent(), scored.candidate());
      case PairScorer.Unjudged(String why) -> new Opinion.None(why);
    };
  }

  private static List<Turn> turns(ChatRequest asked) {
    var turns = new ArrayList<Turn>();
    for (Message message : asked.messages()) {
      var text = new StringBuilder();
      message.parts().forEach(part -> add(part, text));
      turns.add(new Turn(role(message.role()), text.toString()));
    }
    return turns;
  }

  private static String role(Role role) {
    return switch (role) {
      case SYSTEM, DEVELOPER -> "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }

  private static void add(Part part, StringBuilder to) {
    switch (part) {
      case Part.Text text -> to.append(text.text());
      case Part.ToolCall call ->
          to.append("[calls ").append(call.tool()).append(' ').append(call.inputJson()).append(']');
      case Part.ToolResult result -> result.content().forEach(one -> add(one, to));
      case Part.Refusal refusal -> to.append(refusal.text());
      case Part.Image _,
          Part.Audio _,
          Part.Video _,
          Part.Document _,
          Part.Reasoning _,
          Part.CachePoint _,
          Part.Foreign _ -> {}
    }
  }

  /** As the Chat protocol lists them. */
  private static String tools(ChatRequest asked) {
    ArrayNode tools = Json.array();
    for (Tool tool : asked.tools()) {
      if (tool instanceof Tool.Function function) {
        ObjectNode one = tools.addObject().put("type", "function").putObject("function");
        one.put("name", function.name());
        function
            .schemaJson()
            .filter(schema -> !schema.isBlank())
            .ifPresent(schema -> {
              try {
                one.set("parameters", Json.parse(schema));
              } catch (Malformed e) {
                // The tool without its schema is judged by its name.
              }
            });
      }
    }
    return tools.isEmpty() ? "" : Json.text(tools);
  }

  private static Answer.Given answer(ChatReply reply) {
    var calls = new ArrayList<Answer.Call>();
    boolean refused =
        reply.stop().reason() == Stop.Reason.REFUSAL
            || reply.stop().reason() == Stop.Reason.CONTENT_FILTER;
    for (Part part : reply.parts()) {
      if (part instanceof Part.ToolCall call) {
        calls.add(new Answer.Call(call.tool(), call.inputJson()));
      }
      refused |= part instanceof Part.Refusal;
    }
    return new Answer.Given(
        Seeing.text(reply), calls, Seeing.isCut(reply), refused, 0, 0, 0, reply.id());
  }
}
