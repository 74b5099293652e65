package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What callers get wrong: one clear error in their own protocol, and others are served on. */
class BadInputTest {
  static final String OK =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":"
          + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";

  private static ScriptedVendor vendor;
  private static House house;

  /** One of the four protocols as a caller meets it. */
  enum Form {
    CHAT("/v1/chat/completions", "Authorization: Bearer caller-key-1"),
    RESPONSES("/v1/responses", "Authorization: Bearer caller-key-1"),
    MESSAGES("/v1/messages", "x-api-key: caller-key-1"),
    GEMINI("/v1beta/models/assistant:generateContent", "x-goog-api-key: caller-key-1");

    final String path;
    final String key;

    Form(String path, String key) {
      this.path = path;
      this.key = key;
    }

    String good() {
      return switch (this) {
        case CHAT ->
            "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        case RESPONSES -> "{\"model\":\"assistant\",\"input\":\"x\"}";
        case MESSAGES ->
            "{\"model\":\"assistant\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        case GEMINI -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}";
      };
    }

    /** Checks that this is an error as this protocol has it, and returns its message. */
    String message(Raw.Reply reply) {
      JsonNode error = Json.parse(reply.body());
      JsonNode inner = error.path("error");
      assertThat(inner.path("message").asString("")).as(reply.body()).isNotBlank();
      switch (this) {
        case CHAT, RESPONSES -> assertThat(inner.path("type").isString()).isTrue();
        case MESSAGES -> {
          assertThat(error.path("type").asString("")).isEqualTo("error");
          assertThat(inner.path("type").isString()).isTrue();
        }
        case GEMINI -> {
          assertThat(inner.path("code").asInt(0)).isEqualTo(reply.status());
          assertThat(inner.path("status").asString("")).matches("[A-Z_]+");
        }
      }
      return inner.path("message").asString("");
    }
  }

  @BeforeAll
  static void open() throws IOException {
    vendor = new ScriptedVendor(json(200, OK));
    house =
        new House(
            new Callers(Map.of("team", "caller-key-1")),
            List.of(House.route("assistant", "openai/gpt-5.1")),
            House.vendor("openai", vendor.port(), ProtocolName.OPENAI_CHAT));
  }

  @AfterAll
  static void shut() {
    house.close();
    vendor.close();
  }

  static Stream<Arguments> bodiesThatAreNoRequests() {
    return Stream.of(
            "",
            " ",
            "{",
            "{\"model\":\"assistant\"",
            "{\"model\":\"assistant\",}",
            "[]",
            "5",
            "null",
            "\"text\"",
            "{\"model\":\"assistant\"} trailing",
            "{\"model\":\"assistant\"}{}",
            "{\"model\":\"assistant\",\"model\":\"other\"}",
            "{\"model\":\"assistant\",\"mod\\u0065l\":\"other\"}",
            "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"c\\u006fntent\":\"b\"}]}",
            "{\"model\":\"assistant\",\"x\":NaN}",
            "{\"model\":\"assistant\",\"x\":-Infinity}",
            "{\"model\":\"assistant\",\"x\":01}",
            "{\"model\":\"assistant\",\"x\":\"\u0001\"}",
            "{\"model\":\"assistant\",\"x\":\"\\x\"}",
            "{'model':'assistant'}",
            "{\"model\":\"assistant\",/* */\"x\":1}",
            "{\"model\":\"assistant\",\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
            "{\"model\":\"assistant\",\"x\":" + "{\"a\":".repeat(300) + "1" + "}".repeat(300) + "}")
        .flatMap(body -> Stream.of(Form.values()).map(form -> Arguments.of(form, body)));
  }

  @ParameterizedTest(name = "{0} {index}")
  @MethodSource("bodiesThatAreNoRequests")
  void aBodyThatIsNoRequestIsRefusedAndTheConnectionServesOn(Form form, String body)
      throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      Raw.Reply refused = caller.send(Raw.post(form.path, body, form.key)).reply();

