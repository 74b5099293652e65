package dev.understudy.ledger;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/** A store whose machine may die: in the midst of a piece of work, or before it is answered. */
final class MortalStore implements LedgerStore {
  private static final Set<String> WRITING = Set.of("append", "put", "close");

  private final LedgerStore store;
  private int left = Integer.MAX_VALUE;
  private boolean isUnanswered;

  MortalStore(LedgerStore store) {
    this.store = store;
  }

  /** What a caller sees of a death. */
  static final class Died extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Dies after so many pages were written; where the work has fewer, before it is answered. */
  void dieAfter(int pages) {
    left = pages;
    isUnanswered = true;
  }

  void live() {
    left = Integer.MAX_VALUE;
    isUnanswered = false;
  }

  @Override
  public <T> T write(Work<T> work) throws IOException {
    T done = store.write(pages -> work.in(dying(pages)));
    if (isUnanswered) {
      throw new Died();
    }
    return done;
  }

  @Override
  public <T> T read(Work<T> work) throws IOException {
    return store.read(work);
  }

  private Pages dying(Pages pages) {
    return (Pages)
        Proxy.newProxyInstance(
            Pages.class.getClassLoader(),
            new Class<?>[] {Pages.class},
            (_, method, arguments) -> {
              if (WRITING.contains(method.getName()) && left-- <= 0) {
                throw new Died();
              }
              try {
                return method.invoke(pages, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
