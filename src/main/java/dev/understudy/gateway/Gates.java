package dev.understudy.gateway;

import dev.understudy.contract.Basis;
import dev.understudy.exchange.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Several gates in a row. */
record Gates(List<Gate> gates) implements Gate {
  Gates(Gate... gates) {
    this(List.of(gates));
  }

  @Override
  public Verdict admits(Asking asking) {
    var tickets = new ArrayList<Ticket>(2);
    for (Gate gate : gates) {
      switch (gate.admits(asking)) {
        case Verdict.Open(Ticket ticket) -> {
          if (!ticket.equals(Ticket.NONE)) {
            tickets.add(ticket);
          }
        }
        case Verdict.Closed closed -> {
          Attempt never = asking.notMade(closed.why());
          tickets.forEach(ticket -> ticket.over(never));
          return closed;
        }
        case Verdict.Later later -> {
          Attempt never = asking.notMade("it waits");
          tickets.forEach(ticket -> ticket.over(never));
          return later;
        }
      }
    }
    return switch (tickets.size()) {
      case 0 -> Verdict.FREE;
      case 1 -> new Verdict.Open(tickets.getFirst());
      default -> new Verdict.Open(new Tickets(tickets.toArray(Ticket[]::new)));
    };
  }

  /** Tells each of several. */
  private static final class Tickets implements Ticket {
    private final Ticket[] tickets;

    Tickets(Ticket[] tickets) {
      this.tickets = tickets;
    }

    @Override
    public String basis() {
      for (Ticket ticket : tickets) {
        if (!ticket.basis().isEmpty()) {
          return ticket.basis();
        }
      }
      return "";
    }

    @Override
    public Optional<Basis> clause() {
      for (Ticket ticket : tickets) {
        Optional<Basis> clause = ticket.clause();
        if (clause.isPresent()) {
          return clause;
        }
      }
      return Optional.empty();
    }

    @Override
    public void sent() {
      for (Ticket ticket : tickets) {
        ticket.sent();
      }
    }

    @Override
    public void answering(int status, Function<String, Optional<String>> header) {
      for (Ticket ticket : tickets) {
        ticket.answering(status, header);
      }
    }

    @Override
    public void refused(int status, Function<String, Optional<String>> header, byte[] body) {
      for (Ticket ticket : tickets) {
        ticket.refused(status, header, body);
      }
    }

    @Override
    public void over(Attempt attempt) {
      for (Ticket ticket : tickets) {
        ticket.over(attempt);
      }
    }
  }
}
