package dev.understudy.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs {@code ./understudy} as people do, on machines with and without the right JDK. */
final class LauncherTest {

  /** Stands in for a JVM: says where it was started and with what. */
  private static final String ECHO =
      """
      #!/bin/sh
      echo "in $(pwd)"
      for argument; do echo "<$argument>"; done
      """;

  /** The folder of a checkout; its name has spaces, as folders of people do. */
  private Path house;

  private Path jdks;
  private Path elsewhere;
  private Path oldJava;

  @BeforeEach
  void unpack(@TempDir Path folder) throws IOException {
    house = Files.createDirectories(folder.resolve("my own house"));
    jdks = Files.createDirectories(folder.resolve("jdks"));
    elsewhere = Files.createDirectories(folder.resolve("else where")).toRealPath();
    oldJava = jdk(folder.resolve("old"), "17.0.15", "#!/bin/sh\necho this java is old\n");
    Files.createDirectories(house.resolve("bin"));
    Files.createDirectories(house.resolve("target"));
    for (var script : List.of("understudy", "bin/find-jdk.sh")) {
      Files.copy(Path.of(script), house.resolve(script));
    }
    executable(house.resolve("understudy"));
  }

  @Test
  void saysInOneLineHowToGetAJdkWhenThereIsNone() throws Exception {
    var ended = start("--version");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .startsWith("understudy: no JDK 25 or newer was found; install one")
        .containsOnlyOnce("\n");
  }

  @Test
  void findsTheRightJdkBehindAnOldJavaOnThePath() throws Exception {
    jdk(jdks.resolve("a-jdk-21"), "21.0.2", ECHO);
    var real = Path.of(System.getProperty("java.home"), "bin", "java");
    jdk(jdks.resolve("b-jdk-25"), "25.0.3", "#!/bin/sh\nexec '%s' \"$@\"\n".formatted(real));
    packTheProgram();

    var ended = start("--version");

    assertThat(ended).isEqualTo(new Ended(0, "understudy " + Version.number() + "\n", ""));
  }

  @Test
  void followsTheLinksToTheJavaOnThePath() throws Exception {
    var newer = jdk(jdks.resolveSibling("newer"), "26", ECHO);
    var java = oldJava.resolve("bin/java");
    Files.delete(java);
    Files.createSymbolicLink(java, newer.resolve("bin/java"));
    packTheProgram();

    assertThat(start("--version").out()).contains("<--version>");
  }

  @Test
  void asksAJdkThatHasNoReleaseFile() throws Exception {
    var silent =
        jdk(
            jdks.resolve("silent"),
            "25",
            "#!/bin/sh\n[ \"$1\" != -version ] || echo 'openjdk version \"25.0.3\" 2026' >&2\n");
    Files.delete(silent.resolve("release"));
    packTheProgram();

    assertThat(start("--version").status()).isZero();
  }

  @Test
  void refusesAnOldJdkThatWasNamedOutright() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.3", ECHO);
    packTheProgram();

