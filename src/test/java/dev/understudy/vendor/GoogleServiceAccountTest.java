package dev.understudy.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class GoogleServiceAccountTest {
  private static final KeyPair PAIR = pair();

  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private final List<String> forms = new ArrayList<>();
  private String answer =
      "{\"access_token\":\"ya29.first\",\"expires_in\":3599,\"token_type\":\"Bearer\"}";
  private boolean down;

  @Test
  void buysATokenWithASignedAssertion() throws Exception {
    var credential = credential(serviceAccount());
    assertThat(credential.isReady()).isFalse();

    credential.prepare();

    assertThat(credential.isReady()).isTrue();
    assertThat(authorization(credential)).isEqualTo("Bearer ya29.first");
    Map<String, String> form = form(forms.getFirst());
    assertThat(form).containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    String[] jwt = String.valueOf(form.get("assertion")).split("\\.", -1);
    assertThat(Json.parse(Base64.getUrlDecoder().decode(jwt[0])))
        .isEqualTo(Json.parse("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"key-1\"}"));
    JsonNode claims = Json.parse(Base64.getUrlDecoder().decode(jwt[1]));
    assertThat(claims.get("iss").stringValue()).isEqualTo("robot@example.iam.test");
    assertThat(claims.get("aud").stringValue()).isEqualTo("https://oauth2.example.test/token");
    assertThat(claims.get("exp").longValue() - claims.get("iat").longValue()).isEqualTo(3600);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(PAIR.getPublic());
    signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(jwt[2]))).isTrue();
  }

  @Test
  void keepsATokenUntilFiveMinutesBeforeItsEnd() throws Exception {
    var credential = credential(serviceAccount());
    credential.prepare();

    now = now.plusSeconds(3599 - 301);
    assertThat(credential.isReady()).isTrue();
    now = now.plusSeconds(2);
    assertThat(credential.isReady()).isFalse();
    answer = "{\"access_token\":\"ya29.second\",\"expires_in\":3599}";
    credential.prepare();

    assertThat(authorization(credential)).isEqualTo("Bearer ya29.second");
    assertThat(forms).hasSize(2);
  }

  @Test
  void livesOnWithTheOldTokenWhileTheServerIsDown() throws Exception {
    var credential = credential(serviceAccount());
    credential.prepare();
    now = now.plusSeconds(3400);
    down = true;

    credential.prepare();

    assertThat(credential.isReady()).isTrue();
    assertThat(authorization(credential)).isEqualTo("Bearer ya29.first");
    now = now.plusSeconds(300);
    assertThat(credential.isReady()).isFalse();
    assertThatThrownBy(credential::prepare).isInstanceOf(IOException.class);
  }

  @Test
  void threadsShareOneExchange() throws Exception {
    var credential = credential(serviceAccount());
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  credential.prepare();
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(forms).hasSize(1);
  }

  @Test
  void takesAPersonsRefreshToken() throws Exception {
    var credential =
        credential(
            """
            {"type":"authorized_user","client_id":"id","client_secret":"s+1","refresh_token":"1//r"}
            """);

    credential.prepare();

    assertThat(form(forms.getFirst()))
        .isEqualTo(
            Map.of(
                "grant_type", "refresh_token",
                "client_id", "id",
                "client_secret", "s+1",
                "refresh_token", "1//r"));
  }

  @Test
  void errorsNeverHoldTheKey() {
    assertThatThrownBy(() ->
            credential(
                """
                {"type":"service_account","client_email":"a","private_key":"-----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----"}
                """))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContaining("private_key")
        .hasMessageNotContaining("c2VjcmV0");
    assertThatThrownBy(
            () -> credential("{\"type\":\"service_account\",\"private_key\":\"geheim\"}"))
        .hasMessageContaining("client_email")
        .hasMessageNotContaining("geheim");
    assertThatThrownBy(() -> credential("{\"type\":\"other\",\"secret\":\"geheim\"}"))
        .hasMessageContaining("service_account")
        .hasMessageNotContaining("geheim");
    assertThatThrownBy(() -> credential("not json: geheim")).hasMessageNotContaining("geheim");
  }

  @Test
  void showsNoSecret() throws Exception {
    var credential = credential(serviceAccount());
    credential.prepare();

    assertThat(credential.toString()).isEqualTo("GoogleServiceAccount[vertex]");
    assertThat(GoogleGrant.read(serviceAccount().getBytes(StandardCharsets.UTF_8)).toString())
        .isEqualTo("ServiceAccount[robot@example.iam.test]");
  }

  @Test
  void refusesAnAnswerWithoutAToken() {
    var credential = credential(serviceAccount());
    answer = "{\"error\":\"invalid_grant\"}";

    assertThatThrownBy(credential::prepare)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("access_token");
  }

  private GoogleServiceAccount credential(String keyFile) {
    return new GoogleServiceAccount(
        "vertex", keyFile.getBytes(StandardCharsets.UTF_8), this::post, () -> now);
  }

  private String post(URI uri, String form) throws IOException {
    if (down) {
      throw new IOException("down");
    }
    forms.add(form);
    return answer;
  }

  private static String serviceAccount() {
    String key =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(PAIR.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    return Json.text(
        Json.object()
            .put("type", "service_account")
            .put("client_email", "robot@example.iam.test")
            .put("private_key_id", "key-1")
            .put("private_key", key)
            .put("token_uri", "https://oauth2.example.test/token"));
  }

  private static String authorization(Credential credential) {
    var request = VendorRequest.post("h", "/", Map.of(), new byte[0]);
    credential.sign(request);
    return String.valueOf(request.headers().get("authorization"));
  }

  private static Map<String, String> form(String form) {
    var fields = new HashMap<String, String>();
    for (String field : form.split("&", -1)) {
      String[] pair = field.split("=", 2);
      fields.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return fields;
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
