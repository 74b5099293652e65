package dev.understudy.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.vendor.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages in docs/reference say what the program says. */
final class ReferencePagesTest {
  private static final String REMEDY =
      "print it again with: ./mvnw test -Dtest=ReferencePagesTest -Dunderstudy.print=true";

  @ParameterizedTest
  @ValueSource(
      strings = {"settings.md", "settings.schema.json", "contracts.schema.json", "vendors.md"})
  void pageSaysWhatTheProgramSays(String name) throws IOException {
    String printed =
        Map.of(
                "settings.md", SettingsPage.settings(),
                "settings.schema.json", SettingsSchema.text(),
                "contracts.schema.json", SettingsSchema.contracts(),
                "vendors.md", SettingsPage.vendors(Catalogue.load()))
            .get(name);
    Path page = Path.of("docs/reference", name);
    if (Boolean.getBoolean("understudy.print")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, printed);
    }

    assertThat(page).as(REMEDY).exists();
    assertThat(Files.readString(page)).as(REMEDY).isEqualTo(printed);
  }
}
