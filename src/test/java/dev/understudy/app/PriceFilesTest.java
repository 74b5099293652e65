package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.pricing.PriceBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PriceFilesTest {
  @TempDir private Path data;

  private Path book(String file, String name) throws IOException {
    return Files.writeString(
        data.resolve(file),
        """
        book: %s
        kind: negotiated
        currency: USD
        sources: {page: {where: "an example", checked: 2026-11-01, mark: witness}}
        unpriced: {input: 10, output: 50, unit: 1}
        vendors:
          mai:
            source: page
            models:
              mai-1:
                prices: [{from: 2025-01-01, tokens: {input.text: 3, output.text: 15}}]
        """
            .formatted(name));
  }

  @Test
  void booksOfOnesOwnComeBeforeTheListThatIsShipped() throws Exception {
    var files = new PriceFiles(List.of(book("ours.yaml", "ours")), data);
    assertThat(files.read().books()).extracting(PriceBook::name).startsWith("ours").hasSize(2);
  }

  @Test
  void twoFilesThatAreOneBookAreBothNamed() throws Exception {
    Path first = book("first.yaml", "ours");
    Path second = book("second.yaml", "ours");
    assertThatThrownBy(() -> new PriceFiles(List.of(first, second), data).read())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "%s and %s are both price book ours; each needs a name of its own", first, second);
  }

  @Test
  void aBookThatIsNamedAndTheUpdatedListTooIsSaidToBeThat() throws Exception {
    Path updated = book(PriceFiles.UPDATED, "ours");
    assertThatThrownBy(() -> new PriceFiles(List.of(updated), data).read())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(updated.toString())
        .hasMessageEndingWith("is read in any case, as the list that was updated");
  }
}
