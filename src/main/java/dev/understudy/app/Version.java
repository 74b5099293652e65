package dev.understudy.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version this program was built as, read from the resource that the build fills in. */
public final class Version {
  private Version() {}

  private static final String RESOURCE = "version.properties";

  public static String number() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program was packed without " + RESOURCE);
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
