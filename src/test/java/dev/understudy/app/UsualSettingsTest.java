package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.app.settings.BadSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsualSettingsTest {
  @TempDir private Path folder;

  /** Many programs empty a file before they write it. */
  @Test
  void aFileThatIsEmptyOrGoneWhileTheGatewayRunsIsBeingWritten() throws Exception {
    Path file = folder.resolve("u.yaml");
    Files.writeString(file, "routes: {a: {serve: openai/m}}\nvendors: {openai: {key: a-key}}\n");
    assertThat(UsualSettings.again(Optional.of(file), Map.of()).plan().routes()).hasSize(1);

    Files.writeString(file, "");
    assertThatThrownBy(() -> UsualSettings.again(Optional.of(file), Map.of()))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("is empty");
    Files.delete(file);
    assertThatThrownBy(() -> UsualSettings.again(Optional.of(file), Map.of()))
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void anEmptyFileIsGoodEnoughToBeginWith() throws Exception {
    Path file = Files.createFile(folder.resolve("u.yaml"));

    assertThat(UsualSettings.read(Optional.of(file), Map.of()).plan().routes()).isEmpty();
  }
}
