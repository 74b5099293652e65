-- What the program kept in the tables of step 006-contracts, as it wrote it.

INSERT INTO contract_evidence (number, taken_at, told_by, kind, contract, clause, happened_at, details, previous, hash)
  VALUES (1, 1795780800000, 'ann', 'outage', '', '', 1795780800000, '{"since":"2026-11-27T12:00:00Z","vendor":"azure"}', '0000000000000000000000000000000000000000000000000000000000000000', 'ea7793791adcee6b8d4cb1d64b23af9bbe85b94b3172914b88493ea8dbaa5221');
INSERT INTO contract_evidence (number, taken_at, told_by, kind, contract, clause, happened_at, details, previous, hash)
  VALUES (2, 1795780800000, 'bob', 'return', '', '', 1795780860000, '{"vendor":"azure"}', 'ea7793791adcee6b8d4cb1d64b23af9bbe85b94b3172914b88493ea8dbaa5221', 'ce750cd828af4748b8b8a041bc5531fc61ede33eefc928f6024cf519c76e2c4f');
