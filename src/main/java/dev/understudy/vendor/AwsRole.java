package dev.understudy.vendor;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * AWS's token service, which lets somebody be a role for a while
 * (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
 *
 * @param service without a path
 * @param session a name for AWS's own log
 * @param proof who asks
 */
public record AwsRole(URI service, String region, String arn, String session, Proof proof)
    implements AwsIssuer {

  /** What shows that one may be the role. */
  public sealed interface Proof {
    /** Keys of one's own. */
    record Signature(AwsCredentials keys, Optional<String> externalId) implements Proof {}

    /** A token of somebody whom the role trusts, in a file, which is replaced. */
    record TokenFile(Path file) implements Proof {}
  }

  private static final long TOKEN_BYTES_MAX = 1 << 16;

  public AwsRole {
    if (!arn.matches("arn:aws[\\w-]*:iam::\\d{12}:role/[\\w+=,.@/-]+")) {
      throw new IllegalArgumentException(
          "a role of AWS is written arn:aws:iam::123456789012:role/name");
    }
    if (!session.matches("[\\w+=,.@-]{2,64}")) {
      throw new IllegalArgumentException(
          "the session name of an AWS role is 2 to 64 letters, digits and =,.@-");
    }
  }

  /** A role that trusts a token in a file, as containers of EKS have. */
  public static AwsRole byTokenFile(String region, String arn, String session, Path file) {
    return new AwsRole(service(region), region, arn, session, new Proof.TokenFile(file));
  }

  /** Where the service is in a region. */
  static URI service(String region) {
    String suffix = region.startsWith("cn-") ? ".cn" : "";
    return URI.create("https://sts." + region + ".amazonaws.com" + suffix);
  }

  @Override
  public Issued issue(TokenExchange exchange, Instant now)
      throws IOException, InterruptedException {
    var form = new LinkedHashMap<String, String>();
    form.put("Version", "2011-06-15");
    form.put("RoleArn", arn);
    form.put("RoleSessionName", session);
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    String body;
    switch (proof) {
      case Proof.TokenFile(Path file) -> {
        form.put("Action", "AssumeRoleWithWebIdentity");
        form.put("WebIdentityToken", token(file));
        body = written(form);
      }
      case Proof.Signature(AwsCredentials keys, Optional<String> externalId) -> {
        form.put("Action", "AssumeRole");
        externalId.ifPresent(id -> form.put("ExternalId", id));
        body = written(form);
        var signing = new AwsSigV4("role", keys, region, "sts", () -> now);
        signing.prepare();
        var request =
            VendorRequest.post(
                service.getAuthority(), "/", headers, body.getBytes(StandardCharsets.UTF_8));
        signing.sign(request);
        headers.putAll(request.headers());
      }
    }
    return read(exchange.ask("POST", service.resolve("/"), headers, body));
  }

  private static String token(Path file) throws IOException {
    try {
      if (Files.size(file) <= TOKEN_BYTES_MAX) {
        return Files.readString(file).strip();
      }
    } catch (IOException e) {
      // Said below, without the path.
    }
    throw new IOException("the file of the web identity token cannot be read");
  }

  private static String written(Map<String, String> form) {
    var body = new StringBuilder();
    form.forEach((name, value) ->
        body.append(body.isEmpty() ? "" : "&")
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return body.toString();
  }

  /** Four flat elements of an XML document, none of which can hold a character that is escaped. */
  private static Issued read(String answer) throws IOException {
    try {
      return new Issued(
          new AwsKeys(
              element(answer, "AccessKeyId"),
              new Secret(element(answer, "SecretAccessKey")),
              Optional.of(new Secret(element(answer, "SessionToken")))),
          Instant.parse(element(answer, "Expiration")));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new IOException("the answer of AWS's token service holds no keys that can be used");
    }
  }

  private static String element(String answer, String name) {
    Matcher found =
        Pattern.compile("<" + name + ">\\s*([^<&]+?)\\s*</" + name + ">").matcher(answer);
    if (!found.find()) {
      throw new IllegalArgumentException(name);
    }
    return found.group(1);
  }
}
