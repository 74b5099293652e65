package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.vendor.Secret;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DoorkeeperTest {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("10.1.2.3");

  private final Doorkeeper open = Doorkeeper.loopbackOnly();
  private final Doorkeeper guarded = Doorkeeper.withToken(new Secret("s3cret"));

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:8081", "127.0.0.1:8081", "127.8.8.8", "[::1]:80", ""})
  void withoutATokenThisMachineIsLetIn(String host) {
    assertThat(open.refusal(visit(HERE, host, ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8081",
        "localhost:8081@evil",
        "[::2]"
      })
  void aPageWhoseNameWasMadeToPointHereIsNot(String host) {
    assertThat(open.refusal(visit(HERE, host, ""))).map(Doorkeeper.Refusal::status).contains(403);
  }

  @Test
  void withoutATokenNobodyElseIsLetIn() {
    assertThat(open.refusal(visit(ELSEWHERE, "localhost", "Bearer s3cret")))
        .map(Doorkeeper.Refusal::status)
        .contains(403);
  }

  @Test
  void whoShowsTheTokenIsLetInFromWherever() {
    assertThat(guarded.refusal(visit(ELSEWHERE, "admin.example", "Bearer s3cret"))).isEmpty();
    assertThat(guarded.refusal(visit(HERE, "localhost", "bearer  s3cret "))).isEmpty();
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
  void nothingElseOpensAGuardedDoorNotEvenFromThisMachine(String authorization) {
    assertThat(guarded.refusal(visit(HERE, "localhost", authorization)))
        .map(Doorkeeper.Refusal::status)
        .contains(401);
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
  void aPageOfAnotherSiteIsNotLetInTokenOrNot(String origin, String fetchSite) {
    for (Doorkeeper keeper : List.of(open, guarded)) {
      assertThat(keeper.refusal(asked("GET", origin, fetchSite, "")))
          .contains(new Doorkeeper.Refusal(403, "web pages of other sites are not let in"));
    }
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

  private static Doorkeeper.Visit visit(InetAddress peer, String host, String authorization) {
    return new Doorkeeper.Visit("GET", peer, host, authorization, "", "", "");
  }

  private static Doorkeeper.Visit asked(
      String method, String origin, String fetchSite, String type) {
    return new Doorkeeper.Visit(
        method,
        HERE,
        "localhost",
        "Bearer s3cret",
        origin == null ? "" : origin,
        fetchSite == null ? "" : fetchSite,
        type);
  }
}
