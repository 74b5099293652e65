-- What the program kept in the tables of step 002-ledger, as it wrote it.

INSERT INTO ledger_entries (currency, number, source, event_id, act, ends_source, ends_id, expires_at, occurred_at, received_at, booked_at, correction, postings, notes, previous, hash)
  VALUES ('USD', 1, 'exchange', '01jdb0/0', 'post', NULL, NULL, NULL, 1795780800000, 1795780890000, 1795780890000, 0, '[["usage:claude","0.054399"],["payable:claude","-0.054399"]]', '{"price":"list/anthropic/claude-sonnet-4-5@2025-09-29","target":"claude/claude-sonnet-4-5"}', '0000000000000000000000000000000000000000000000000000000000000000', '6f569111ea71231b9640e009301e6fa63c6d5998255efc946ac3b77b1702af6d');
INSERT INTO ledger_entries (currency, number, source, event_id, act, ends_source, ends_id, expires_at, occurred_at, received_at, booked_at, correction, postings, notes, previous, hash)
  VALUES ('USD', 2, 'exchange', '01jdb1/0', 'post', NULL, NULL, NULL, 1795780801000, 1795780890000, 1795780890000, 0, '[["usage:claude","0.054399"],["payable:claude","-0.054399"]]', '{"price":"list/anthropic/claude-sonnet-4-5@2025-09-29","target":"claude/claude-sonnet-4-5"}', '6f569111ea71231b9640e009301e6fa63c6d5998255efc946ac3b77b1702af6d', 'c7cbc91d02cf87feeffdaa263d4da485948c52e6c132928e1c16f538fa957f71');
INSERT INTO ledger_entries (currency, number, source, event_id, act, ends_source, ends_id, expires_at, occurred_at, received_at, booked_at, correction, postings, notes, previous, hash)
  VALUES ('USD', 3, 'exchange', '01jdb2/0', 'post', NULL, NULL, NULL, 1795780802000, 1795780890000, 1795780890000, 0, '[["usage:claude","0.054399"],["payable:claude","-0.054399"]]', '{"price":"list/anthropic/claude-sonnet-4-5@2025-09-29","target":"claude/claude-sonnet-4-5"}', 'c7cbc91d02cf87feeffdaa263d4da485948c52e6c132928e1c16f538fa957f71', '5d7c56ca44a50d072b5a4dbe90e0ccc0b3f17ffdcad632aa216b89e2f0e03f1e');
INSERT INTO ledger_entries (currency, number, source, event_id, act, ends_source, ends_id, expires_at, occurred_at, received_at, booked_at, correction, postings, notes, previous, hash)
  VALUES ('EUR', 1, 'bill', 'b-1', 'post', NULL, NULL, NULL, 1795780800000, 1795780900000, 1795780900000, 0, '[["usage:openai","7.77"],["payable:openai","-7.77"]]', '{}', '0000000000000000000000000000000000000000000000000000000000000000', '1a08dde50cac8e5f7e2f4b80a2e1080315a2cb22d6bb08ed23149f041289b7b6');
INSERT INTO ledger_entries (currency, number, source, event_id, act, ends_source, ends_id, expires_at, occurred_at, received_at, booked_at, correction, postings, notes, previous, hash)
  VALUES ('EUR', 2, 'bill', 'r-1', 'reserve', NULL, NULL, 1795789800000, 1795780800000, 1795780900000, 1795780900000, 0, '[["usage:openai","7.77"],["payable:openai","-7.77"]]', '{}', '1a08dde50cac8e5f7e2f4b80a2e1080315a2cb22d6bb08ed23149f041289b7b6', '88570b75ebf2996301ecafbc580a1deeb029262c0ebcf9627109da43c8ec9a6e');
INSERT INTO ledger_entries (currency, number, source, event_id, act, ends_source, ends_id, expires_at, occurred_at, received_at, booked_at, correction, postings, notes, previous, hash)
  VALUES ('EUR', 3, 'bill', 'b-1/back', 'reverse', 'bill', 'b-1', NULL, 1795780800000, 1795780900000, 1795780900000, 0, '[["usage:openai","-7.77"],["payable:openai","7.77"]]', '{"reason":"told twice"}', '88570b75ebf2996301ecafbc580a1deeb029262c0ebcf9627109da43c8ec9a6e', '79777cbb9dc8e80cb4d2babd2a9f24e3a685ff6c225e2c222368fa9d5abb9937');
INSERT INTO ledger_balances (currency, account, posted, pending)
  VALUES ('USD', 'usage:claude', '0.163197', '0');
INSERT INTO ledger_balances (currency, account, posted, pending)
  VALUES ('USD', 'payable:claude', '-0.163197', '0');
INSERT INTO ledger_balances (currency, account, posted, pending)
  VALUES ('EUR', 'payable:openai', '0', '-7.77');
INSERT INTO ledger_balances (currency, account, posted, pending)
  VALUES ('EUR', 'usage:openai', '0', '7.77');
INSERT INTO ledger_periods (currency, closed_until)
  VALUES ('EUR', 1793491200000);
