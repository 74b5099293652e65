package dev.understudy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nothing joins the product that has no reason in ADR 1, and nothing unpinned or unchecked. */
final class DependenciesTest {

  /** What each group of libraries is called in ADR 1. */
  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("io.netty", "| Netty"),
          Map.entry("tools.jackson.core", "| Jackson 3"),
          Map.entry("org.snakeyaml", "| snakeyaml-engine"),
          Map.entry("info.picocli", "| picocli"),
          Map.entry("io.prometheus", "| Prometheus' own client"),
          Map.entry("io.opentelemetry", "| OpenTelemetry SDK"),
          Map.entry("org.xerial", "| sqlite-jdbc"),
          Map.entry("org.postgresql", "| PostgreSQL's JDBC driver"),
          Map.entry("io.lettuce", "| Lettuce"),
          Map.entry("org.apache.commons", "| Apache Commons Statistics"),
          Map.entry("org.jspecify", "| JSpecify"));

  private static final Pattern GROUP = Pattern.compile("<groupId>([^<]+)</groupId>");
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

  @Test
  void everyLibraryOfTheProductHasItsReason() throws Exception {
    String reasons = Files.readString(Path.of("docs/adr/0001-dependencies.md"));
    Set<String> groups = new TreeSet<>();
    GROUP.matcher(product()).results().forEach(found -> groups.add(found.group(1)));
    // What is excluded is named as well; it is no part of the product.
    groups.removeAll(Set.of("org.checkerframework", "redis.clients.authentication"));

    assertThat(groups).containsExactlyInAnyOrderElementsOf(REASONS.keySet());
    assertThat(reasons).contains(REASONS.values());
  }

  @Test
  void noVersionIsARangeAndChecksumsAreEnforced() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    List<String> versions = VERSION.matcher(pom).results().map(found -> found.group(1)).toList();

    assertThat(versions)
        .isNotEmpty()
        .noneMatch(version -> version.matches(".*[\\[(,].*|LATEST|RELEASE"));
    // Short for --strict-checksums.
    assertThat(Files.readAllLines(Path.of(".mvn/maven.config"))).contains("-C");
    assertThat(Files.readString(Path.of(".mvn/wrapper/maven-wrapper.properties")))
        .contains("distributionSha256Sum=");
  }

  /** The dependencies of the product itself, which stand between those managed and the build. */
  private static String product() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    int managed = pom.indexOf("</dependencyManagement>");
    return pom.substring(
        pom.indexOf("<dependencies>", managed), pom.indexOf("</dependencies>", managed));
  }
}
