-- The plan that operators sent for all replicas, and the one before. An empty text stands for the
-- routes of the settings file. Times are milliseconds since 1970.

CREATE TABLE plans (
  slot TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  text TEXT NOT NULL,
  since BIGINT NOT NULL
);

INSERT INTO plans (slot, version, text, since) VALUES ('current', 1, '', 0);
