package dev.understudy.settlement.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.money.Money;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BillReaderTest {
  private static VendorBill.Document read(String text) {
    return BillReader.read("bill", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anthropicsTextsInCentsAreDollars() {
    VendorBill.Document bill =
        read(
            """
            {"data":[{"starting_at":"2026-10-02T00:00:00Z","ending_at":"2026-10-03T00:00:00Z","results":[
              {"currency":"USD","amount":"123.45","model":"claude-sonnet-4-5-20250929","cost_type":"tokens",
               "token_type":"cache_creation.ephemeral_1h_input_tokens","service_tier":"batch","description":"Claude Sonnet 4.5 Usage - Cache Write"},
              {"currency":"USD","amount":"50","cost_type":"web_search","model":null,"service_tier":null,"description":"Web Search Usage"}]}],
             "has_more":false,"next_page":null}
            """);

    assertThat(bill.days()).hasSize(1);
    BillLine line = bill.days().getFirst().lines().getFirst();
    assertThat(line.amount()).isEqualTo(Money.parse("1.2345 USD"));
    assertThat(line.meter()).isEqualTo(Meter.WRITTEN);
    assertThat(line.tier()).isEqualTo("batch");
    assertThat(line.model()).isEqualTo("claude-sonnet-4-5-20250929");
    assertThat(line.decimals()).isEqualTo(4);
    assertThat(bill.days().getFirst().lines().getLast().meter()).isEqualTo(Meter.other("search"));
  }

  @Test
  void anthropicsUsageIsRead() {
    VendorBill.Document usage =
        read(
            """
            {"data":[{"starting_at":"2026-10-02T00:00:00Z","ending_at":"2026-10-03T00:00:00Z","results":[
              {"uncached_input_tokens":10,"cache_creation":{"ephemeral_1h_input_tokens":3,"ephemeral_5m_input_tokens":4},
               "cache_read_input_tokens":5,"output_tokens":6,"model":"claude-opus-4-1","service_tier":"standard"}]},
              {"starting_at":"2026-10-03T00:00:00Z","ending_at":"2026-10-04T00:00:00Z","results":[]}],"has_more":false}
            """);

    assertThat(usage.days()).isEmpty();
    assertThat(usage.usage())
        .extracting(line -> line.meter() + " " + line.quantity())
        .containsExactly("input 10", "cached 5", "written 4", "written 3", "output 6");
  }

  @Test
  void openAisNumbersKeepAllTheirDigits() {
    VendorBill.Document bill =
        new FakeBill()
            .line("2026-10-02", "gpt-5.1-2025-11-13, cached input", "0.060000000000000005")
            .day("2026-10-03")
            .document("x");

    BillLine line = bill.days().getFirst().lines().getFirst();
    assertThat(line.amount().amount()).isEqualTo(new BigDecimal("0.060000000000000005"));
    assertThat(line.meter()).isEqualTo(Meter.CACHED);
    assertThat(line.model()).isEqualTo("gpt-5.1-2025-11-13");
    assertThat(bill.days()).as("a day on which nothing was billed is there").hasSize(2);
  }

  @Test
  void tablesAreRead() {
    BillLine plain =
        read("day,line_item,amount,quantity\n2026-10-02,\"gpt-5.1 flex, output\",1.5,300\n")
            .days()
            .getFirst()
            .lines()
            .getFirst();
    assertThat(plain.tier()).isEqualTo("flex");
    assertThat(plain.model()).isEqualTo("gpt-5.1");
    assertThat(plain.quantity()).contains(new BigDecimal("300"));
    BillLine focus =
        read("ChargePeriodStart,BilledCost,BillingCurrency,SkuMeter,ResourceName,ConsumedQuantity\n2026-10-02T00:00:00Z,2.5,EUR,Cache Read Input Tokens,gpt-5.1,7\n")
            .days()
            .getFirst()
            .lines()
            .getFirst();
    assertThat(focus.amount()).isEqualTo(Money.parse("2.5 EUR"));
    assertThat(focus.meter()).isEqualTo(Meter.CACHED);
  }

  @Test
  void whatIsNoBillIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> read("{\"error\":\"no\"}"))
        .hasMessageContaining("bill: page 1 has no data");
    assertThatThrownBy(() -> read("day,amount\n2026-10-02,\"$1,000.00\"\n"))
        .hasMessage("bill: row 2: an amount is a plain number, without currency signs and commas");
    assertThatThrownBy(() -> read("day,amount\n2/10/26,1\n"))
        .hasMessage("bill: row 2: day must be like 2026-10-31");
    assertThatThrownBy(() -> read("date,cost\n1,2\n")).hasMessageContaining("no column day");
    assertThatThrownBy(
            () -> read("{\"data\":[{\"start_time\":0,\"end_time\":3600,\"results\":[]}]}"))
        .hasMessageContaining("data[0] is from 1970-01-01T00:00:00Z to 1970-01-01T01:00:00Z")
        .hasMessageContaining("no day in UTC");
    assertThatThrownBy(
            () -> read("{\"data\":[{\"start_time\":60,\"end_time\":86400,\"results\":[]}]}"))
        .hasMessageContaining("no day in UTC");
    assertThatThrownBy(
            () -> read("{\"data\":[{\"start_time\":0,\"end_time\":172800,\"results\":[]}]}"))
        .hasMessageContaining("data[0]")
        .hasMessageContaining("no day in UTC");
    assertThatThrownBy(() -> read("{\"data\":[],\"has_more\":true}"))
        .hasMessageContaining("there are more");
    assertThatThrownBy(() ->
            read(
                "{\"data\":[{\"starting_at\":\"2026-10-02T00:00:00Z\",\"ending_at\":\"2026-10-03T00:00:00Z\",\"results\":[{\"amount\":1.5}]}]}"))
        .hasMessageContaining("results[0].amount is no text");
    assertThatThrownBy(() ->
            read(
                "{\"data\":[{\"starting_at\":\"2026-10-02T00:00:00Z\",\"ending_at\":\"2026-10-03T00:00:00Z\",\"results\":[{\"amount\":\"1e999999999\"}]}]}"))
        .hasMessageContaining("out of all bounds");
  }
}
