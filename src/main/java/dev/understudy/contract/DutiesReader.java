package dev.understudy.contract;

import dev.understudy.contract.ContractFile.NoticeBlock;
import dev.understudy.contract.ContractFile.PathBlock;
import dev.understudy.text.Decimal;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/** Makes the duties of a contract of what its file says. */
final class DutiesReader {
  private final Said said;
  private final Span term;

  DutiesReader(Said said, Span term) {
    this.said = said;
    this.term = term;
  }

  Duties read(ContractFile file) {
    return new Duties(
        notice(file.notice()),
        file.changeOfControl()
            .map(block ->
                new Duties.ChangeOfControl(
                    said.party(block.of()),
                    Said.texts(block.competitors()),
                    block.terminateRightDays().orElse(60),
                    block.priceLockMonths().orElse(0),
                    block.escrowRelease().orElse(false))),
        file.assignment().map(ContractFile.AssignmentBlock::requiresConsent),
        file.exit()
            .map(block ->
                new Duties.Exit(
                    block.transitionMonths().orElse(0),
                    block.assistance().orElse(false),
                    block.dataReturn().map(r -> r.format().value()).orElse(""),
                    block.dataReturn().map(ContractFile.ReturnBlock::days).orElse(0),
                    block.deletionCertificate().orElse(false),
                    Said.text(block.continuedAccessPrice()))),
        file.audit()
            .map(block ->
                new Duties.Audit(
                    Said.texts(block.by()),
                    Said.text(block.frequency()),
                    block.pooled().orElse(false))),
        file.prices().map(prices -> prices.book().value()),
        file.paths().stream().map(this::path).toList());
  }

  private SharePath path(PathBlock block) {
    for (Decimal share : List.of(block.start(), block.end())) {
      if (share.value().signum() < 0 || share.value().compareTo(BigDecimal.ONE) > 0) {
        said.add(share.place(), "a share is from 0 to 1");
      }
    }
    Span window = said.window(block.window(), term);
    if (window.to().isEmpty()) {
      said.add(block.id().place(), "a path has an end; say window: {from, to}");
    }
    return new SharePath(
        said.clause(block.id()),
        said.party(block.awayFrom()),
        said.scope(block.scope()),
        window,
        block.start().value(),
        block.end().value(),
        block.binding().orElse(false));
  }

  private Notice notice(NoticeBlock block) {
    enum Calendar {
      CALENDAR,
      BUSINESS
    }
    var termination = new HashMap<String, Integer>();
    for (var entry : block.termination().all()) {
      said.party(entry.name());
      termination.put(entry.name().value(), entry.value());
    }
    var holidays = new HashSet<LocalDate>();
    block.holidays().forEach(day -> said.day(day).ifPresent(holidays::add));
    return new Notice(
        termination,
        block.priceChange(),
        block.modelRetirement(),
        block.subprocessor(),
        said.word(block.calendar(), "calendar", Calendar.class, Calendar.CALENDAR)
            == Calendar.BUSINESS,
        block.deemedReceiptDays().orElse(0),
        block.endsOnBusinessDay().orElse(true),
        holidays);
  }
}
