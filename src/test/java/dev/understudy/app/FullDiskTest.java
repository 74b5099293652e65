package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full, where the system lets us make a small one. */
final class FullDiskTest {
  private static final String MOUNT = "mount -t tmpfs -o size=12m understudy ";

  @TempDir private Path folder;

  private record Ran(int code, String said) {
    long number(String name) {
      Matcher found = Pattern.compile(name + "=(\\d+)").matcher(said);
      assertThat(found.find()).as("%s in %s", name, said).isTrue();
      return Long.parseLong(found.group(1));
    }
  }

  private static Ran run(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(List.of("unshare", "-rm", "sh", "-c", script))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(180, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Ran(process.waitFor(), said);
  }

  private void assumeDisk() throws InterruptedException {
    boolean can;
    try {
      can = run(MOUNT + folder).code() == 0;
    } catch (IOException e) {
      can = false;
    }
    assumeTrue(can, "no small disk can be made here: unshare -rm and a tmpfs are not allowed");
  }

  @Test
  void callsGoOnWithoutAFaultAndWhatWasWrittenDownIsBookedOnceThereIsRoom() throws Exception {
    assumeDisk();
    Ran ran =
        run(
            MOUNT
                + folder
                + " && exec %s -Xmx256m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp '%s' %s %s"
                    .formatted(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"),
                        FullDiskTrial.class.getName(),
                        folder));

    assertThat(ran.code()).as(ran.said()).isZero();
    assertThat(ran.said())
        .contains("settled=true")
        .containsPattern("tight lost=0 trouble=the disk of .* has \\d+ MiB left")
        .containsPattern(
            "full lost=\\d+ trouble=the journal cannot grow in .*/journal/0, perhaps the disk is full: No space left on device")
        .contains("settledWhileFull=false")
        .contains("the disk is full, so nothing can be written to " + folder)
        .contains("settledAgain=true")
        .contains("problems=[]");
    // Nothing that was written down is lost or doubled, and what was not is counted.
    long lost = Long.parseLong(ran.said().replaceAll("(?s).*after lost=(\\d+).*", "$1"));
    assertThat(lost).isGreaterThanOrEqualTo(1_000);
    assertThat(ran.number("attempts")).isEqualTo(ran.number("appended") - lost);
    assertThat(ran.number("entries")).isEqualTo(ran.number("attempts"));
  }
}
