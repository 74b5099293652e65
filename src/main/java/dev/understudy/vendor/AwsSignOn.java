package dev.understudy.vendor;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * AWS's portal of a company, where a person signed on with {@code aws sso login}; the token that
 * left behind is read, and never renewed
 * (docs.aws.amazon.com/singlesignon/latest/PortalAPIReference).
 *
 * @param portal without a path
 * @param token the file of the token
 */
public record AwsSignOn(URI portal, Path token, String account, String role) implements AwsIssuer {
  private static final long TOKEN_BYTES_MAX = 1 << 16;
  private static final String REMEDY = "sign on again with aws sso login";

  /** Where the portal is in a region. */
  static URI portal(String region) {
    String suffix = region.startsWith("cn-") ? ".cn" : "";
    return URI.create("https://portal.sso." + region + ".amazonaws.com" + suffix);
  }

  /** The token's file, named by the session, or by the address where there is none. */
  static Path tokenFile(String home, String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1").digest(name.getBytes(StandardCharsets.UTF_8));
      return Path.of(home, ".aws", "sso", "cache", HexFormat.of().formatHex(digest) + ".json");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Issued issue(TokenExchange exchange, Instant now)
      throws IOException, InterruptedException {
    String asked =
        "/federation/credentials?role_name=%s&account_id=%s"
            .formatted(
                URLEncoder.encode(role, StandardCharsets.UTF_8),
                URLEncoder.encode(account, StandardCharsets.UTF_8));
    String answer =
        exchange.ask(
            "GET", portal.resolve(asked), Map.of("x-amz-sso_bearer_token", token(now)), "");
    try {
      Fields keys = Fields.of(Json.parseObject(answer)).object("roleCredentials").orElseThrow();
      return new Issued(
          new AwsKeys(
              keys.requiredText("accessKeyId"),
              new Secret(keys.requiredText("secretAccessKey")),
              Optional.of(new Secret(keys.requiredText("sessionToken")))),
          Instant.ofEpochMilli(keys.integer("expiration").orElseThrow()));
    } catch (Malformed | DateTimeException | IllegalArgumentException | NoSuchElementException e) {
      throw new IOException("the answer of AWS's portal holds no keys that can be used");
    }
  }

  private String token(Instant now) throws IOException {
    try {
      if (Files.size(token) > TOKEN_BYTES_MAX) {
        throw new IOException("too large");
      }
      Fields said = Fields.of(Json.parseObject(Files.readAllBytes(token)));
      if (!now.isBefore(Instant.parse(said.requiredText("expiresAt")))) {
        throw new IOException("what let one in at AWS's portal is over; " + REMEDY);
      }
      return AwsIssuer.plain(said.requiredText("accessToken"));
    } catch (Malformed | DateTimeException | NoSuchFileException e) {
      throw new IOException("nobody is signed on at AWS's portal; " + REMEDY);
    }
  }
}
