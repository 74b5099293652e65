package dev.understudy.pricing;

import dev.understudy.text.About;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Text;
import java.util.List;
import java.util.Optional;

/** What a file with a price book holds; {@code docs/reference/prices.md} shows one. */
record PriceBookFile(
    @About("its name in records and other books") Text book,
    @About("list or negotiated") Optional<Text> kind,
    @About("the one currency of its prices") Text currency,
    @About("where prices were found") Entries<SourceBlock> sources,
    @About("which leaf without a price costs what which other one costs") Entries<Text> fallbacks,
    @About("units that are reported but never billed") List<Text> free,
    @About("what budgets count for what has no price") Optional<UnpricedBlock> unpriced,
    @About("prices by vendor or kind") Entries<VendorBlock> vendors) {

  record SourceBlock(
      @About("address or document") Text where,
      @About("day it was last looked at") Text checked,
      @About("verified, witness or contract") Text mark) {}

  record UnpricedBlock(
      @About("for a million input tokens") Decimal input,
      @About("for a million output tokens") Decimal output,
      @About("for one of anything else") Decimal unit) {}

  record VendorBlock(
      @About("source of its prices") Optional<Text> source,
      @About("the vendor's words for tiers, and ours") Entries<Text> tiers,
      @About("the vendor's words for regions, and ours") Entries<Text> regions,
      @About("units that say something of the price") Entries<SignalBlock> signals,
      @About("as in the book") Entries<Text> fallbacks,
      @About("as in the book") List<Text> free,
      @About("start or end") Optional<Text> clock,
      @About("which tokens make a request long: input or prompt") Optional<Text> counts,
      @About("made from another book") Optional<BasisBlock> basis,
      @About("what the vendor itself reports, for models without a price here")
          Optional<ReportedBlock> reported,
      @About("next, if the next book is asked for what a model here lacks") Optional<Text> rest,
      @About("paid by the hour") Entries<CapacityBlock> capacity,
      @About("by the vendor's name") Entries<ModelBlock> models) {}

  record SignalBlock(
      @About("the tier it means") Optional<Text> tier,
      @About("the region it means") Optional<Text> region) {}

  record BasisBlock(
      @About("the other book") Text book,
      @About("factor on its prices") Optional<Decimal> times,
      @About("added to each call") Optional<Decimal> plus) {}

  record ReportedBlock(
      @About("the unit that holds the cost") Text unit,
      @About("what one of it is worth") Decimal each) {}

  record CapacityBlock(
      @About("what is counted") Text unit, @About("price of one for an hour") Decimal perHour) {}

  record ModelBlock(
      @About("further names, * for any letters") List<Text> names,
      @About("one after the other in time") List<VersionBlock> prices) {}

  record VersionBlock(
      @About("first day or instant") Text from,
      @About("first day or instant when it no longer holds") Optional<Text> to,
      @About("where it was found") Optional<Text> source,
      @About("for a million tokens, by leaf") Entries<Decimal> tokens,
      @About("for one unit") Entries<Decimal> units,
      @About("by steps") Entries<StepsBlock> steps,
      @About("what a call costs at least") Optional<Decimal> minimum,
      @About("under other conditions") List<OtherBlock> also) {}

  record OtherBlock(
      @About("the conditions") WhenBlock when,
      @About("factor on all tokens") Optional<Decimal> times,
      @About("for a million tokens, by leaf") Entries<Decimal> tokens,
      @About("for one unit") Entries<Decimal> units,
      @About("by steps") Entries<StepsBlock> steps) {}

  record WhenBlock(
      @About("class of service") Optional<Text> tier,
      @About("where it is served") Optional<Text> region,
      @About("more tokens than this are counted") Optional<Integer> above,
      @About("part of the day in UTC") Optional<Text> hours) {}

  record StepsBlock(
      @About("each step at its own price") List<StepBlock> graduated,
      @About("one price for all, by how many") List<StepBlock> volume,
      @About("how many are sold together") Optional<PackageBlock> packages) {}

  record StepBlock(
      @About("its end; none for the last") Optional<Decimal> to,
      @About("for a million tokens, or one unit") Decimal price) {}

  record PackageBlock(
      @About("how many it holds") Decimal size, @About("for one package") Decimal price) {}
}