    var ended = start(Map.of("UNDERSTUDY_JAVA_HOME", oldJava.toString()), "--version");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .isEqualTo(
            "understudy: UNDERSTUDY_JAVA_HOME=%s is no JDK 25 or newer%n".formatted(oldJava));
  }

  @Test
  void passesArgumentsAndTheFolderOfTheCallerOn() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.3", ECHO);
    packTheProgram();

    var ended =
        start(
            Map.of("UNDERSTUDY_MEMORY", "200m", "UNDERSTUDY_JAVA_OPTS", "-Done=1 -Dtwo=2"),
            "serve",
            "--config",
            "my settings.yaml");

    assertThat(ended.out().lines())
        .startsWith("in " + elsewhere)
        .contains("<-Xmx200m>", "<-Done=1>", "<-Dtwo=2>")
        .endsWith("<dev.understudy.app.Main>", "<serve>", "<--config>", "<my settings.yaml>");
  }

  @Test
  void buildsAgainOnlyWhenASourceIsNewer() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.3", ECHO);
    var source = sourcesBuiltBy("echo built >> builds; : > target/understudy.jar");

    start();
    start();
    assertThat(house.resolve("builds")).hasContent("built");

    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
    start();
    assertThat(house.resolve("builds")).hasContent("built\nbuilt");
  }

  @Test
  void buildsOnceForTwoStartsAtTheSameTime() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.3", ECHO);
    sourcesBuiltBy("echo built >> builds; sleep 1; : > target/understudy.jar");

    var first = process(Map.of()).start();
    var second = process(Map.of()).start();

    assertThat(end(first).status()).isZero();
    assertThat(end(second).status()).isZero();
    assertThat(house.resolve("builds")).hasContent("built");
  }

  @Test
  void goesOnWhenTheLockIsThatOfAProcessThatDied() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.3", ECHO);
    sourcesBuiltBy(": > target/understudy.jar");
    var died = new ProcessBuilder("true").start();
    died.waitFor();
    Files.createSymbolicLink(house.resolve("target/.building"), Path.of("" + died.pid()));

    assertThat(start().status()).isZero();
    assertThat(house.resolve("target/.building")).doesNotExist();
  }

  @Test
  void showsWhatTheCompilerSaidWhenTheBuildFails() throws Exception {
    jdk(jdks.resolve("jdk-25"), "25.0.3", ECHO);
    sourcesBuiltBy("echo '[ERROR] Main.java:[1,2] cannot find symbol'; exit 1");

    var ended = start();

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("Main.java:[1,2] cannot find symbol", "target/build.log");
  }

  private record Ended(int status, String out, String err) {}

  private Ended start(String... arguments) throws Exception {
    return start(Map.of(), arguments);
  }

  private Ended start(Map<String, String> environment, String... arguments) throws Exception {
    return end(process(environment, arguments).start());
  }

  private ProcessBuilder process(Map<String, String> environment, String... arguments) {
    var command = new ArrayList<>(List.of(house.resolve("understudy").toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(elsewhere.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", oldJava.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("HOME", elsewhere.toString());
    builder.environment().put("UNDERSTUDY_JDK_DIRS", jdks.toString());
    builder.environment().putAll(environment);
    return builder;
  }

  private static Ended end(Process process) throws Exception {
    // What these starts print fits into the pipes, so that the streams can be read at the end.
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Ended(
        process.exitValue(),
        new String(process.getInputStream().readAllBytes()),
        new String(process.getErrorStream().readAllBytes()));
  }

  /** A checkout whose Maven is the given script; returns one of its sources. */
  private Path sourcesBuiltBy(String script) throws IOException {
    var source = Files.createDirectories(house.resolve("src/main")).resolve("Main.java");
    Files.createFile(source);
    Files.createFile(house.resolve("pom.xml"));
    executable(Files.writeString(house.resolve("mvnw"), "#!/bin/sh\n" + script + "\n"));
    return source;
  }

  /** Puts the real program where a build would, as a jar that only points to its parts. */
  private void packTheProgram() throws IOException, URISyntaxException {
    var manifest = new Manifest();
    var attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.CLASS_PATH, place(Main.class) + " " + place(CommandLine.class));
    var jar = house.resolve("target/understudy.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  private static String place(Class<?> type) throws URISyntaxException {
    return type.getProtectionDomain().getCodeSource().getLocation().toURI().toASCIIString();
  }

  private static Path jdk(Path home, String version, String java) throws IOException {
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"),
        """
        IMPLEMENTOR="Somebody"
        JAVA_VERSION="%s"
        MODULES="java.base"
        """
            .formatted(version));
    executable(Files.writeString(home.resolve("bin/java"), java));
    executable(Files.writeString(home.resolve("bin/javac"), "#!/bin/sh\n"));
    return home;
  }

  private static void executable(Path script) {
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }
}
