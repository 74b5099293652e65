-- The records of finished calls, some dozens compressed together. Times are milliseconds since 1970.

CREATE TABLE exchange_blocks (
  id INTEGER PRIMARY KEY,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  records INTEGER NOT NULL,
  bytes BLOB NOT NULL
);

CREATE INDEX exchange_blocks_by_time ON exchange_blocks (last_at);

-- In which block a record is.
CREATE TABLE exchange_places (
  exchange TEXT NOT NULL PRIMARY KEY,
  block_id INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX exchange_places_by_block ON exchange_places (block_id);
