package dev.understudy;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The class path for processes of the program: without what only tests bring. */
public final class ShippedClassPath {
  private ShippedClassPath() {}

  /**
   * That of this process without SLF4J, which no library of the program may need: tests have it,
   * for the sake of vendors' own client libraries, and would hide that the program does not start.
   */
  public static String text() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("slf4j-"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
