-- What settlement reads beside calls, and what it has made. Amounts and rates are decimal text, days are texts like
-- 2026-10-05, times are milliseconds since 1970. Facts are appended and never changed.

CREATE TABLE sales_facts (
  source TEXT NOT NULL,
  fact_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  amount TEXT NOT NULL,
  currency TEXT NOT NULL,
  contract TEXT NOT NULL,
  seller TEXT NOT NULL,
  product TEXT NOT NULL,
  channel TEXT NOT NULL,
  model TEXT NOT NULL,
  region TEXT NOT NULL,
  segment TEXT NOT NULL,
  customer TEXT NOT NULL,
  reference TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (source, fact_id)
);

CREATE INDEX sales_facts_by_time ON sales_facts (occurred_at, source, fact_id);

CREATE TABLE exchange_rates (
  from_currency TEXT NOT NULL,
  to_currency TEXT NOT NULL,
  day TEXT NOT NULL,
  rate TEXT NOT NULL,
  source TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (from_currency, to_currency, day)
);

CREATE TABLE statements (
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  period TEXT NOT NULL,
  revision INTEGER NOT NULL,
  number TEXT NOT NULL,
  digest TEXT NOT NULL,
  body TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (kind, subject, period, revision)
);

-- The last number that was given in each series of invoices: counted up in the transaction that keeps the invoice.
CREATE TABLE statement_series (
  series TEXT PRIMARY KEY,
  last_number BIGINT NOT NULL
);
