-- Organisations, teams and virtual keys. Terms and tags are JSON, as the operators' door shows them.

CREATE TABLE organisations (
  name TEXT PRIMARY KEY,
  terms TEXT NOT NULL
);

CREATE TABLE teams (
  name TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (name),
  terms TEXT NOT NULL
);

-- Times are milliseconds since 1970.
CREATE TABLE virtual_keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  team TEXT NOT NULL REFERENCES teams (name),
  tags TEXT NOT NULL,
  terms TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);

-- Of a secret only its SHA-256 digest is kept, in hexadecimal digits.
CREATE TABLE key_secrets (
  digest TEXT PRIMARY KEY,
  key_id TEXT NOT NULL REFERENCES virtual_keys (id),
  hint TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  valid_until BIGINT
);

CREATE INDEX key_secrets_by_key ON key_secrets (key_id);

-- One row: grows by one with every change, so that replicas see whether they are up to date.
CREATE TABLE directory_version (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  version BIGINT NOT NULL
);

INSERT INTO directory_version (only_row, version) VALUES (1, 0);

INSERT INTO organisations (name, terms) VALUES ('default', '{}');

INSERT INTO teams (name, organisation, terms) VALUES ('default', 'default', '{}');
