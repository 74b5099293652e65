-- What the program kept in the tables of step 001-keys, as it wrote it.

INSERT INTO organisations (name, terms)
  VALUES ('acme', '{}');
INSERT INTO teams (name, organisation, terms)
  VALUES ('search', 'acme', '{}');
INSERT INTO virtual_keys (id, name, team, tags, terms, created_at, expires_at, revoked_at)
  VALUES ('z8nwzs75nz', 'nightly', 'search', '{"env":"prod é"}', '{}', 1795780800000, 1803556800000, NULL);
INSERT INTO key_secrets (digest, key_id, hint, created_at, valid_until)
  VALUES ('1a172ec700cefa15e10bdf97ee7d945edb59a003ac9e2f2ada8ea141b79ebe66', 'z8nwzs75nz', 'us-z8nwzs75nz-dxw0…', 1795780800000, NULL);
DELETE FROM directory_version;
INSERT INTO directory_version (only_row, version)
  VALUES (1, 3);
