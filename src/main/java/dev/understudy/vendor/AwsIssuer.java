package dev.understudy.vendor;

import dev.understudy.json.Fields;
import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Who issues AWS keys of limited life: a service of this machine or its link, or one of AWS. */
public sealed interface AwsIssuer
    permits AwsIssuer.Container, AwsIssuer.Machine, AwsRole, AwsSignOn {
  /** How long keys are used whose end is not told. */
  Duration LIFE = Duration.ofMinutes(15);

  /** Keys, and when they end. */
  record Issued(AwsKeys keys, Instant expiry) {}

  /**
   * Asks for keys; blocks.
   *
   * @throws IOException with a message fit for an operator, without a word of what was answered
   */
  Issued issue(TokenExchange exchange, Instant now) throws IOException, InterruptedException;

  /**
   * What the environment of a container or machine points to; empty if it is neither.
   *
   * @param isMachine whether this is a machine of AWS, where its metadata service is to be had
   * @throws IllegalArgumentException if an address is none, or one beyond this machine's link
   */
  static Optional<AwsIssuer> of(Map<String, String> environment, boolean isMachine) {
    String relative = environment.getOrDefault("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "");
    String full = environment.getOrDefault("AWS_CONTAINER_CREDENTIALS_FULL_URI", "");
    if (!relative.isEmpty()) {
      return Optional.of(
          container(
              "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
              "http://169.254.170.2" + relative,
              environment));
    }
    if (!full.isEmpty()) {
      return Optional.of(container("AWS_CONTAINER_CREDENTIALS_FULL_URI", full, environment));
    }
    String named = environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "");
    String off = environment.getOrDefault("AWS_EC2_METADATA_DISABLED", "");
    if (off.equalsIgnoreCase("true") || (named.isEmpty() && !isMachine)) {
      return Optional.empty();
    }
    String base = named.isEmpty() ? "http://169.254.169.254" : named.replaceAll("/+$", "");
    return Optional.of(new Machine(local("AWS_EC2_METADATA_SERVICE_ENDPOINT", base)));
  }

  private static AwsIssuer container(
      String variable, String address, Map<String, String> environment) {
    String file = environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "");
    String token = environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN", "");
    return new Container(
        local(variable, address),
        file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)),
        token.isEmpty() ? Optional.empty() : Optional.of(new Secret(token)));
  }

  private static URI local(String variable, String address) {
    try {
      URI uri = URI.create(address);
      if (LocalAddress.isLocal(uri)) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // It may hold a secret: not quoted.
    }
    throw new IllegalArgumentException(
        variable
            + " must be an address of this machine or its link, such as http://169.254.170.2/");
  }

  /**
   * The agent of a container's host, in ECS and EKS
   * (docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
   *
   * @param tokenFile read anew each time, for it is replaced; goes before {@code token}
   */
  record Container(URI address, Optional<Path> tokenFile, Optional<Secret> token)
      implements AwsIssuer {
    /** Tokens are far shorter. */
    private static final long TOKEN_BYTES_MAX = 1 << 16;

    @Override
    public Issued issue(TokenExchange exchange, Instant now)
        throws IOException, InterruptedException {
      Optional<String> shown = shown();
      Map<String, String> headers =
          shown.map(token -> Map.of("authorization", token)).orElse(Map.of());
      return AwsIssuer.read(exchange.local("GET", address, headers), now);
    }

    private Optional<String> shown() throws IOException {
      if (tokenFile.isEmpty()) {
        return token.map(Secret::reveal);
      }
      try {
        if (Files.size(tokenFile.get()) > TOKEN_BYTES_MAX) {
          throw new IOException("too large");
        }
        return Optional.of(AwsIssuer.plain(Files.readString(tokenFile.get()).strip()));
      } catch (IOException e) {
        throw new IOException(
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names no file that can be read");
      }
    }

    @Override
    public String toString() {
      return "Container[…]";
    }
  }

  /**
   * The metadata service of a machine of EC2, second version: a token first, then the role's keys
   * (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html).
   */
  record Machine(URI base) implements AwsIssuer {
    private static final String ROLES = "/latest/meta-data/iam/security-credentials/";

    @Override
    public Issued issue(TokenExchange exchange, Instant now)
        throws IOException, InterruptedException {
      // A minute is enough for the two questions that follow.
      String token =
          exchange.local(
              "PUT",
              URI.create(base + "/latest/api/token"),
              Map.of("x-aws-ec2-metadata-token-ttl-seconds", "60"));
      var headers = Map.of("x-aws-ec2-metadata-token", AwsIssuer.plain(token.strip()));
      String role =
          exchange.local("GET", URI.create(base + ROLES), headers).strip().split("\\s", 2)[0];
      if (!role.matches("[\\w+=,.@-]{1,128}")) {
        throw new IOException("this machine has no role of AWS, or one whose name is none");
      }
      return AwsIssuer.read(exchange.local("GET", URI.create(base + ROLES + role), headers), now);
    }
  }

  /** A token that can stand in a header. */
  static String plain(String token) throws IOException {
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= 0x20 || c >= 0x7F)) {
      throw new IOException("a token of AWS's service cannot stand in a header");
    }
    return token;
  }

  private static Issued read(String answer, Instant now) throws IOException {
    try {
      Fields fields = Fields.of(Json.parseObject(answer));
      var keys =
          new AwsKeys(
              fields.requiredText("AccessKeyId"),
              new Secret(fields.requiredText("SecretAccessKey")),
              fields.text("Token").filter(token -> !token.isEmpty()).map(Secret::new));
      Optional<String> end = fields.text("Expiration");
      return new Issued(keys, end.isPresent() ? Instant.parse(end.get()) : now.plus(LIFE));
    } catch (Malformed | DateTimeException | IllegalArgumentException e) {
      throw new IOException("the answer of AWS's service holds no keys that can be used");
    }
  }
}
