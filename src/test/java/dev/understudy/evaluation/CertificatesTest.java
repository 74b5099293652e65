package dev.understudy.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.evaluation.Certificates.Checked;
import dev.understudy.evaluation.Certificates.Demand;
import dev.understudy.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What a certificate shows, and to whom. */
final class CertificatesTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path folder;

  private static Certificate certificate(String verdict) {
    return new Certificate(
        "r1",
        NOW.minus(Duration.ofDays(3)),
        "support",
        "ab12",
        "mai/mai-1",
        "openai/gpt-5.1",
        "{}",
        "cd34",
        verdict,
        "it is not worse at all",
        500,
        0.01,
        -0.012,
        0.03,
        false,
        List.of());
  }

  private static Demand demand(String suite, int days) {
    return new Demand(
        "mai/mai-1",
        "openai/gpt-5.1",
        suite.isEmpty() ? Optional.empty() : Optional.of(suite),
        Duration.ofDays(days),
        false);
  }

  @Test
  void whatWasSignedIsReadAndWhatWasChangedIsNot() throws IOException {
    SigningKey key = SigningKey.in(folder);
    String text = Certificates.issue(certificate("undecided"), key);

    assertThat(Certificates.verify(text, SigningKey.trusted(folder)))
        .isEqualTo(new Checked.Valid(certificate("undecided")));
    ObjectNode forged = Json.parseObject(text);
    String payload =
        new String(Base64.getDecoder().decode(forged.get("payload").asString()))
            .replace("undecided", "qualified");
    forged.put("payload", Base64.getEncoder().encodeToString(payload.getBytes()));
    assertThat(Certificates.verify(Json.text(forged), SigningKey.trusted(folder)))
        .isEqualTo(new Checked.Refused("no key that is trusted here signed it as it stands"));
    for (String nonsense : List.of("", "{}", "[]", "{\"payloadType\":1}", text.substring(0, 99))) {
      assertThat(Certificates.verify(nonsense, SigningKey.trusted(folder)))
          .isInstanceOf(Checked.Refused.class);
    }
  }

  @Test
  void theKeyIsMadeOnceAndForItsOwnerAlone() throws IOException {
    SigningKey first = SigningKey.in(folder);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve(SigningKey.PRIVATE))))
        .isEqualTo("rw-------");
    assertThat(SigningKey.in(folder).open()).isEqualTo(first.open());

    Files.setPosixFilePermissions(
        folder.resolve(SigningKey.PRIVATE), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> SigningKey.in(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("may be read by others");
  }

  @Test
  void anothersCertificateCountsOnceItsKeyIsTrusted() throws IOException {
    SigningKey other = SigningKey.in(folder.resolve("other"));
    String text = Certificates.issue(certificate("qualified"), other);
    Path mine = folder.resolve("mine");
    SigningKey.in(mine);

    assertThat(Certificates.verify(text, SigningKey.trusted(mine)))
        .isInstanceOf(Checked.Refused.class);
    Files.createDirectories(mine.resolve(SigningKey.TRUSTED));
    Files.copy(
        folder.resolve("other").resolve(SigningKey.PUBLIC),
        mine.resolve(SigningKey.TRUSTED).resolve("ci.pem"));
    assertThat(Certificates.verify(text, SigningKey.trusted(mine)))
        .isInstanceOf(Checked.Valid.class);
  }

  @Test
  void aRolloutHearsWhyACertificateDoesNotDo() throws IOException {
    SigningKey key = SigningKey.in(folder);
    assertThat(Certificates.objection(folder, demand("", 30), NOW).orElseThrow())
        .isEqualTo("no certificate shows that mai/mai-1 may take the place of openai/gpt-5.1");
    write("r1", certificate("undecided"), key);
    assertThat(Certificates.objection(folder, demand("", 30), NOW).orElseThrow())
        .contains("its verdict is undecided");
    write("r2", certificate("qualified"), key);
    assertThat(Certificates.objection(folder, demand("", 30), NOW)).isEmpty();
    assertThat(Certificates.objection(folder, demand("ab12", 30), NOW)).isEmpty();
    assertThat(Certificates.objection(folder, demand("support", 30), NOW)).isEmpty();
    assertThat(Certificates.objection(folder, demand("another", 30), NOW)).isPresent();
    assertThat(Certificates.objection(folder, demand("", 2), NOW)).isPresent();
    assertThat(
            Certificates.objection(
                certificate("qualified"),
                new Demand(
                    "mai/mai-2", "openai/gpt-5.1", Optional.empty(), Duration.ofDays(9), false),
                NOW))
        .contains("it is about mai/mai-1 in the place of openai/gpt-5.1");
  }

  private void write(String run, Certificate certificate, SigningKey key) throws IOException {
    Files.createDirectories(folder.resolve(run));
    Files.writeString(
        folder.resolve(run).resolve(Certificates.FILE), Certificates.issue(certificate, key));
  }

  private static Certificate of(
      String run, String verdict, int daysAgo, String hash, boolean sandbox) {
    Certificate usual = certificate(verdict);
    return new Certificate(
        run,
        NOW.minus(Duration.ofDays(daysAgo)),
        usual.suite(),
        hash,
        usual.candidate(),
        usual.incumbent(),
        usual.parameters(),
        usual.outcomesHash(),
        verdict,
        usual.why(),
        usual.pairs(),
        usual.difference(),
        usual.lower(),
        usual.upper(),
        sandbox,
        List.of());
  }

  @Test
  void whatTheSandboxAnsweredShowsNothingOfTheVendorsNamed() throws IOException {
    write("r1", of("r1", "qualified", 3, "ab12", true), SigningKey.in(folder));

    assertThat(Certificates.objection(folder, demand("support", 30), NOW).orElseThrow())
        .contains("its answers are the sandbox's, in the place of the vendors named");
    var inTheBox =
        new Demand(
            "mai/mai-1", "openai/gpt-5.1", Optional.of("support"), Duration.ofDays(30), true);
    assertThat(Certificates.objection(folder, inTheBox, NOW)).isEmpty();
  }

  @Test
  void aPartOfASuiteIsNotTheSuite() throws IOException {
    write("r1", of("r1", "qualified", 3, "ab12 first 60", false), SigningKey.in(folder));

    assertThat(Certificates.objection(folder, demand("support", 30), NOW).orElseThrow())
        .contains("it is of a part of the suite, the first 60");
  }

  @Test
  void aLaterRejectionTakesACertificateItsWorth() throws IOException {
    SigningKey key = SigningKey.in(folder);
    write("z-renamed", of("r1", "qualified", 5, "ab12", false), key);
    write("r0", of("r0", "rejected", 9, "ab12", false), key);
    assertThat(Certificates.objection(folder, demand("support", 30), NOW)).isEmpty();

    write("r2", of("r2", "rejected", 2, "ab12", false), key);

    assertThat(Certificates.objection(folder, demand("support", 30), NOW).orElseThrow())
        .contains("run r1 qualified it, and run r2 rejected it after that");
    write("r3", of("r3", "undecided", 1, "ab12", false), key);
    assertThat(Certificates.objection(folder, demand("support", 30), NOW)).isPresent();
    write("r4", of("r4", "qualified", 1, "ab12", false), key);
    assertThat(Certificates.objection(folder, demand("support", 30), NOW)).isEmpty();
  }
}
