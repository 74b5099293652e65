-- What the program kept in the tables of step 005-settlement, as it wrote it.

INSERT INTO sales_facts (source, fact_id, kind, occurred_at, amount, currency, contract, seller, product, channel, model, region, segment, customer, reference, received_at)
  VALUES ('shop', 's-1', 'sale', 1795780800000, '9000.01', 'EUR', '', 'acme', 'assistant, größer', 'api', 'gpt-x', 'eu', '', 'c-1', '', 1795780800000);
INSERT INTO exchange_rates (from_currency, to_currency, day, rate, source, received_at)
  VALUES ('EUR', 'USD', '2026-11-27', '1.0815', 'ECB reference rate', 1795780800000);
INSERT INTO statements (kind, subject, period, revision, number, digest, body, made_at)
  VALUES ('STATEMENT', 'resale', '2026-10', 1, '', 'd1', '{"n":1}', 1795780800000);
INSERT INTO statements (kind, subject, period, revision, number, digest, body, made_at)
  VALUES ('INVOICE', 'c-1', '2026-10', 1, '2026-00001', 'd2', '{"n":2}', 1795780800000);
INSERT INTO statement_series (series, last_number)
  VALUES ('2026-', 1);
