package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.vendor.Vendor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** No key is in anything that anybody reads, however a call fails. */
class SecretsTest {
  private static final String VENDORS = "sk-vendor-secret";
  private static final String CALLERS = "callers-own-secret";

  @Test
  void noKeyIsInAReplyARecordOrALogHoweverACallFails() throws Exception {
    var heard = new StringBuffer();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            heard.append(record.getMessage()).append(record.getThrown());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("").addHandler(handler);
    PrintStream out = System.out;
    PrintStream err = System.err;
    var printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    List<ScriptedVendor.Script> faults =
        List.of(
            echo(401),
            echo(400),
            echo(500),
            (seen, socket, o) ->
                o.write(
                    ScriptedVendor.response(
                        401,
                        "application/json",
                        "{}",
                        "www-authenticate: Bearer sk-vendor-secret",
                        "authorization: Bearer sk-vendor-secret")),
            (seen, socket, o) -> socket.close(),
            (seen, socket, o) ->
                o.write("sk-vendor-secret\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
            (seen, socket, o) ->
                o.write(ScriptedVendor.response(200, "application/json", "{\"sk-vendor-")),
            (seen, socket, o) -> o.write(ScriptedVendor.response(200, "text/html", "<p>")));
    try (var vendor = new ScriptedVendor(faults.getFirst())) {
      Vendor[] vendors = {
        House.vendor("chat", vendor.port(), ProtocolName.OPENAI_CHAT),
        House.vendor("responses", vendor.port(), ProtocolName.OPENAI_RESPONSES),
        House.vendor("messages", vendor.port(), ProtocolName.ANTHROPIC_MESSAGES),
        House.vendor("gemini", vendor.port(), ProtocolName.GEMINI)
      };
      for (Vendor one : vendors) {
        heard.append(one).append(one.credentials()).append(one.endpoints());
      }
      var callers = new Callers(Map.of("team", CALLERS));
      heard.append(callers).append(callers.names());
      try (var house = new House(callers, List.of(), vendors)) {
        for (ScriptedVendor.Script fault : faults) {
          vendor.script(fault);
          for (String to : new String[] {"chat", "responses", "messages", "gemini"}) {
            for (boolean stream : new boolean[] {false, true}) {
              var reply =
                  house.post(
                      "/v1/chat/completions",
                      "{\"model\":\"%s/m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                          .formatted(to, stream),
                      "authorization",
                      "Bearer " + CALLERS);
              assertThat(reply.statusCode()).isGreaterThanOrEqualTo(200);
              heard.append(reply.headers().map()).append(reply.body()).append(house.exchange());
            }
          }
        }
        heard.append(
            house.post("/v1/messages?key=" + CALLERS, "{", "x-api-key", CALLERS + "x").body());
        heard.append(house.get("/nowhere/?key=" + CALLERS).body());
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
      Logger.getLogger("").removeHandler(handler);
    }

    assertThat(heard + printed.toString(StandardCharsets.UTF_8))
        .contains("withheld")
        .doesNotContain(VENDORS)
        .doesNotContain(CALLERS);
  }

  /** Servers of a careless make quote the request that they refuse. */
  private static ScriptedVendor.Script echo(int status) {
    return (seen, socket, out) ->
        out.write(
            ScriptedVendor.response(
                status,
                "application/json",
                "{\"error\":{\"message\":\"bad key %s\",\"type\":\"x\"}}"
                    .formatted(seen.headers().get("authorization"))));
  }
}
