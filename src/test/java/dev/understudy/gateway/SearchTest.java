package dev.understudy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class SearchTest {
  @Property
  void findsWhatAStringWouldFind(
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 40) String text,
      @ForAll @CharRange(from = 'a', to = 'c') @StringLength(min = 1, max = 4) String wanted) {
    byte[] bytes = ("xx" + text + wanted).getBytes(StandardCharsets.US_ASCII);
    int to = 2 + text.length();

    assertThat(Search.contains(bytes, 2, to, wanted)).isEqualTo(text.contains(wanted));
  }
}
