package dev.understudy.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

final class RateKeeperTest {
  private long nanos;

  @Test
  void letsThroughWhatALimitAllowsAndNoMore() {
    var keeper = new RateKeeper(() -> nanos);
    keeper.set(RateLimit.requests(60).withLeft(5));
    int passed = 0;
    for (int tick = 0; tick < 6_000; tick++) {
      nanos += 10_000_000;
      passed += keeper.pass(1).retryMillis() == 0 ? 1 : 0;
    }
    assertThat(passed).as("three there were, and one a second").isBetween(62, 63);
    assertThat(keeper.taken()).isEqualTo(passed);
  }

  @Test
  void saysHowLongToWaitForWhatIsNeeded() {
    var keeper = new RateKeeper(() -> nanos);
    keeper.set(RateLimit.tokens(6_000).withLeft(0));

    long wait = keeper.pass(100).retryMillis();

    assertThat(wait).isEqualTo(1_000);
    nanos += wait * 1_000_000;
    assertThat(keeper.pass(100).retryMillis()).isZero();
  }

  @Test
  void aLimitedVendorSaysWhatIsLeftAndRefusesWhatIsMore() throws Exception {
    try (var vendor = SandboxServer.start("openai");
        var client = HttpClient.newHttpClient()) {
      vendor.limit(new RateLimit(60, 0, 0, 5));

      HttpResponse<String> first = ask(client, vendor);
      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(first.headers().firstValue("x-ratelimit-limit-requests")).hasValue("60");
      assertThat(first.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("2");
      HttpResponse<String> refused = ask(client, vendor);
      while (refused.statusCode() == 200) {
        refused = ask(client, vendor);
      }
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
      assertThat(refused.headers().firstValue("x-ratelimit-remaining-requests")).hasValue("0");
      assertThat(vendor.turnedAwayCount()).isEqualTo(1);
    }
  }

  @Test
  void aProvisionedDeploymentSaysHowMuchIsInUse() throws Exception {
    try (var vendor = SandboxServer.start("openai");
        var client = HttpClient.newHttpClient()) {
      vendor.limit(RateLimit.provisioned(1_000).withLeft(50));

      HttpResponse<String> reply = ask(client, vendor);

      assertThat(reply.headers().firstValue("azure-openai-deployment-utilization").orElse(""))
          .matches("[1-9]\\d\\.\\d%");
      assertThat(reply.headers().firstValue("x-ratelimit-remaining-requests")).isEmpty();
    }
  }

  private static HttpResponse<String> ask(HttpClient client, SandboxServer vendor)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(vendor.url() + "/chat/completions"))
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"gpt-5.1\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
