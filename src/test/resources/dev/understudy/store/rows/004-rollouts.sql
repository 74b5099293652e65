-- What the program kept in the tables of step 004-rollouts, as it wrote it.

INSERT INTO rollouts (id, name, route, started_at, in_force, state)
  VALUES ('id-one', 'one', 'assistant', 1795780800000, 1, '{"id":"id-one","name":"one","route":"assistant","candidate":"mai/mai-1","incumbent":"openai/gpt-5.1","declared":"{}","rules":{"stages":[0.0,0.05,1.0],"guardrails":[{"metric":"errors","margin":0.1,"tolerates":0.1,"quantile":0.95,"limit":0.5,"window":10}],"alpha":0.05,"unproven_max":0.05,"calls_min":20,"stage_seconds_min":0.0,"approval":"none","sticky":"conversation","shadow":0.1,"rehearsal":0.01,"copies_at_once":8,"copies_waiting":100,"copies_cost_per_day":50.0},"stage":0,"status":"running","clause":"it has begun","started_at":"2026-11-27T12:00:00Z","stage_since":"2026-11-27T12:00:00Z","paused_at":"2026-11-27T12:00:00Z","steps":1,"rehearsals":0,"rehearsals_failed":0,"spent_on":"1970-01-01","spent":0.0,"evidence":{"calls":0,"pairs":0,"scales":{"errors":{"proof":[0.45,0,0.0,0.0,0.0,0.0],"harm":[0.55,0,0.0,0.0,0.0,0.0],"sums":[0.0,0.0],"counts":[0,0],"waiting":[0.0,0.0],"waiting_counts":[0,0]}}}}');
INSERT INTO rollout_steps (rollout, number, at, kind, share_before, share_after, clause, made_by, evidence)
  VALUES ('id-one', 1, 1795780800000, 'start', '0.0', '0.0', 'mai/mai-1 against openai/gpt-5.1', 'anna', 'errors: difference 0 points in 0 comparisons, margin 10 (p 1)');
DELETE FROM rollout_version;
INSERT INTO rollout_version (only_row, version)
  VALUES (1, 1);
