package dev.understudy.gateway;

import dev.understudy.routing.RouteTarget;
import dev.understudy.routing.Target;
import dev.understudy.routing.Vitals;
import dev.understudy.vendor.BodyPieces;
import dev.understudy.vendor.Endpoint;
import dev.understudy.vendor.Operation;
import dev.understudy.vendor.Vendor;
import dev.understudy.vendor.VendorRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request to a vendor that only asks whether it is there; its answer's head tells. */
final class Look implements Sending.Sender {
  /** What takes longer than this is as good as gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Candidate candidate;
  private final LoopState loop;
  private final CompletableFuture<Boolean> there = new CompletableFuture<>();
  private @Nullable Upstream upstream;

  Look(Vendor vendor, Target target, Vitals vitals, LoopState loop) {
    this.loop = loop;
    this.candidate =
        new Candidate(
            RouteTarget.of(target),
            vendor,
            vendor.endpoint(target.model()),
            vendor.credentials().getFirst(),
            Operation.CHAT,
            vendor.probe().orElse("/"),
            true,
            vitals,
            false);
  }

  /** Asks, and waits for the answer; not to be called on an event loop. */
  boolean isThere() throws InterruptedException {
    Endpoint endpoint = candidate.endpoint();
    var request =
        new VendorRequest(
            "GET",
            endpoint.authority(),
            candidate.path(),
            new LinkedHashMap<>(endpoint.headers()),
            new BodyPieces());
    loop.loop().execute(() -> new Sending(candidate, request, loop, this).start());
    try {
      return there.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } finally {
      loop.loop().execute(this::stop);
    }
  }

  private void stop() {
    there.complete(false);
    Upstream connection = upstream;
    upstream = null;
    if (connection != null) {
      connection.abandon();
    }
  }

  @Override
  public boolean isWanted() {
    return !there.isDone();
  }

  @Override
  public void sent(Upstream connection) {
    upstream = connection;
  }

  @Override
  public void unsent(String reason) {
    there.complete(false);
  }

  @Override
  public void head(ResponseHead head) {
    int status = head.status();
    // A refusal of this request, or of this key, comes from somebody who is there.
    there.complete(status < 500 && status != 408 && status != 429);
  }

  @Override
  public void body(byte[] bytes, int offset, int length) {
    // The head has told.
  }

  @Override
  public void end() {
    upstream = null;
  }

  @Override
  public void readComplete() {
    // Nobody waits for what was read.
  }

  @Override
  public void failed(String reason, boolean neverAnswered, boolean allSent) {
    upstream = null;
    there.complete(false);
  }

  @Override
  public void fault(RuntimeException cause) {
    upstream = null;
    there.complete(false);
  }
}
