-- Rollouts as they stand, with all evidence as JSON. Times are milliseconds since 1970.

CREATE TABLE rollouts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  route TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  in_force BIGINT NOT NULL,
  state TEXT NOT NULL
);

-- What a rollout did and why. Shares are decimal numbers as text: they are shown, never summed.
CREATE TABLE rollout_steps (
  rollout TEXT NOT NULL REFERENCES rollouts (id),
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  share_before TEXT NOT NULL,
  share_after TEXT NOT NULL,
  clause TEXT NOT NULL,
  made_by TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (rollout, number)
);

-- One row: grows by one with every change, so that replicas see whether they are up to date.
CREATE TABLE rollout_version (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  version BIGINT NOT NULL
);

INSERT INTO rollout_version (only_row, version) VALUES (1, 0);
