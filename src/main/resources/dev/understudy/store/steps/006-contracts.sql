-- What happened under contracts: declarations, notices, outages, each with the hash of the one before.
CREATE TABLE contract_evidence (
  number BIGINT PRIMARY KEY,
  taken_at BIGINT NOT NULL,
  told_by TEXT NOT NULL,
  kind TEXT NOT NULL,
  contract TEXT NOT NULL,
  clause TEXT NOT NULL,
  happened_at BIGINT NOT NULL,
  details TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);
