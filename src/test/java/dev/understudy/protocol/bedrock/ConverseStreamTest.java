package dev.understudy.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.chat.ChatReply;
import dev.understudy.chat.Failure;
import dev.understudy.chat.Leaf;
import dev.understudy.chat.Part;
import dev.understudy.chat.ReplyEvent;
import dev.understudy.chat.Stop;
import dev.understudy.json.Json;
import dev.understudy.protocol.CloudExchanges;
import dev.understudy.protocol.Dialect;
import dev.understudy.protocol.Losses;
import dev.understudy.protocol.wire.AwsEventWriter;
import dev.understudy.protocol.wire.Bytes;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConverseStreamTest {
  private static final BedrockConverseOutbound BEDROCK = new BedrockConverseOutbound();
  private static final Dialect DIALECT = Dialect.standard("aws");

  private final Bytes frames = new Bytes();

  /** Everything a stream can hold, and the same answer in one piece. */
  @Test
  void aFoldedStreamIsTheWholeAnswer() {
    whole();
    byte[] body = frames.take();
    var losses = new Losses();
    List<ReplyEvent> events = CloudExchanges.events(BEDROCK, DIALECT, body, body.length, losses);

    ChatReply unary =
        BEDROCK.readReply(
            Json.bytes(
                CloudExchanges.json(
                    """
                    {'output':{'message':{'role':'assistant','content':[
                      {'reasoningContent':{'reasoningText':{'text':'Let me see','signature':'c2ln'}}},
                      {'reasoningContent':{'redactedContent':'AAECAw=='}},
                      {'citationsContent':{'content':[{'text':'It is sunny'}],'citations':[
                        {'title':'w','sourceContent':[{'text':'sun'}],'location':{'web':{'url':'https://w.test'}}}]}},
                      {'toolUse':{'toolUseId':'t1','name':'weather','input':{'city':'Paris'}}},
                      {'toolUse':{'toolUseId':'t2','name':'time','input':{}}},
                      {'toolUse':{'toolUseId':'s1','name':'nova_code_interpreter','type':'server_tool_use','input':{'snippet':'1'}}},
                      {'toolResult':{'toolUseId':'s1','type':'nova','status':'success','content':[{'json':{'out':'1'}}]}}]}},
                     'stopReason':'tool_use','metrics':{'latencyMs':5},'serviceTier':{'type':'flex'},
                     'usage':{'inputTokens':5,'outputTokens':7,'totalTokens':112,'cacheReadInputTokens':80,
                       'cacheWriteInputTokens':20,'cacheDetails':[{'ttl':'1h','inputTokens':15}]}}
                    """)),
            DIALECT,
            losses);

    assertThat(losses.kept()).isEmpty();
    ChatReply folded = CloudExchanges.fold(events).reply().orElseThrow();
    assertThat(folded).isEqualTo(unary);
    assertThat(folded.stop().reason()).isEqualTo(Stop.Reason.TOOL_CALLS);
    assertThat(folded.parts()).filteredOn(Part.Foreign.class::isInstance).hasSize(2);
    assertThat(folded.usage().tokens().of(Leaf.CACHE_WRITE_1H)).isEqualTo(15);
    assertThat(folded.usage().tokens().of(Leaf.CACHE_WRITE)).isEqualTo(5);
    assertThat(folded.usage().tokens().of(Leaf.CACHE_READ)).isEqualTo(80);
    assertThat(folded.usage().serviceTier()).contains("flex");
    assertThat(folded.usage().violations()).isEmpty();
  }

  @Test
  void aStreamCutAtEveryByteTellsTheSameEvents() {
    whole();
    byte[] body = frames.take();
    List<ReplyEvent> whole =
        CloudExchanges.events(BEDROCK, DIALECT, body, body.length, new Losses());

    for (int cut = 0; cut <= body.length; cut++) {
      assertThat(CloudExchanges.eventsCut(BEDROCK, DIALECT, body, cut)).isEqualTo(whole);
    }
  }

  @Test
  void aStreamThatEndsAnywhereBeforeMessageStopIsBroken() {
    event("messageStart", "{'role':'assistant'}");
    event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'Hel'}}");
    byte[] body = frames.take();

    for (int length = 0; length <= body.length; length++) {
      byte[] torn = Arrays.copyOf(body, length);
      List<ReplyEvent> events =
          CloudExchanges.events(BEDROCK, DIALECT, torn, Math.max(1, length), new Losses());
      assertThat(events.getLast()).isInstanceOf(ReplyEvent.Broken.class);
    }
  }

  @Test
  void anExceptionBreaksTheStreamWithItsTypeAndMessage() {
    event("messageStart", "{'role':'assistant'}");
    event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'Hel'}}");
    AwsEventWriter.exception(
        "modelStreamErrorException",
        CloudExchanges.json("{'message':'it broke','originalStatusCode':500}"),
        frames);

    Failure failure = broken();
    assertThat(failure.type()).isEqualTo("modelStreamErrorException");
    assertThat(failure.message()).isEqualTo("it broke");
    assertThat(failure.status()).isEqualTo(424);
    assertThat(failure.vendor()).contains("aws");
  }

  @Test
  void aWrongChecksumBreaksTheStream() {
    event("messageStart", "{'role':'assistant'}");
    byte[] body = frames.take();
    body[body.length - 1] ^= 1;
    frames.writeBytes(body);

    assertThat(broken().message()).contains("checksum");
  }

  @Test
  void aPieceOfAnEarlierBlockBreaksTheStream() {
    event("messageStart", "{'role':'assistant'}");
    event("contentBlockDelta", "{'contentBlockIndex':1,'delta':{'text':'b'}}");
    event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'a'}}");

    assertThat(broken().message()).contains("block 0 after block 1");
  }

  @Test
  void anEndWithoutMetadataIsAnEndWithoutUsage() {
    event("messageStart", "{'role':'assistant'}");
    event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'Hi'}}");
    event(
        "messageStop",
        "{'stopReason':'stop_sequence','additionalModelResponseFields':{'stop_sequence':'|'}}");
    byte[] body = frames.take();

    ChatReply reply =
        CloudExchanges.fold(CloudExchanges.events(BEDROCK, DIALECT, body, 5, new Losses()))
            .reply()
            .orElseThrow();

    assertThat(reply.stop().sequence()).contains("|");
    assertThat(reply.usage().isSaid()).isFalse();
  }

  @Test
  void anUnknownEventOrDeltaIsALoss() {
    event("messageStart", "{'role':'assistant'}");
    event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'hologram':'x'}}");
    event("somethingNew", "{'a':1}");
    event("messageStop", "{'stopReason':'end_turn'}");
    byte[] body = frames.take();
    var losses = new Losses();

    CloudExchanges.events(BEDROCK, DIALECT, body, body.length, losses);

    assertThat(losses.kept())
        .extracting(Losses.Loss::path)
        .containsExactly("delta.hologram", "somethingNew");
  }

  private void whole() {
    event("messageStart", "{'role':'assistant','p':'abc'}");
    delta(0, "{'reasoningContent':{'text':'Let me'}}");
    delta(0, "{'reasoningContent':{'text':' see'}}");
    delta(0, "{'reasoningContent':{'signature':'c2ln'}}");
    event("contentBlockStop", "{'contentBlockIndex':0}");
    delta(1, "{'reasoningContent':{'redactedContent':'AAE='}}");
    delta(1, "{'reasoningContent':{'redactedContent':'AgM='}}");
    event("contentBlockStop", "{'contentBlockIndex':1}");
    delta(2, "{'text':'It is'}");
    delta(2, "{'text':' sunny'}");
    delta(
        2,
        "{'citation':{'title':'w','sourceContent':[{'text':'sun'}],'location':{'web':{'url':'https://w.test'}}}}");
    event("contentBlockStop", "{'contentBlockIndex':2}");
    start(3, "{'toolUse':{'toolUseId':'t1','name':'weather'}}");
    delta(3, "{'toolUse':{'input':''}}");
    delta(3, "{'toolUse':{'input':'{\\'city\\':'}}");
    delta(3, "{'toolUse':{'input':'\\'Paris\\'}'}}");
    event("contentBlockStop", "{'contentBlockIndex':3}");
    start(4, "{'toolUse':{'toolUseId':'t2','name':'time'}}");
    event("contentBlockStop", "{'contentBlockIndex':4}");
    start(
        5,
        "{'toolUse':{'toolUseId':'s1','name':'nova_code_interpreter','type':'server_tool_use'}}");
    delta(5, "{'toolUse':{'input':'{\\'snippet\\':\\'1\\'}'}}");
    event("contentBlockStop", "{'contentBlockIndex':5}");
    start(6, "{'toolResult':{'toolUseId':'s1','type':'nova','status':'success'}}");
    delta(6, "{'toolResult':[{'json':{'out':'1'}}]}");
    event("contentBlockStop", "{'contentBlockIndex':6}");
    event("messageStop", "{'stopReason':'tool_use'}");
    event(
        "metadata",
        "{'usage':{'inputTokens':5,'outputTokens':7,'totalTokens':112,'cacheReadInputTokens':80,"
            + "'cacheWriteInputTokens':20,'cacheDetails':[{'ttl':'1h','inputTokens':15}]},"
            + "'metrics':{'latencyMs':5},'serviceTier':{'type':'flex'}}");
  }

  private void start(int index, String start) {
    event("contentBlockStart", "{'contentBlockIndex':" + index + ",'start':" + start + "}");
  }

  private void delta(int index, String delta) {
    event("contentBlockDelta", "{'contentBlockIndex':" + index + ",'delta':" + delta + "}");
  }

  private void event(String type, String payload) {
    AwsEventWriter.event(type, CloudExchanges.json(payload), frames);
  }

  private Failure broken() {
    byte[] body = frames.take();
    return CloudExchanges.fold(
            CloudExchanges.events(BEDROCK, DIALECT, body, body.length, new Losses()))
        .failure()
        .orElseThrow();
  }
}
