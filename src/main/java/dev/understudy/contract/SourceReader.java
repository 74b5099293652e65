package dev.understudy.contract;

import dev.understudy.access.Digest;
import dev.understudy.contract.ContractFile.HeadBlock;
import dev.understudy.contract.ContractVersion.Document;
import dev.understudy.text.Nearness;
import dev.understudy.text.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads where the words of a contract stand, and who vouches for them. */
final class SourceReader {
  /** How clauses that have no id are named. */
  private static final List<String> BLOCKS =
      List.of(
          "term",
          "data-use",
          "regions",
          "notice",
          "change-of-control",
          "mfn",
          "sla",
          "exit",
          "audit",
          "assignment");

  private static final String SHA256 = "[0-9a-f]{64}";

  private final Said said;

  SourceReader(Said said) {
    this.said = said;
  }

  Document document(HeadBlock head) {
    var source = head.source();
    source.sha256().ifPresent(this::digest);
    return new Document(
        Said.text(source.document()),
        Said.text(source.sha256()),
        said.witness(source.witness(), Origin.Witness.CONTRACT),
        Said.text(head.governingLaw()));
  }

  /** Where each clause comes from that was read so far, and each block that has no id. */
  Map<String, Origin> origins(HeadBlock head, Document document) {
    var origins = new HashMap<String, Origin>();
    BLOCKS.forEach(
        block -> origins.put(block, new Origin(head.id().place(), "", "", document.witness())));
    said.clauses()
        .forEach((id, place) -> origins.put(id, new Origin(place, "", "", document.witness())));
    for (var entry : head.source().clauses().all()) {
      Text name = entry.name();
      Origin known = origins.get(name.value());
      if (known == null) {
        said.add(
            name.place(),
            "unknown clause "
                + Nearness.quoted(name.value())
                + Nearness.hint(name.value(), origins.keySet()));
        continue;
      }
      var clause = entry.value();
      clause.sha256().ifPresent(this::digest);
      String computed = clause.text().map(text -> Digest.of(text.value().strip()).hex()).orElse("");
      String stated = Said.text(clause.sha256());
      if (!computed.isEmpty() && !stated.isEmpty() && !computed.equals(stated)) {
        said.add(
            clause.sha256().orElseThrow().place(),
            "the words of %s have another SHA-256: %s".formatted(name.value(), computed));
      }
      origins.put(
          name.value(),
          new Origin(
              known.place(),
              Said.text(clause.section()),
              stated.isEmpty() ? computed : stated,
              said.witness(clause.witness(), document.witness())));
    }
    return origins;
  }

  private void digest(Text text) {
    if (!text.value().matches(SHA256)) {
      said.add(text.place(), "a SHA-256 is 64 small hexadecimal digits");
    }
  }
}
