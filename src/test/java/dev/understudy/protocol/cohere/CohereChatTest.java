package dev.understudy.protocol.cohere;

import static dev.understudy.protocol.CloudExchanges.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.ChatRequest;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Labels;
import dev.understudy.chat.Message;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.ReplyFormat;
import dev.understudy.chat.Role;
import dev.understudy.chat.Sampling;
import dev.understudy.chat.Source;
import dev.understudy.chat.Thinking;
import dev.understudy.chat.Tool;
import dev.understudy.chat.ToolChoice;
import dev.understudy.json.Json;
import dev.understudy.protocol.CloudExchanges;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class CohereChatTest {
  private static final CohereChatOutbound COHERE = new CohereChatOutbound();
  private static final Dialect DIALECT = Dialect.standard("cohere");
  private static final String REPLY =
      """
      {'id':'r1','message':{'role':'assistant','tool_plan':'I will look',
        'content':[{'type':'thinking','thinking':'Hm'},{'type':'text','text':'\u00e9\ud83d\ude00 Ruby!'}],
        'citations':[{'start':3,'end':7,'text':'Ruby','type':'TEXT_CONTENT','content_index':1,
          'sources':[{'type':'document','id':'doc:0','document':{'id':'doc:0','title':'facts','text':'Ruby is'}}]}],
        'tool_calls':[{'id':'c1','type':'function','function':{'name':'a','arguments':'{}'}},
          {'id':'c2','type':'function','function':{'name':'b','arguments':'{\\'x\\':1}'}}]},
       'finish_reason':'TOOL_CALL','usage':{'billed_units':{'input_tokens':4,'output_tokens':2}}}
      """;
  private static final String STREAM =
      """
      {'id':'r1','type':'message-start','delta':{'message':{'role':'assistant','content':[],'tool_plan':'','tool_calls':[],'citations':[]}}}
      {'type':'tool-plan-delta','delta':{'message':{'tool_plan':'I will'}}}
      {'type':'tool-plan-delta','delta':{'message':{'tool_plan':' look'}}}
      {'type':'content-start','index':0,'delta':{'message':{'content':{'type':'thinking','thinking':''}}}}
      {'type':'content-delta','index':0,'delta':{'message':{'content':{'thinking':'Hm'}}}}
      {'type':'content-end','index':0}
      {'type':'content-start','index':1,'delta':{'message':{'content':{'type':'text','text':''}}}}
      {'type':'content-delta','index':1,'delta':{'message':{'content':{'text':'\u00e9\ud83d\ude00 Ruby'}}}}
      {'type':'content-delta','index':1,'delta':{'message':{'content':{'text':'!'}}}}
      {'type':'content-end','index':1}
      {'type':'citation-start','index':0,'delta':{'message':{'citations':{'start':3,'end':7,'text':'Ruby','type':'TEXT_CONTENT','content_index':1,'sources':[{'type':'document','id':'doc:0','document':{'id':'doc:0','title':'facts','text':'Ruby is'}}]}}}}
      {'type':'citation-end','index':0}
      {'type':'tool-call-start','index':0,'delta':{'message':{'tool_calls':{'id':'c1','type':'function','function':{'name':'a','arguments':''}}}}}
      {'type':'tool-call-end','index':0}
      {'type':'tool-call-start','index':1,'delta':{'message':{'tool_calls':{'id':'c2','type':'function','function':{'name':'b','arguments':''}}}}}
      {'type':'tool-call-delta','index':1,'delta':{'message':{'tool_calls':{'function':{'arguments':'{\\'x\\''}}}}}
      {'type':'tool-call-delta','index':1,'delta':{'message':{'tool_calls':{'function':{'arguments':':1}'}}}}}
      {'type':'tool-call-end','index':1}
      {'type':'debug','prompt':'whatever'}
      {'type':'message-end','delta':{'finish_reason':'TOOL_CALL','usage':{'billed_units':{'input_tokens':4,'output_tokens':2}}}}
      """;

  private final Losses losses = new Losses();

  @Test
  void aFoldedStreamIsTheWholeAnswer() {
    byte[] body = sse(STREAM);
    List<ReplyEvent> events = CloudExchanges.events(COHERE, DIALECT, body, body.length, losses);
    ChatReply unary = COHERE.readReply(Json.bytes(json(REPLY)), DIALECT, losses);

    assertThat(losses.kept()).isEmpty();
    assertThat(CloudExchanges.fold(events).reply()).contains(unary);
    assertThat(unary.parts()).hasSize(5);
    var text = (Part.Text) unary.parts().get(2);
    assertThat(text.citations().getFirst().start()).contains(4L);
    assertThat(text.text().substring(4, 8)).isEqualTo("Ruby");
  }

  @Test
  void aStreamCutAtEveryByteTellsTheSameEvents() {
    byte[] body = sse(STREAM);
    List<ReplyEvent> whole = CloudExchanges.events(COHERE, DIALECT, body, body.length, losses);

    for (int cut = 0; cut <= body.length; cut++) {
      assertThat(CloudExchanges.eventsCut(COHERE, DIALECT, body, cut)).isEqualTo(whole);
    }
  }

  @Test
  void aStreamWithoutMessageEndIsBroken() {
    String[] lines = STREAM.split("\n", -1);
    for (int count = 0; count < lines.length - 2; count++) {
      byte[] body = sse(String.join("\n", List.of(lines).subList(0, count)));
      assertThat(CloudExchanges.events(COHERE, DIALECT, body, 64, losses).getLast())
          .isInstanceOf(ReplyEvent.Broken.class);
    }
  }

  @Test
  void anEndByErrorIsBrokenWithItsReason() {
    Failure failure =
        failure(
            """
            {'id':'r1','type':'message-start','delta':{'message':{'role':'assistant'}}}
            {'type':'message-end','delta':{'finish_reason':'ERROR','usage':{},'error':'bad tool','error_type':'INVALID_TOOL_GENERATION'}}
            """);

    assertThat(failure.type()).isEqualTo("INVALID_TOOL_GENERATION");
    assertThat(failure.message()).isEqualTo("bad tool");
    assertThat(failure("{'id':'x','message':'too many'}").message()).isEqualTo("too many");
  }

  @Test
  void whatAModelSaidComesBackInItsPlaces() {
    ChatReply reply = COHERE.readReply(Json.bytes(json(REPLY)), DIALECT, losses);
    JsonNode body =
        write(
            List.of(
                new Message(Role.ASSISTANT, reply.parts()),
                new Message(
                    Role.USER,
                    List.of(
                        new Part.Text("And?"),
                        new Part.ToolResult(
                            "c1", Optional.empty(), List.of(new Part.Text("60")), false)))),
            new ToolChoice.Unsaid(),
            Sampling.UNSAID);

    assertThat(body.at("/messages/0/tool_plan").stringValue()).isEqualTo("I will look");
    assertThat(body.at("/messages/0/content/0/thinking").stringValue()).isEqualTo("Hm");
    assertThat(body.at("/messages/0/tool_calls/1/function/arguments").stringValue())
        .isEqualTo("{\"x\":1}");
    assertThat(body.at("/messages/1"))
        .isEqualTo(json("{'role':'tool','tool_call_id':'c1','content':'60'}"));
    assertThat(body.at("/messages/2")).isEqualTo(json("{'role':'user','content':'And?'}"));
  }

  @Test
  void aNamedToolIsTheOnlyOneOnOffer() {
    JsonNode body =
        write(List.of(user(new Part.Text("x"))), new ToolChoice.Named("b"), Sampling.UNSAID);

    assertThat(body.get("tool_choice").stringValue()).isEqualTo("REQUIRED");
    assertThat(body.get("tools").findValuesAsString("name")).containsExactly("b");
    assertThat(losses.isEmpty()).isTrue();
  }

  @Test
  void documentsOfTextCanBeCitedAndOthersAreLost() {
    JsonNode body =
        write(
            List.of(
                user(
                    new Part.Document(
                        new Source.PlainText("Ruby is old"),
                        Optional.of("facts"),
                        Optional.empty(),
                        true),
                    new Part.Document(
                        new Source.Inline("application/pdf", "AAAA"),
                        Optional.empty(),
                        Optional.empty(),
                        true),
                    new Part.Image(new Source.Inline("image/png", "AAAA"), Optional.of("low")),
                    new Part.Text("When?"))),
            new ToolChoice.None(),
            Sampling.UNSAID);

    assertThat(body.get("documents"))
        .isEqualTo(
            Json.parse(
                "[{\"id\":\"doc:0\",\"data\":{\"text\":\"Ruby is old\",\"title\":\"facts\"}}]"));
    assertThat(body.at("/messages/0/content/0"))
        .isEqualTo(
            json(
                "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA','detail':'low'}}"));
    assertThat(body.get("tool_choice").stringValue()).isEqualTo("NONE");
    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly("messages[0].content[1]");
  }

  @Test
  void wishesOutOfCoheresBoundsAreSentAsItsNearestAndTold() {
    var sampling =
        new Sampling(
            Optional.of(9L),
            Optional.of(BigDecimal.ONE),
            Optional.of(BigDecimal.ONE),
            Optional.of(40L),
            Optional.of(new BigDecimal("-1")),
            Optional.empty(),
            Optional.of(7L),
            List.of("a"),
            Optional.empty(),
            Optional.empty());

    JsonNode body = write(List.of(user(new Part.Text("x"))), new ToolChoice.Unsaid(), sampling);

    assertThat(body.get("p").decimalValue()).isEqualByComparingTo("0.99");
    assertThat(body.get("frequency_penalty").decimalValue()).isEqualByComparingTo("0");
    assertThat(body.get("k").longValue()).isEqualTo(40);
    assertThat(body.get("seed").longValue()).isEqualTo(7);
    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly("top_p", "frequency_penalty");
  }

  private JsonNode write(List<Message> messages, ToolChoice choice, Sampling sampling) {
    var request =
        new ChatRequest(
            "command-a-03-2025",
            messages,
            List.of(tool("a"), tool("b")),
            choice,
            Optional.empty(),
            new ReplyFormat.Text(),
            Thinking.UNSAID,
            sampling,
            Labels.NONE,
            false,
            false);
    return Json.parse(COHERE.writeRequest(request, DIALECT, losses).json());
  }

  private Failure failure(String events) {
    return CloudExchanges.fold(CloudExchanges.events(COHERE, DIALECT, sse(events), 9, losses))
        .failure()
        .orElseThrow();
  }

  private static Tool tool(String name) {
    return new Tool.Function(
        name, Optional.empty(), Optional.of("{\"type\":\"object\"}"), Optional.empty());
  }

  private static Message user(Part... parts) {
    return new Message(Role.USER, List.of(parts));
  }

  private static byte[] sse(String events) {
    var text = new StringBuilder();
    events
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(line -> text.append("data: ").append(line.replace('\'', '"')).append("\n\n"));
    return text.append("data: [DONE]\n\n").toString().getBytes(StandardCharsets.UTF_8);
  }
}
