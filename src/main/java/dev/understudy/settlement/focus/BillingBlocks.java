package dev.understudy.settlement.focus;

import dev.understudy.text.About;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Text;
import java.util.List;
import java.util.Optional;

/** What a billing file holds. */
record BillingBlocks(
    @About("whom vendors bill") Optional<AccountBlock> account,
    @About("how vendors are called on bills") Entries<PartyBlock> vendors,
    @About("capacity that is paid by the hour") List<CapacityBlock> capacity,
    @About("promises to spend") List<SpendBlock> commitments,
    @About("what vendors have invoiced") List<InvoiceBlock> invoices,
    @About("taxes, credits and adjustments") List<ChargeBlock> charges) {

  record AccountBlock(@About("its id") Text id, @About("its name") Text name) {}

  record PartyBlock(
      @About("who sells") Optional<Text> provider,
      @About("who invoices") Optional<Text> issuer,
      @About("under which name it bills us") Optional<AccountBlock> account) {}

  record CapacityBlock(
      @About("its id") Text id,
      @About("its name") Optional<Text> name,
      @About("the contract's id") Optional<Text> contract,
      @About("the vendor in the settings") Text vendor,
      @About("models it serves; all unless said") List<Text> models,
      @About("how many") Decimal units,
      @About("such as PTU") Text unit,
      @About("price of a unit for an hour, such as 1.00 USD") Text pricePerUnitHour,
      @About("what one unit serves in a minute") Decimal inputTokensPerMinute,
      @About("what a token that comes out weighs") Optional<Decimal> outputWeight,
      @About("what a cached token weighs") Optional<Decimal> cachedWeight,
      @About("first day or instant") Text from,
      @About("first day or instant no longer") Text to) {}

  record SpendBlock(
      @About("its id") Text id,
      @About("its name") Optional<Text> name,
      @About("the contract's id") Optional<Text> contract,
      @About("the vendor in the settings") Text vendor,
      @About("models that count; all unless said") List<Text> models,
      @About("such as 1200000 USD") Text amount,
      @About("what each month counts for at least, without currency")
          Optional<Decimal> floorPerMonth,
      @About("whether it is paid ahead") Optional<Boolean> prepaid,
      @About("first day or instant") Text from,
      @About("first day or instant no longer") Text to) {}

  record InvoiceBlock(
      @About("its number") Text id,
      @About("the vendor in the settings") Text vendor,
      @About("the month, such as 2026-10") Text period,
      @About("what is payable, such as 12.50 USD") Text amount,
      @About("day of issue") Optional<Text> issued,
      @About("day by which it is to be paid") Optional<Text> due,
      @About("open, issued or voided") Optional<Text> status,
      @About("terms of payment") Optional<Text> terms,
      @About("the invoice it mends") Optional<Text> reference,
      @About("our order's number") Optional<Text> order) {}

  record ChargeBlock(
      @About("the vendor in the settings") Text vendor,
      @About("tax, credit or adjustment") Text kind,
      @About("first day or instant") Text from,
      @About("first day or instant no longer; a day after unless said") Optional<Text> to,
      @About("such as -5.00 USD") Text amount,
      @About("what it is") Text description,
      @About("whether it mends a month that was invoiced before") Optional<Boolean> correction) {}
}