      assertThat(refused.status()).as(refused.body()).isEqualTo(400);
      assertThat(form.message(refused)).doesNotContain("Exception");
      assertThat(caller.send(Raw.post(form.path, form.good(), form.key)).reply().status())
          .isEqualTo(200);
    }
  }

  static Stream<Arguments> wrongTypes() {
    return Stream.of(
        Arguments.of(Form.CHAT, "{\"model\":5,\"messages\":[]}"),
        Arguments.of(Form.CHAT, "{\"model\":null,\"messages\":[]}"),
        Arguments.of(Form.CHAT, "{\"messages\":[]}"),
        // Some vendors take these for true: what comes then is no answer to what was asked.
        Arguments.of(
            Form.CHAT,
            "{\"model\":\"assistant\",\"stream\":\"true\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
        Arguments.of(
            Form.CHAT,
            "{\"model\":\"assistant\",\"stream\":1,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
        Arguments.of(Form.RESPONSES, "{\"model\":[\"assistant\"],\"input\":\"x\"}"),
        Arguments.of(Form.RESPONSES, "{\"model\":\"assistant\",\"input\":5}"),
        Arguments.of(
            Form.RESPONSES, "{\"model\":\"assistant\",\"input\":\"x\",\"stream\":\"yes\"}"),
        Arguments.of(Form.RESPONSES, "{\"model\":\"assistant\",\"input\":[{\"role\":5}]}"),
        Arguments.of(
            Form.MESSAGES, "{\"model\":\"assistant\",\"max_tokens\":1,\"messages\":\"x\"}"),
        Arguments.of(
            Form.MESSAGES,
            "{\"model\":\"assistant\",\"max_tokens\":\"many\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"),
        Arguments.of(Form.MESSAGES, "{\"model\":\"assistant\",\"messages\":[5]}"),
        Arguments.of(Form.GEMINI, "{\"contents\":5}"),
        Arguments.of(Form.GEMINI, "{\"contents\":[{\"parts\":\"x\"}]}"),
        Arguments.of(Form.GEMINI, "{\"contents\":[{\"parts\":[5]}]}"));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("wrongTypes")
  void aValueOfTheWrongTypeIsNamed(Form form, String body) throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      Raw.Reply refused = caller.send(Raw.post(form.path, body, form.key)).reply();

      assertThat(refused.status()).as(refused.body()).isEqualTo(400);
      form.message(refused);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void aMissingOrWrongKeyIsRefusedInTheFormOfTheProtocol(Form form) throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      for (String header :
          new String[] {
            "x-none: 1",
            form.key + "x",
            "Authorization: Basic dXNlcjpjYWxsZXIta2V5LTE=",
            "Cookie: key=caller-key-1"
          }) {
        Raw.Reply refused = caller.send(Raw.post(form.path, form.good(), header)).reply();

        assertThat(refused.status()).as(header).isEqualTo(401);
        assertThat(form.message(refused)).contains("key").doesNotContain("caller-key-1");
      }
    }
  }

  static Stream<Form> forms() {
    return Stream.of(Form.values());
  }

  @Test
  void aKeyInTheAddressIsTakenWhereGooglesOwnLibrariesPutItAndNowhereElse() throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      assertThat(
              caller
                  .send(Raw.post(Form.GEMINI.path + "?key=caller-key-1", Form.GEMINI.good()))
                  .reply()
                  .status())
          .isEqualTo(200);
      assertThat(
              caller
                  .send(Raw.post(Form.CHAT.path + "?key=caller-key-1", Form.CHAT.good()))
                  .reply()
                  .status())
          .isEqualTo(401);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void anUnknownModelIsAnsweredWithNearNames(Form form) throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      String body = form.good().replace("assistant", "asistant");
      String path = form.path.replace("assistant", "asistant");

      Raw.Reply refused = caller.send(Raw.post(path, body, form.key)).reply();

      assertThat(refused.status()).isEqualTo(404);
      assertThat(form.message(refused)).contains("did you mean assistant");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void aBodyOverTheLimitIsRefusedHoweverItComes(Form form) throws IOException {
    String path = form.path;
    String length = "POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(path, form.key);
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(length + "Content-Length: 9000000\r\n\r\n{");
      Raw.Reply refused = caller.reply();
      assertThat(refused.status()).isEqualTo(413);
      form.message(refused);
      assertThat(caller.rest()).isEmpty();
    }
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(length + "Expect: 100-continue\r\nContent-Length: 9000000\r\n\r\n");
      assertThat(caller.reply().status()).isEqualTo(413);
    }
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(length + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThat(caller.reply().status()).isEqualTo(100);
      String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
      for (int i = 0; i < 17; i++) {
        caller.send(chunk);
      }
      assertThat(caller.reply().status()).isEqualTo(413);
    }
  }

  @Test
  void aWrongKeyIsToldBeforeTheBodyIsAskedFor() throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(
          "POST /v1/messages HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99\r\n\r\n");

      assertThat(caller.reply().status()).isEqualTo(401);
    }
  }

  @Test
  void headsThatAreTooLargeAreRefused() throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(
          Raw.post(Form.MESSAGES.path, "{}", Form.MESSAGES.key, "x-long: " + "a".repeat(33_000)));
      Raw.Reply refused = caller.reply();
      assertThat(refused.status()).isEqualTo(431);
      Form.MESSAGES.message(refused);
      assertThat(caller.rest()).isEmpty();
    }
    try (var caller = new Raw(house.gateway.port())) {
      caller.send("GET /v1/" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(caller.reply().status()).isEqualTo(414);
    }
  }

  @Test
  void pathsAndMethodsThatAreNotThereAreSaidToBe() throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      caller.send(Raw.post("/v2/nothing", "{}", Form.CHAT.key));
      assertThat(caller.reply().status()).isEqualTo(404);
      caller.send("GET /v1/messages HTTP/1.1\r\nHost: x\r\n" + Form.MESSAGES.key + "\r\n\r\n");
      Raw.Reply refused = caller.reply();
      assertThat(refused.status()).isEqualTo(405);
      assertThat(refused.has("allow: post")).isTrue();
      Form.MESSAGES.message(refused);
      caller.send("DELETE /v1beta/models/a HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(caller.reply().status()).isEqualTo(405);
      caller.send(Raw.post("/v1/messages/../../etc/passwd", "{}"));
      assertThat(caller.reply().status()).isEqualTo(404);
      caller.send(Raw.post(Form.CHAT.path, Form.CHAT.good(), Form.CHAT.key));
      assertThat(caller.reply().status()).isEqualTo(200);
    }
  }

  @Test
  void whatAVendorKeepsIsNotAskedOfAVendorThatKeepsNothing() throws IOException {
    try (var caller = new Raw(house.gateway.port())) {
      for (String state :
          new String[] {
            "\"previous_response_id\":\"resp_1\",\"input\":\"x\"",
            "\"conversation\":{\"id\":\"conv_1\"},\"input\":\"x\"",
            "\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_1\"}]"
          }) {
        Raw.Reply refused =
            caller
                .send(
                    Raw.post(
                        Form.RESPONSES.path,
                        "{\"model\":\"assistant\"," + state + "}",
                        Form.RESPONSES.key))
                .reply();

        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(Form.RESPONSES.message(refused)).contains("openai/gpt-5.1 keeps nothing");
      }
    }
  }
}
