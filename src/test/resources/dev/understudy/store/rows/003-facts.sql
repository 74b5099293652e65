-- What the program kept in the tables of step 003-facts, as it wrote it.

INSERT INTO fact_groups (id, digest, organisation, team, key_id, route, purpose, vendor, kind, model, reply_model, region, tier, estimated, price)
  VALUES (1, '4aac7f300e5747f62f5176f164f439e7', 'acme', 'search', 'k7q2', 'smart', 'call', 'claude', 'anthropic', 'claude-sonnet-4-5', 'claude-sonnet-4-5-20250929', 'eu', 'standard', 0, 'list/anthropic/claude-sonnet-4-5@2025-09-29');
INSERT INTO fact_forms (id, digest, form)
  VALUES (1, '86f98f8529f0cdf817f391067e1a9cc3', '{"credential":"env:ANTHROPIC_API_KEY","outcome":"ANSWERED","currency":"USD","tags":{"cost-centre":"4711"},"leaves":["input.text","input.text.write_5m","output.text"],"lines":[["input.text","0.000003",true,true],["input.text.write_5m","0.00000375",true,true],["output.text","0.000015",true,true]],"unpriced":[]}');
INSERT INTO fact_items (id, digest, item, each_price, currency, priced)
  VALUES (1, 'b46f302d35403aa93b08004c673ce3ee', 'input.text', '0.000003', 'USD', 1);
INSERT INTO fact_items (id, digest, item, each_price, currency, priced)
  VALUES (2, 'ca95ec7dda85a4ea7219360e859dbe44', 'input.text.write_5m', '0.00000375', 'USD', 1);
INSERT INTO fact_items (id, digest, item, each_price, currency, priced)
  VALUES (3, 'f21c68fc5a497615aa0e8b990c2b2991', 'output.text', '0.000015', 'USD', 1);
INSERT INTO facts (exchange, place, occurred_at, group_id, form_id, numbers)
  VALUES ('01jdb0', 0, 1795780800000, 1, 1, '3 12304 550');
INSERT INTO facts (exchange, place, occurred_at, group_id, form_id, numbers)
  VALUES ('01jdb1', 0, 1795780801000, 1, 1, '3 12304 550');
INSERT INTO facts (exchange, place, occurred_at, group_id, form_id, numbers)
  VALUES ('01jdb2', 0, 1795780802000, 1, 1, '3 12304 550');
INSERT INTO fact_sums (hour, group_id, item_id, quantity, amount, counted, attempts)
  VALUES (1795780800000, 1, 1, '9', '0.000027', '0.000027', 3);
INSERT INTO fact_sums (hour, group_id, item_id, quantity, amount, counted, attempts)
  VALUES (1795780800000, 1, 2, '36912', '0.13842', '0.13842', 3);
INSERT INTO fact_sums (hour, group_id, item_id, quantity, amount, counted, attempts)
  VALUES (1795780800000, 1, 3, '1650', '0.02475', '0.02475', 3);
DELETE FROM fact_pruning;
INSERT INTO fact_pruning (only_row, before)
  VALUES (1, 0);
