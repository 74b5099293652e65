package dev.understudy.gateway;

import static dev.understudy.gateway.ScriptedVendor.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.access.Callers;
import dev.understudy.chat.ProtocolName;
import dev.understudy.json.Json;
import dev.understudy.vendor.AwsCredentials;
import dev.understudy.vendor.AwsSigV4;
import dev.understudy.vendor.Credential;
import dev.understudy.vendor.GoogleServiceAccount;
import dev.understudy.vendor.Vendor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
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
    String all =
        during(heard -> {
          try (var vendor = new ScriptedVendor(faults.getFirst())) {
            play(faults, vendor, heard);
          }
        });

    assertThat(all).contains("withheld").doesNotContain(VENDORS).doesNotContain(CALLERS);
  }

  private static void play(
      List<ScriptedVendor.Script> faults, ScriptedVendor vendor, StringBuffer heard)
      throws Exception {
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
  }

  private static final String AWS_SECRET = "wJalrXUtnFEMI-aws-own-secret";
  private static final String AWS_SESSION = "aws-session-own-secret";
  private static final String GOOGLE_TOKEN = "ya29.google-own-secret";

  @Test
  void noKeyOfACloudIsAnywhereEither() throws Exception {
    var rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    String pem =
        Base64.getMimeEncoder().encodeToString(rsa.generateKeyPair().getPrivate().getEncoded());
    ScriptedVendor.Script granted =
        json(200, "{\"access_token\":\"%s\",\"expires_in\":3600}".formatted(GOOGLE_TOKEN));
    var assertions = new ArrayList<String>();

    String all =
        during(heard -> {
          try (var vendor = new ScriptedVendor(echo(400));
              var tokens = new ScriptedVendor(echo(401))) {
            var aws =
                new AwsSigV4(
                    "aws",
                    AwsCredentials.environment(
                            Map.of(
                                "AWS_ACCESS_KEY_ID",
                                "AKIDTEST",
                                "AWS_SECRET_ACCESS_KEY",
                                AWS_SECRET,
                                "AWS_SESSION_TOKEN",
                                AWS_SESSION))
                        .orElseThrow(),
                    "us-east-1",
                    "bedrock",
                    InstantSource.system());
            var google =
                new GoogleServiceAccount(
                    "google",
                    keyFile(pem, tokens.port()),
                    new JdkTokenExchange(),
                    InstantSource.system());
            Vendor[] vendors = {letIn("aws", vendor, aws), letIn("google", vendor, google)};
            for (Vendor one : vendors) {
              heard.append(one).append(one.credentials()).append(one.endpoints());
            }
            try (var house = new House(Callers.NONE, List.of(), vendors)) {
              // First there is no token to be had, and the server quotes what it was asked with.
              call(house, "google", heard);
              tokens.seen.forEach(seen -> assertions.add(seen.body()));
              tokens.script(granted);
              for (var fault : List.of(echo(400), echo(401), echo(500), echo(200))) {
                vendor.script(fault);
                call(house, "aws", heard);
                call(house, "google", heard);
              }
            }
            assertThat(vendor.seen.toString()).contains(AWS_SESSION, GOOGLE_TOKEN);
          }
        });

    assertThat(assertions).isNotEmpty();
    assertThat(all)
        .contains("withheld", "token server")
        .doesNotContain(AWS_SECRET)
        .doesNotContain(AWS_SESSION)
        .doesNotContain(GOOGLE_TOKEN)
        .doesNotContain(pem.lines().skip(2).findFirst().orElseThrow())
        .doesNotContain(assertions.getFirst().substring(assertions.getFirst().length() - 40));
  }

  private static Vendor letIn(String name, ScriptedVendor vendor, Credential credential) {
    Vendor plain = House.vendor(name, vendor.port(), ProtocolName.OPENAI_CHAT);
    return new Vendor(
        name, plain.kind(), plain.endpoints(), List.of(credential), plain.timeouts(), List.of());
  }

  private static byte[] keyFile(String pem, int port) {
    return Json.bytes(
        Json.object()
            .put("type", "service_account")
            .put("client_email", "robot@example.iam.test")
            .put("private_key_id", "key-1")
            .put(
                "private_key",
                "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n")
            .put("token_uri", "http://127.0.0.1:" + port + "/token"));
  }

  private static void call(House house, String to, StringBuffer heard) throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      var reply =
          house.post(
              "/v1/chat/completions",
              "{\"model\":\"%s/m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                  .formatted(to, stream));
      heard.append(reply.headers().map()).append(reply.body()).append(house.exchange());
    }
  }

  /** What makes things happen, and writes down what it sees of them. */
  private interface Deed {
    void happen(StringBuffer heard) throws Exception;
  }

  /** All that is written, printed or logged meanwhile. */
  private static String during(Deed deed) throws Exception {
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
    try {
      deed.happen(heard);
    } finally {
      System.setOut(out);
      System.setErr(err);
      Logger.getLogger("").removeHandler(handler);
    }
    return heard + printed.toString(StandardCharsets.UTF_8);
  }

  /** Servers of a careless make quote the request that they refuse. */
  private static ScriptedVendor.Script echo(int status) {
    return (seen, socket, out) ->
        out.write(
            ScriptedVendor.response(
                status,
                "application/json",
                // Not the body of what succeeds: an answer's words are the vendor's own affair.
                status == 200
                    ? "{}"
                    : "{\"error\":{\"message\":\"bad key %s %s %s\",\"type\":\"x\"}}"
                        .formatted(
                            seen.headers().get("authorization"),
                            seen.headers().getOrDefault("x-amz-security-token", ""),
                            seen.line().contains("/token") ? seen.body() : "")));
  }
}
