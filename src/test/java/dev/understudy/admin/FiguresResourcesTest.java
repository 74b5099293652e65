package dev.understudy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.json.Json;
import dev.understudy.money.Currencies;
import dev.understudy.settlement.figures.BurnDown;
import dev.understudy.settlement.figures.CapacityUse;
import dev.understudy.settlement.figures.Figure;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresResourcesTest {
  private final List<String> asked = new ArrayList<>();

  private final FiguresResources.Source source =
      new FiguresResources.Source() {
        @Override
        public List<Figure> figures(Instant from, Instant until, String by) throws IOException {
          asked.add(from + " " + until + " " + by);
          if (by.equals("broken")) {
            throw new IOException("the database is away");
          }
          if (by.equals("colour")) {
            throw new IllegalArgumentException("unknown \"colour\"");
          }
          return List.of(
              new Figure(
                  List.of("openai"),
                  Currencies.USD,
                  BigDecimal.TEN,
                  BigDecimal.ONE,
                  new BigDecimal("0.1"),
                  new BigDecimal("0.2"),
                  BigDecimal.ZERO,
                  Optional.empty()));
        }

        @Override
        public List<BurnDown> commitments(Instant now) {
          return List.of();
        }

        @Override
        public List<CapacityUse> capacity(Instant from, Instant until) {
          return List.of();
        }
      };

  private Reply answer(int resource, String query) {
    return new FiguresResources(source, () -> Instant.parse("2026-11-15T10:00:00Z"))
        .resources()
        .get(resource)
        .action()
        .answer(new AdminRequest(Map.of(), query, Map.of(), new byte[0], "admin"));
  }

  private static String text(Reply reply) {
    return reply.body() instanceof Reply.Body.Whole(byte[] bytes)
        ? new String(bytes, StandardCharsets.UTF_8)
        : "";
  }

  @Test
  void figuresOfASpanWithItsLastDay() {
    Reply reply = answer(0, "by=vendor&from=2026-10-01&to=2026-10-31");

    assertThat(asked).containsExactly("2026-10-01T00:00:00Z 2026-11-01T00:00:00Z vendor");
    assertThat(Json.parse(text(reply)).path("figures").get(0).path("against_list").stringValue())
        .isEqualTo("0.5");
    assertThat(text(answer(0, "by=vendor&format=csv"))).startsWith("vendor,currency,");
    assertThat(asked.getLast()).isEqualTo("2026-11-01T00:00:00Z 2026-11-16T00:00:00Z vendor");
    assertThat(text(answer(1, ""))).isEqualTo("{\"commitments\":[],\"capacity\":[]}");
  }

  @Test
  void whatCannotBeAnsweredIsRefusedWithItsReason() {
    assertThatThrownBy(() -> answer(0, "by=colour")).hasMessageContaining("unknown \"colour\"");
    assertThatThrownBy(() -> answer(0, "from=October")).hasMessageContaining("2026-10-31");
    assertThatThrownBy(() -> answer(0, "format=xml")).hasMessageContaining("json or csv");
    assertThatThrownBy(() -> answer(0, "by=broken")).hasMessageContaining("database is away");
  }
}
