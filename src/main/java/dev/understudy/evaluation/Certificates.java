package dev.understudy.evaluation;

import dev.understudy.json.Json;
import dev.understudy.json.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signs certificates and verifies them, in the envelope that in-toto and sigstore use (DSSE v1):
 * the payload's very bytes are signed, together with their type.
 */
public final class Certificates {
  /** A certificate's file in the folder of its run. */
  public static final String FILE = "certificate.json";

  static final String TYPE = "application/vnd.understudy.certificate+json";

  private static final long BYTES_MAX = 1 << 20;

  /** Runs that are looked through, the newest first. */
  private static final int RUNS_MAX = 1_000;

  private Certificates() {}

  /** What came of verifying. */
  public sealed interface Checked {
    /** It is as somebody trusted signed it. */
    record Valid(Certificate certificate) implements Checked {}

    /** It is not, for a reason fit for a person. */
    record Refused(String why) implements Checked {}
  }

  /**
   * What a certificate must show.
   *
   * @param suite the name of the suite, or its hash; empty for any
   * @param ageMax how long ago it may have been issued
   * @param sandbox whether answers of vendors in a box will do, since they serve here, too
   */
  public record Demand(
      String candidate,
      String incumbent,
      Optional<String> suite,
      Duration ageMax,
      boolean sandbox) {}

  /** Signs. */
  public static String issue(Certificate certificate, SigningKey key) {
    byte[] payload = Json.bytes(certificate.json());
    ObjectNode envelope = Json.object();
    envelope.put("payloadType", TYPE).put("payload", Base64.getEncoder().encodeToString(payload));
    envelope
        .putArray("signatures")
        .addObject()
        .put("keyid", keyId(key.open()))
        .put("sig", Base64.getEncoder().encodeToString(key.sign(signed(payload))));
    return envelope.toPrettyString() + "\n";
  }

  /** The beginning of a public key's hash: tells keys apart, and proves nothing. */
  public static String keyId(PublicKey key) {
    return Certificate.hash(Base64.getEncoder().encodeToString(key.getEncoded())).substring(0, 16);
  }

