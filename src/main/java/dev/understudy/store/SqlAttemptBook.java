package dev.understudy.store;

import dev.understudy.exchange.Fact;
import dev.understudy.ledger.AttemptBook;
import dev.understudy.ledger.Draft;
import dev.understudy.ledger.Ledger;
import dev.understudy.ledger.Verdict;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps finished calls in the database: attempts, entries and records in one transaction. */
public final class SqlAttemptBook implements AttemptBook {
  private final Database database;
  private final Ledger ledger;
  private final FactNames names = new FactNames();

  public SqlAttemptBook(Database database, InstantSource clock) {
    this.database = database;
    this.ledger = new Ledger(new SqlLedgerStore(database), clock);
  }

  @Override
  public Kept keep(List<Finished> calls) throws IOException {
    List<Fact> facts = calls.stream().flatMap(call -> call.attempts().stream()).toList();
    List<Draft> drafts = calls.stream().flatMap(call -> call.costs().stream()).toList();
    // Before the ledger is locked, and on this thread: it may have stood back behind calls, and
    // another would not have.
    List<RecordPages.Block> packed = RecordPages.pack(calls);
    var seen = new AtomicReference<FactNames.Seen>();
    Kept kept =
        database.write(session -> {
          SqlLedgerStore.lock(session);
          FactNames.Seen in = names.in(session);
          seen.set(in);
          int attempts = new FactPages(session, in).keep(facts);
          List<Verdict> verdicts =
              SqlLedgerStore.run(pages -> ledger.bookEach(drafts, pages), session);
          RecordPages.write(session, packed);
          return told(attempts, drafts, verdicts);
        });
    seen.get().remember();
    return kept;
  }

  private static Kept told(int attempts, List<Draft> drafts, List<Verdict> verdicts) {
    int entries = 0;
    var refused = new ArrayList<Refused>();
    var conflicts = new ArrayList<String>();
    for (int i = 0; i < verdicts.size(); i++) {
      switch (verdicts.get(i)) {
        case Verdict.Booked _ -> entries++;
        case Verdict.Known _ -> {}
        case Verdict.Conflict(_, String reason) -> conflicts.add(reason);
        case Verdict.Refused(String reason) -> {
          String id = drafts.get(i).event().id();
          refused.add(new Refused(id.substring(0, id.lastIndexOf('/')), reason));
        }
      }
    }
    return new Kept(attempts, entries, refused, conflicts);
  }
}
