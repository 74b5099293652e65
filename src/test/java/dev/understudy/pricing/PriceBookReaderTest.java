package dev.understudy.pricing;

import static dev.understudy.pricing.Books.book;
import static dev.understudy.pricing.Books.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is wrong with a price book is said with its place, all at once. */
final class PriceBookReaderTest {

  private static String model(String prices) {
    return book("v:\n  source: page\n  models:\n    m:\n      prices:\n" + prices.indent(8));
  }

  @Test
  void aHoleInTimeIsNamedWithItsPlace() {
    assertThat(
            problems(
                model(
                    """
                    - {from: 2025-01-01, to: 2025-02-01, tokens: {input.text: 1}}
                    - {from: 2025-02-02, tokens: {input.text: 1}}
                    """)))
        .containsExactly(
            "book.yaml:13:20: there is a hole in time: the price before ends at"
                + " 2025-02-01T00:00:00Z");
  }

  @Test
  void anOverlapInTimeIsNamedWithItsPlace() {
    assertThat(
            problems(
                model(
                    """
                    - {from: 2025-01-01, tokens: {input.text: 1}}
                    - {from: 2025-02-02, tokens: {input.text: 1}}
                    """)))
        .containsExactly(
            "book.yaml:13:20: this price and the one from 2025-01-01T00:00:00Z overlap: that one"
                + " holds until further notice");
    assertThat(
            problems(
                model(
                    """
                    - {from: 2025-03-01, tokens: {input.text: 1}}
                    - {from: 2025-01-01, to: 2025-03-02, tokens: {input.text: 1}}
                    """)))
        .singleElement()
        .asString()
        .startsWith("book.yaml:12:20: this price and the one from 2025-01-01T00:00:00Z overlap");
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    assertThat(
            problems(
                """
                book: list
                currency: DOLLAR
                sources: {page: {where: x, checked: yesterday, mark: sure}}
                fallbacks: {output.text: input.text, input.txt: input.text}
                vendors:
                  v:
                    source: pge
                    clock: noon
                    models:
                      m:
                        prices:
                          - {from: 2025-13-01, tokens: {input.text: -1, inptu.text: 2}}
                          - {from: 2025-01-01, to: 2024-01-01, tokens: {input.text: 1e3}}
                      n:
                        names: [m]
                        prices: []
                """))
        .containsExactly(
            "book.yaml:2:11: unknown currency \"DOLLAR\"; currencies are written by their code, such"
                + " as USD or EUR",
            "book.yaml:3:37: checked must be a day, such as 2026-08-31",
            "book.yaml:3:54: unknown mark \"sure\"; known: verified, witness, contract",
            "book.yaml:4:26: output.text is no kind of input.text: a leaf falls back to a wider one of"
                + " the same direction",
            "book.yaml:4:38: unknown leaf \"input.txt\"; near: input.text",
            "book.yaml:7:13: unknown source \"pge\"",
            "book.yaml:8:12: clock must be end or start, not \"noon\"",
            "book.yaml:12:20: must be a day or an instant, such as 2026-08-31 or"
                + " 2026-08-31T16:00:00Z",
            "book.yaml:12:53: a price is negative: -1",
            "book.yaml:12:57: unknown leaf \"inptu.text\"; near: input.text",
            "book.yaml:13:36: the price ends before it begins",
            "book.yaml:13:69: \"input.text\" must be a decimal number, such as 3 or 0.25, not 1e3",
            "book.yaml:14:7: \"n\" has no prices",
            "book.yaml:15:17: \"m\" is a name of m too");
  }

  @Test
  void conditionsThatContradictEachOtherAreRefused() {
    assertThat(
            problems(
                model(
                    """
                    - from: 2025-01-01
                      tokens: {input.text: 1}
                      also:
                        - {when: {tier: batch}, tokens: {input.text: 2}}
                        - {when: {tier: batch}, times: 3}
                        - {when: {tier: standard}, times: 3}
                        - {when: {hours: "25:00-26:00"}, times: 3}
                        - {when: {}, times: 3}
                        - {when: {tier: flex}}
                    """)))
        .containsExactly(
            "book.yaml:12:19: prices under other conditions must say under which",
            "book.yaml:16:31: there are two prices for tier batch",
            "book.yaml:17:31: standard is the usual tier; its prices stand outside",
            "book.yaml:18:32: hours must be a part of the day in UTC, such as 16:30-00:30 or"
                + " mon-fri 01:00-04:00",
            "book.yaml:20:31: no price is stated");
    assertThat(
            problems(
                model(
                    """
                    - from: 2025-01-01
                      tokens: {input.text: 1}
                      also:
                        - {when: {tier: batch}, tokens: {input.text: 2}}
                        - {when: {above: 100}, tokens: {input.text: 2}}
                        - {when: {tier: batch, region: us}, times: 2}
                        - {when: {above: 100, region: us}, times: 2}
                        - {when: {hours: "01:00-03:00"}, times: 2}
                        - {when: {hours: "02:00-04:00"}, times: 3}
                    """)))
        .anyMatch(line -> line.contains("the hours 01:00-03:00 and 02:00-04:00 overlap"));
    assertThat(
            problems(
                model(
                    """
                    - from: 2025-01-01
                      tokens: {input.text: 1}
                      also:
                        - {when: {tier: batch}, tokens: {input.text: 2}}
                        - {when: {region: us}, tokens: {input.text: 3}}
                        - {when: {tier: flex}, times: 2}
                        - {when: {region: eu}, times: 2}
                    """)))
        .isEmpty();
    assertThat(
            problems(
                model(
                    """
                    - from: 2025-01-01
                      tokens: {input.text: 1}
                      also:
                        - {when: {tier: batch}, tokens: {input.text: 2}}
                        - {when: {region: us, above: 5}, tokens: {input.text: 3}}
                        - {when: {tier: batch, above: 5}, tokens: {input.text: 4}}
                        - {when: {tier: batch, region: us}, times: 2}
                        - {when: {region: us}, times: 2}
                        - {when: {tier: batch, above: 6}, times: 2}
                    """)))
        .isEmpty();
  }

  @Test
  void stepsMustRiseAndVolumePricesMustFall() {
    String steps =
        """
        - from: 2025-01-01
          steps:
            input.text: {graduated: [{to: 100, price: 1}, {to: 50, price: 2}, {price: 1}]}
            output.text: {volume: [{to: 100, price: 1}, {price: 2}]}
            pages: {packages: {size: 0, price: 2}}
            calls: {}
        """;

    assertThat(problems(model(steps)))
        .containsExactly(
            "book.yaml:14:15: steps rise, and only the last has no end",
            "book.yaml:15:15: a price by volume falls from step to step",
            "book.yaml:16:15: a package holds more than nothing",
            "book.yaml:17:15: must say one of graduated, volume and packages");
  }
}