  /** The pre-authentication encoding of DSSE. */
  private static byte[] signed(byte[] payload) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        "DSSEv1 %d %s %d "
            .formatted(TYPE.length(), TYPE, payload.length)
            .getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(payload);
    return out.toByteArray();
  }

  /** Verifies that one of the keys signed it, and reads it. */
  public static Checked verify(String text, List<PublicKey> trusted) {
    try {
      JsonNode envelope = Json.parse(text);
      if (!envelope.path("payloadType").asString("").equals(TYPE)) {
        return new Checked.Refused("this is no certificate of a qualification");
      }
      byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asString(""));
      byte[] signed = signed(payload);
      for (JsonNode signature : envelope.path("signatures")) {
        byte[] bytes = Base64.getDecoder().decode(signature.path("sig").asString(""));
        if (trusted.stream().anyMatch(key -> SigningKey.verifies(key, signed, bytes))) {
          return new Checked.Valid(Certificate.of(Json.parse(payload)));
        }
      }
      return new Checked.Refused("no key that is trusted here signed it as it stands");
    } catch (Malformed e) {
      return new Checked.Refused("this is no JSON: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return new Checked.Refused("this is no certificate: " + e.getMessage());
    }
  }

  /** Why a certificate does not show what is demanded; empty if it does. */
  public static Optional<String> objection(Certificate certificate, Demand demand, Instant now) {
    if (!certificate.verdict().equals("qualified")) {
      return Optional.of("its verdict is " + certificate.verdict());
    }
    if (!certificate.candidate().equals(demand.candidate())
        || !certificate.incumbent().equals(demand.incumbent())) {
      return Optional.of(
          "it is about %s in the place of %s"
              .formatted(certificate.candidate(), certificate.incumbent()));
    }
    if (demand.suite().isPresent()
        && !demand.suite().get().equals(certificate.suite())
        && !demand.suite().get().equals(certificate.suiteHash())) {
      return Optional.of("it is of another suite, " + certificate.suite());
    }
    if (certificate.sandbox() && !demand.sandbox()) {
      return Optional.of("its answers are the sandbox's, in the place of the vendors named");
    }
    if (certificate.suiteHash().contains(Suite.FIRST)) {
      return Optional.of(
          "it is of a part of the suite, the"
              + certificate.suiteHash().substring(certificate.suiteHash().indexOf(Suite.FIRST)));
    }
    Duration age = Duration.between(certificate.at(), now);
    if (age.compareTo(demand.ageMax()) > 0) {
      return Optional.of(
          "it is of %s, more than %d days old"
              .formatted(certificate.at(), demand.ageMax().toDays()));
    }
    return age.isNegative() && age.abs().toHours() > 1
        ? Optional.of("it is of a time to come, " + certificate.at())
        : Optional.empty();
  }

  /**
   * Looks for a certificate that shows what is demanded among the runs of a folder.
   *
   * @param folder {@code qualify} in the data folder
   * @return why there is none; empty if there is one
   */
  public static Optional<String> objection(Path folder, Demand demand, Instant now)
      throws IOException {
    List<PublicKey> trusted = SigningKey.trusted(folder);
    Optional<String> nearest = Optional.empty();
    Optional<Certificate> shows = Optional.empty();
    var rejected = new ArrayList<Certificate>();
    for (Path file : files(folder)) {
      Optional<String> objection =
          switch (verify(Files.readString(file), trusted)) {
            case Checked.Valid(Certificate certificate) -> {
              Optional<String> why = objection(certificate, demand, now);
              if (why.isEmpty()
                  && shows.filter(s -> !s.at().isBefore(certificate.at())).isEmpty()) {
                shows = Optional.of(certificate);
              }
              if (isRejection(certificate, demand)) {
                rejected.add(certificate);
              }
              yield why;
            }
            case Checked.Refused(String why) -> Optional.of(why);
          };
      if (objection.isPresent()
          && (nearest.isEmpty() || objection.get().startsWith("its verdict"))) {
        nearest = Optional.of("%s: %s".formatted(file, objection.get()));
      }
    }
    if (shows.isPresent()) {
      // Who asks again until chance is kind is told what came of the last time.
      Instant shown = shows.get().at();
      Optional<Certificate> later =
          rejected.stream().filter(r -> r.at().isAfter(shown)).findFirst();
      if (later.isEmpty()) {
        return Optional.empty();
      }
      nearest =
          Optional.of(
              "run %s qualified it, and run %s rejected it after that"
                  .formatted(shows.get().run(), later.get().run()));
    }
    return Optional.of(
        "no certificate shows that %s may take the place of %s%s"
            .formatted(
                demand.candidate(),
                demand.incumbent(),
                nearest.map(why -> " (" + why + ")").orElse("")));
  }

  /** Whether it says of the same pair, by the same demands, that the candidate is worse. */
  private static boolean isRejection(Certificate certificate, Demand demand) {
    return certificate.verdict().equals("rejected")
        && certificate.candidate().equals(demand.candidate())
        && certificate.incumbent().equals(demand.incumbent())
        && (!certificate.sandbox() || demand.sandbox())
        && demand
            .suite()
            .map(s -> s.equals(certificate.suite()) || s.equals(certificate.suiteHash()))
            .orElse(true);
  }

  /** The certificates of a folder's runs, the newest first. */
  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var files = new ArrayList<Path>();
    try (Stream<Path> below = Files.list(folder)) {
      for (Path run :
          below
              .filter(Files::isDirectory)
              .sorted(Comparator.reverseOrder())
              .limit(RUNS_MAX)
              .toList()) {
        Path file = run.resolve(FILE);
        if (Files.exists(file) && Files.size(file) <= BYTES_MAX) {
          files.add(file);
        }
      }
    }
    return files;
  }
}
