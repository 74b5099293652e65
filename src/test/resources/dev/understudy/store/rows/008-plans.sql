-- What the program kept in the tables of step 008-plans, as it wrote it.

DELETE FROM plans;
INSERT INTO plans (slot, version, text, since)
  VALUES ('current', 2, 'routes: {a: {serve: "x/é"}}
', 1795780800000);
INSERT INTO plans (slot, version, text, since)
  VALUES ('previous', 1, '', 0);
