package dev.understudy.app;

import dev.understudy.ledger.AttemptBook;
import dev.understudy.ledger.LoggedCalls;
import dev.understudy.ledger.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Counts what came of what was to be booked, and tells of the first that was not. */
final class Bookings {
  private static final int CALLS_AT_ONCE = 500;
  private static final int TOLD_MAX = 20;

  private final PrintWriter err;
  private long booked;
  private long known;
  private long refused;
  private long foreign;
  private long kept;
  private int told;

  Bookings(PrintWriter err) {
    this.err = err;
  }

  /** Keeps the attempts in a file of log lines, and books what they cost. */
  void read(Path file, AttemptBook book) throws IOException {
    var waiting = new ArrayList<AttemptBook.Finished>();
    long number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          LoggedCalls.read(line).ifPresent(waiting::add);
        } catch (IllegalArgumentException e) {
          foreign++;
          tell("%s:%d: %s".formatted(file, number, e.getMessage()));
        }
        if (waiting.size() >= CALLS_AT_ONCE) {
          book(waiting, book);
        }
      }
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (MalformedInputException e) {
      throw new IOException(file + ": not UTF-8 text", e);
    }
    book(waiting, book);
  }

  private void book(List<AttemptBook.Finished> waiting, AttemptBook book) throws IOException {
    AttemptBook.Kept came = book.keep(waiting);
    long costs = waiting.stream().mapToLong(call -> call.costs().size()).sum();
    int not = came.refused().size() + came.conflicts().size();
    kept += came.attempts();
    booked += came.entries();
    refused += not;
    known += costs - came.entries() - not;
    came.refused().forEach(one -> tell(one.exchange() + ": " + one.reason()));
    came.conflicts().forEach(this::tell);
    waiting.clear();
  }

  /** Counts what became of drafts. */
  void take(List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      switch (verdict) {
        case Verdict.Booked _ -> booked++;
        case Verdict.Known _ -> known++;
        case Verdict.Conflict(_, String reason) -> {
          refused++;
          tell(reason);
        }
        case Verdict.Refused(String reason) -> {
          refused++;
          tell(reason);
        }
      }
    }
  }

  private void tell(String problem) {
    if (told++ < TOLD_MAX) {
      err.println(problem);
    }
  }

  boolean isKnown() {
    return known > 0;
  }

  boolean isRefused() {
    return refused > 0;
  }

  /** Whether something was refused, or a line was none of ours. */
  boolean isAmiss() {
    return refused + foreign > 0;
  }

  @Override
  public String toString() {
    return "%d entries booked, %d known already, %d not booked, %d lines not understood; %d attempts kept"
        .formatted(booked, known, refused, foreign, kept);
  }
}
