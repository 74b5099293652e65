package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.access.Digest;
import dev.understudy.vendor.Secret;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DoorkeeperTest {
  private final Doorkeeper guarded = Doorkeeper.withToken(new Secret("s3cret"));

  @Test
  void aTokenThatIsKnownByItsDigestOpensTheDoorAsLongAsItIsTheOne() {
    var digest = new AtomicReference<>(Optional.of(Digest.of("s3cret")));
    Doorkeeper keeper = Doorkeeper.withDigest(digest::get);

    assertThat(keeper.refusal(visit("Bearer s3cret"))).isEmpty();
    assertThat(keeper.refusal(visit("Bearer s3cre"))).isPresent();
    digest.set(Optional.of(Digest.of("another")));
    assertThat(keeper.refusal(visit("Bearer s3cret"))).isPresent();
    assertThat(keeper.refusal(visit("Bearer another"))).isEmpty();
    digest.set(Optional.empty());
    assertThat(keeper.refusal(visit("Bearer another"))).isPresent();
    assertThat(keeper.refusal(visit("Bearer "))).isPresent();
  }

  @Test
  void whoShowsTheTokenIsLetIn() {
    assertThat(guarded.refusal(visit("Bearer s3cret"))).isEmpty();
    assertThat(guarded.refusal(visit("bearer  s3cret "))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer s3cre",
        "Bearer s3crets",
        "Basic s3cret",
        "s3cret"
      })
  void nothingElseOpensTheDoor(String authorization) {
    assertThat(guarded.refusal(visit(authorization))).map(Doorkeeper.Refusal::status).contains(401);
  }

  @Test
  void anEmptyTokenIsNoToken() {
    assertThatThrownBy(() -> Doorkeeper.withToken(new Secret("")))
        .hasMessage("the admin token is empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "http://evil.example  | -",
        "http://localhost:80  | -",
        "null                 | -",
        "-                    | cross-site",
        "-                    | same-site",
        "http://localhost     | cross-site"
      })
  void aPageOfAnotherSiteIsNotLetInEvenWithTheToken(String origin, String fetchSite) {
    assertThat(guarded.refusal(asked("GET", origin, fetchSite, "")))
        .contains(new Doorkeeper.Refusal(403, "web pages of other sites are not let in"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "http://localhost   | -",
        "https://localhost  | same-origin",
        "https://proxied.at | same-origin",
        "-                  | none"
      })
  void aPageOfItsOwnIs(String origin, String fetchSite) {
    assertThat(guarded.refusal(asked("POST", origin, fetchSite, "application/json"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/plain; charset=utf-8",
        "application/x-www-form-urlencoded",
        "Multipart/Form-Data; boundary=x"
      })
  void whatAFormCanSendChangesNothing(String type) {
    assertThat(guarded.refusal(asked("POST", null, null, type)))
        .map(Doorkeeper.Refusal::status)
        .contains(415);
    assertThat(guarded.refusal(asked("GET", null, null, type))).isEmpty();
  }

  private static Doorkeeper.Visit visit(String authorization) {
    return new Doorkeeper.Visit("GET", "localhost", authorization, "", "", "");
  }

  private static Doorkeeper.Visit asked(
      String method, String origin, String fetchSite, String type) {
    return new Doorkeeper.Visit(
        method,
        "localhost",
        "Bearer s3cret",
        origin == null ? "" : origin,
        fetchSite == null ? "" : fetchSite,
        type);
  }
}
