package dev.understudy.settlement;

import dev.understudy.text.About;
import dev.understudy.text.Decimal;
import dev.understudy.text.Entries;
import dev.understudy.text.Text;
import java.util.List;
import java.util.Optional;

/** The shape of a file of tariffs. */
record TariffFile(
    @About("Who sends invoices.") IssuerBlock issuer,
    @About("What numbers begin with; the year, a dash and the number follow.")
        Optional<Text> series,
    @About(value = "Who is invoiced.", names = "the customer in our books")
        Entries<CustomerBlock> customers) {

  record IssuerBlock(
      @About("Its name.") Text name,
      @About("Lines of its address.") List<Text> address,
      @About("Its number at the tax office.") Optional<Text> taxId) {}

  record CustomerBlock(
      @About("How it is addressed.") Text name,
      @About("Lines of its address.") List<Text> address,
      @About("Whose calls it pays; the customer's own name if left out.")
          Optional<Text> organisation,
      @About("Only these teams.") List<Text> teams,
      @About("Only these keys, by their ids.") List<Text> keys,
      @About("The currency of its invoices.") Text currency,
      @About("Rate of tax, such as 0.19.") Optional<Decimal> tax,
      @About("model, team or key: how lines are grouped.") Optional<Text> lines,
      @About("A margin on what vendors ask.") Optional<CostPlusBlock> costPlus,
      @About("Price books, in the order in which they are asked.") List<Text> books,
      @About("By which way it is sold, for contracts.") Optional<Text> channel,
      @About("What is sold, for contracts.") Optional<Text> product) {}

  record CostPlusBlock(
      @About("Times what the vendor asks.") Decimal times,
      @About("And so much for each attempt.") Optional<Decimal> plus) {}
}
