-- The ledger: entries are appended and never changed, in a chain for each currency. Amounts are decimal text, so that
-- they are read as they were hashed; times are milliseconds since 1970.

CREATE TABLE ledger_entries (
  currency TEXT NOT NULL,
  number BIGINT NOT NULL,
  source TEXT NOT NULL,
  event_id TEXT NOT NULL,
  act TEXT NOT NULL,
  ends_source TEXT,
  ends_id TEXT,
  expires_at BIGINT,
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  booked_at BIGINT NOT NULL,
  correction INTEGER NOT NULL,
  postings TEXT NOT NULL,
  notes TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (currency, number),
  UNIQUE (source, event_id),
  UNIQUE (ends_source, ends_id)
);

CREATE INDEX ledger_entries_by_expiry ON ledger_entries (expires_at);

-- What the entries come to: kept so that nobody needs to add them up, and compared by ledger verify.
CREATE TABLE ledger_balances (
  currency TEXT NOT NULL,
  account TEXT NOT NULL,
  posted TEXT NOT NULL,
  pending TEXT NOT NULL,
  PRIMARY KEY (currency, account)
);

CREATE TABLE ledger_periods (
  currency TEXT PRIMARY KEY,
  closed_until BIGINT NOT NULL
);

-- One row that every writer locks: the chain has one end.
CREATE TABLE ledger_lock (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1)
);

INSERT INTO ledger_lock (only_row) VALUES (1);
