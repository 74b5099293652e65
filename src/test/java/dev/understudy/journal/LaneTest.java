package dev.understudy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LaneTest {
  @TempDir private Path folder;
  private final List<String> told = new ArrayList<>();
  private boolean fails;

  private void disk(Segment segment) {
    if (fails) {
      throw new UncheckedIOException(new IOException("the disk fails"));
    }
    segment.sync();
  }

  private void append(Lane lane, String id) throws IOException {
    lane.append(Calls.usual(id, Instant.EPOCH), () -> told.add(id));
  }

  @Test
  void whoWaitsForADiskThatFailsIsToldWhenItHasTheCallAfterAll() throws Exception {
    try (Segments segments = Segments.open(folder, 4_096, 1 << 20)) {
      var lane = new Lane(segments, () -> null, this::disk);
      fails = true;
      for (int i = 0; i < 10; i++) {
        append(lane, "a" + i); // several files
      }
      assertThatThrownBy(lane::sync).hasMessageContaining("the disk fails");
      assertThat(told).isEmpty();
      assertThat(lane.isDirty()).isTrue();

      append(lane, "b");
      fails = false;
      lane.sync();
      assertThat(told).hasSize(11).startsWith("a0").endsWith("b");
      assertThat(lane.isDirty()).isFalse();
      lane.close();
    }
  }

  @Test
  void aCallerWhoIsGoneKeepsNobodyWaiting() throws Exception {
    try (Segments segments = Segments.open(folder, 4_096, 1 << 20)) {
      var lane = new Lane(segments, () -> null, this::disk);
      lane.append(
          Calls.usual("gone", Instant.EPOCH),
          () -> {
            throw new RejectedExecutionException("its loop is closed");
          });
      append(lane, "there");
      lane.sync();
      assertThat(told).containsExactly("there");
      lane.close();
    }
  }
}
