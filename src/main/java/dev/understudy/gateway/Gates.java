package dev.understudy.gateway;

import dev.understudy.exchange.Attempt;
import java.util.ArrayList;
import java.util.List;

/** Several gates in a row. */
record Gates(List<Gate> gates) implements Gate {
  Gates(Gate... gates) {
    this(List.of(gates));
  }

  @Override
  public Verdict admits(Asking asking) {
    var tickets = new ArrayList<Ticket>(gates.size());
    for (Gate gate : gates) {
      switch (gate.admits(asking)) {
        case Verdict.Open(Ticket ticket) -> tickets.add(ticket);
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
    return new Verdict.Open(attempt -> tickets.forEach(ticket -> ticket.over(attempt)));
  }
}
