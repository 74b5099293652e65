package dev.understudy.settlement;

import dev.understudy.settlement.InvoiceDesk.Issued;
import dev.understudy.settlement.StatementStore.Kept;
import dev.understudy.settlement.StatementStore.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A statement, an invoice or a credit note as it was kept, in any of its forms. */
public final class KeptDocument {
  private KeptDocument() {}

  /** A form in which documents are given out. */
  public enum Form {
    HTML("text/html; charset=utf-8"),
    PDF("application/pdf"),
    CSV("text/csv; charset=utf-8"),
    JSON("application/json; charset=utf-8");

    private final String mediaType;

    Form(String mediaType) {
      this.mediaType = mediaType;
    }

    public String mediaType() {
      return mediaType;
    }

    /** As names of files end. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The form of a word. */
    public static Optional<Form> of(String word) {
      return List.of(values()).stream().filter(form -> form.word().equals(word)).findFirst();
    }
  }

  /** The content of the file that was, or would have been, written when it was made. */
  public static byte[] bytes(Kept kept, Form form) {
    return switch (form) {
      case HTML -> PaperHtml.of(paper(kept)).getBytes(StandardCharsets.UTF_8);
      case PDF -> PaperPdf.of(paper(kept), kept.madeAt());
      case CSV -> csv(kept).getBytes(StandardCharsets.UTF_8);
      case JSON -> (kept.body() + "\n").getBytes(StandardCharsets.UTF_8);
    };
  }

  /** What its files are called, without their endings. */
  public static String name(Kept kept) {
    return kept.kind() == Kind.STATEMENT
        ? "%s-%s-r%d".formatted(kept.subject(), kept.period(), kept.revision())
        : kept.number();
  }

  private static Paper paper(Kept kept) {
    return switch (kept.kind()) {
      case STATEMENT -> StatementPaper.of(SettlementDesk.made(kept));
      case INVOICE, CREDIT_NOTE ->
          // Those issued before names were kept say at least whose they are.
          InvoicePaper.of(
              issued(kept), new Invoice.Names("", List.of(), "", kept.subject(), List.of()));
    };
  }

  private static String csv(Kept kept) {
    return switch (kept.kind()) {
      case STATEMENT -> StatementPaper.csv(SettlementDesk.made(kept));
      case INVOICE, CREDIT_NOTE -> InvoicePaper.csv(issued(kept));
    };
  }

  private static Issued issued(Kept kept) {
    return new Issued(
        kept.kind(), Invoice.read(kept.body()), kept.number(), false, kept.madeAt(), List.of());
  }
}
