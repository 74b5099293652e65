package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.vendor.Secret;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    assertThat(open.refusal(HERE, host, "")).isEmpty();
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
    assertThat(open.refusal(HERE, host, "")).map(Doorkeeper.Refusal::status).contains(403);
  }

  @Test
  void withoutATokenNobodyElseIsLetIn() {
    assertThat(open.refusal(ELSEWHERE, "localhost", "Bearer s3cret"))
        .map(Doorkeeper.Refusal::status)
        .contains(403);
  }

  @Test
  void whoShowsTheTokenIsLetInFromWherever() {
    assertThat(guarded.refusal(ELSEWHERE, "admin.example", "Bearer s3cret")).isEmpty();
    assertThat(guarded.refusal(HERE, "localhost", "bearer  s3cret ")).isEmpty();
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
    assertThat(guarded.refusal(HERE, "localhost", authorization))
        .map(Doorkeeper.Refusal::status)
        .contains(401);
  }

  @Test
  void anEmptyTokenIsNoToken() {
    assertThatThrownBy(() -> Doorkeeper.withToken(new Secret("")))
        .hasMessage("the admin token is empty");
  }
}
