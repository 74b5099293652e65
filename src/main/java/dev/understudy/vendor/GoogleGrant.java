package dev.understudy.vendor;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What a Google key file entitles to ask a token server for. */
sealed interface GoogleGrant {
  /** Tokens for all that the account may do in Google Cloud. */
  String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  /** Google lets an assertion live for an hour at most, in seconds. */
  int ASSERTION_SECONDS = 3600;

  URI tokenUri();

  /** The form to post, good for use at once. */
  String form(Instant now);

  /**
   * A service account's key signs an assertion
   * (developers.google.com/identity/protocols/oauth2/service-account, RFC 7523).
   */
  record ServiceAccount(String email, Optional<String> keyId, PrivateKey key, URI tokenUri)
      implements GoogleGrant {

    @Override
    public String form(Instant now) {
      return "grant_type="
          + encode("urn:ietf:params:oauth:grant-type:jwt-bearer")
          + "&assertion="
          + encode(assertion(now));
    }

    private String assertion(Instant now) {
      ObjectNode header = Json.object().put("alg", "RS256").put("typ", "JWT");
      keyId.ifPresent(id -> header.put("kid", id));
      ObjectNode claims =
          Json.object()
              .put("iss", email)
              .put("scope", SCOPE)
              .put("aud", tokenUri.toString())
              .put("iat", now.getEpochSecond())
              .put("exp", now.getEpochSecond() + ASSERTION_SECONDS);
      String signed = base64(Json.bytes(header)) + "." + base64(Json.bytes(claims));
      try {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
      } catch (GeneralSecurityException e) {
        // The cause may quote the key.
        throw new IllegalStateException("the service account's key cannot sign");
      }
    }

    @Override
    public String toString() {
      return "ServiceAccount[" + email + "]";
    }
  }

  /** A person's refresh token, as {@code gcloud auth application-default login} leaves it. */
  record RefreshToken(String clientId, Secret clientSecret, Secret refreshToken, URI tokenUri)
      implements GoogleGrant {

    @Override
    public String form(Instant now) {
      return "grant_type=refresh_token&client_id="
          + encode(clientId)
          + "&client_secret="
          + encode(clientSecret.reveal())
          + "&refresh_token="
          + encode(refreshToken.reveal());
    }
  }

  /**
   * Reads a key file of type {@code service_account} or {@code authorized_user}.
   *
   * @throws IllegalArgumentException if it is neither, without a word of what it holds
   */
  static GoogleGrant read(byte[] keyFile) {
    try {
      Fields file = Fields.of(Json.parseObject(keyFile));
      URI tokenUri = tokenUri(file.text("token_uri").orElse("https://oauth2.googleapis.com/token"));
      return switch (file.text("type").orElse("")) {
        case "service_account" ->
            new ServiceAccount(
                file.requiredText("client_email"),
                file.text("private_key_id"),
                privateKey(file.requiredText("private_key")),
                tokenUri);
        case "authorized_user" ->
            new RefreshToken(
                file.requiredText("client_id"),
                new Secret(file.requiredText("client_secret")),
                new Secret(file.requiredText("refresh_token")),
                tokenUri);
        default ->
            throw new IllegalArgumentException(
                "the Google key file is neither of type service_account nor authorized_user");
      };
    } catch (Malformed e) {
      throw new IllegalArgumentException(
          "the Google key file is not what it must be"
              + (e.path().isEmpty() ? "" : ": " + e.path() + " is missing or of another kind"));
    }
  }

  private static URI tokenUri(String text) {
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the Google key file's token_uri is no address");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("https") || scheme.equals("http")) || uri.getHost() == null) {
      throw new IllegalArgumentException("the Google key file's token_uri is no https address");
    }
    return uri;
  }

  private static PrivateKey privateKey(String pem) {
    String base64 =
        pem.replace("-----BEGIN PRIVATE KEY-----", "")
            .replace("-----END PRIVATE KEY-----", "")
            .replaceAll("\\s", "");
    try {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // Neither is passed on: their messages may quote the key.
      throw new IllegalArgumentException(
          "the Google key file's private_key is no RSA key in PKCS #8");
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
