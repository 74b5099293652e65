package dev.understudy.vendor;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests the way AWS wants it, Signature Version 4
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * <p>Signed are the host, the content type, all {@code x-amz-} headers and the body. As for every
 * service but S3, the path, which is percent-encoded already, is encoded once more for the
 * signature.
 */
public final class AwsSigV4 implements Credential {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** A day's key, derived from one secret. */
  @SuppressWarnings("ArrayRecordComponent") // compared by day and owner only
  private record DayKey(String day, AwsKeys keys, byte[] key) {}

  private final String label;
  private final AwsCredentials credentials;
  private final String region;
  private final String service;
  private final InstantSource clock;
  private volatile @Nullable DayKey dayKey;

  /**
   * @param region such as {@code us-east-1}
   * @param service such as {@code bedrock}
   */
  public AwsSigV4(
      String label,
      AwsCredentials credentials,
      String region,
      String service,
      InstantSource clock) {
    if (!region.matches("[a-z0-9-]{1,40}") || !service.matches("[a-z0-9-]{1,40}")) {
      throw new IllegalArgumentException(
          "unknown AWS region \"%s\"; such as us-east-1".formatted(region));
    }
    this.label = label;
    this.credentials = credentials;
    this.region = region;
    this.service = service;
    this.clock = clock;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean isReady() {
    return !credentials.isDue();
  }

  @Override
  public void prepare() {
    credentials.refresh();
  }

  @Override
  public void sign(VendorRequest request) {
    AwsKeys keys = credentials.keys();
    Instant now = clock.instant();
    String stamp = STAMP.format(now);
    String day = stamp.substring(0, 8);
    // A second attempt signs the same request again: what the first one added goes.
    request.headers().remove("authorization");
    request.headers().remove("x-amz-security-token");
    request.headers().put("x-amz-date", stamp);
    keys.sessionToken()
        .ifPresent(token -> request.headers().put("x-amz-security-token", token.reveal()));

    Map<String, String> signed = signedHeaders(request);
    String names = String.join(";", signed.keySet());
    String scope = String.join("/", day, region, service, "aws4_request");
    String canonical = canonicalRequest(request, signed, names);
    String toSign = String.join("\n", ALGORITHM, stamp, scope, hex(sha256(bytes(canonical))));
    String signature = hex(hmac(key(keys, day), toSign));
    request
        .headers()
        .put(
            "authorization",
            "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                .formatted(ALGORITHM, keys.accessKeyId(), scope, names, signature));
  }

  private static Map<String, String> signedHeaders(VendorRequest request) {
    var signed = new TreeMap<String, String>();
    signed.put("host", request.host());
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("content-type") || name.startsWith("x-amz-")) {
        signed.put(name, header.getValue().strip().replaceAll(" +", " "));
      }
    }
    return signed;
  }

  static String canonicalRequest(VendorRequest request, Map<String, String> signed, String names) {
    int question = request.pathAndQuery().indexOf('?');
    String path =
        question < 0 ? request.pathAndQuery() : request.pathAndQuery().substring(0, question);
    String query = question < 0 ? "" : request.pathAndQuery().substring(question + 1);
    var headers = new StringBuilder();
    signed.forEach((name, value) -> headers.append(name).append(':').append(value).append('\n'));
    return String.join(
        "\n",
        request.method(),
        encodeAgain(normal(path)),
        canonicalQuery(query),
        headers,
        names,
        hex(sha256(request.body().toByteArray())));
  }

  /** Without empty and dot segments, as every service but S3 wants it. */
  private static String normal(String path) {
    var segments = new ArrayDeque<String>();
    for (String segment : path.split("/", -1)) {
      if (segment.equals("..")) {
        segments.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    String joined = "/" + String.join("/", segments);
    return path.endsWith("/") && joined.length() > 1 ? joined + "/" : joined;
  }

  /** Percent-encodes everything but unreserved characters and slashes, percent signs included. */
  private static String encodeAgain(String path) {
    var out = new StringBuilder(path.length() + 16);
    for (byte b : bytes(path)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-_.~/".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  /** Parameters in order of their encoded names, then values; they are encoded already. */
  private static String canonicalQuery(String query) {
    if (query.isEmpty()) {
      return "";
    }
    List<String[]> parameters = new ArrayList<>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      parameters.add(
          equals < 0
              ? new String[] {parameter, ""}
              : new String[] {parameter.substring(0, equals), parameter.substring(equals + 1)});
    }
    parameters.sort((a, b) -> Arrays.compare(a, b));
    var sorted = new ArrayList<String>();
    parameters.forEach(p -> sorted.add(p[0] + "=" + p[1]));
    return String.join("&", Collections.unmodifiableList(sorted));
  }

  private byte[] key(AwsKeys keys, String day) {
    DayKey known = dayKey;
    if (known != null && known.day().equals(day) && known.keys().equals(keys)) {
      return known.key();
    }
    byte[] secret = bytes("AWS4" + keys.secretKey().reveal());
    byte[] key = hmac(hmac(hmac(hmac(secret, day), region), service), "aws4_request");
    Arrays.fill(secret, (byte) 0);
    dayKey = new DayKey(day, keys, key);
    return key;
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "AwsSigV4[" + label + ", " + region + "]";
  }
}
