-- Finished attempts, each once. What repeats is kept once, in the tables of names; amounts and quantities are decimal
-- text; times are milliseconds since 1970.

CREATE TABLE fact_groups (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  organisation TEXT NOT NULL,
  team TEXT NOT NULL,
  key_id TEXT NOT NULL,
  route TEXT NOT NULL,
  purpose TEXT NOT NULL,
  vendor TEXT NOT NULL,
  kind TEXT NOT NULL,
  model TEXT NOT NULL,
  reply_model TEXT NOT NULL,
  region TEXT NOT NULL,
  tier TEXT NOT NULL,
  estimated INTEGER NOT NULL,
  price TEXT NOT NULL
);

-- What an attempt's numbers mean, and the rest of its words.
CREATE TABLE fact_forms (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  form TEXT NOT NULL
);

CREATE TABLE fact_items (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  item TEXT NOT NULL,
  each_price TEXT,
  currency TEXT NOT NULL,
  priced INTEGER NOT NULL
);

CREATE TABLE facts (
  exchange TEXT NOT NULL,
  place INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  form_id INTEGER NOT NULL,
  numbers TEXT NOT NULL,
  PRIMARY KEY (exchange, place)
) WITHOUT ROWID;

CREATE INDEX facts_by_time ON facts (occurred_at);

-- What the attempts of an hour come to: written with the attempts, so that nobody needs to add them up.
CREATE TABLE fact_sums (
  hour INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  quantity TEXT NOT NULL,
  amount TEXT NOT NULL,
  counted TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  PRIMARY KEY (hour, group_id, item_id)
) WITHOUT ROWID;

-- Before this, attempts are no longer kept one by one.
CREATE TABLE fact_pruning (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  before INTEGER NOT NULL
);

INSERT INTO fact_pruning (only_row, before) VALUES (1, 0);
