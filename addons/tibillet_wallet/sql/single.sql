-- What of a single-purpose asset is without its tax. The tax was due when it was sold (one known
-- rate), so the books owe its holders the net alone: one row for each holder's side of a transfer,
-- both amounts with their sign. It never changes.
CREATE TABLE IF NOT EXISTS tibillet_single (
    transfer_id  integer NOT NULL,
    account_id   integer NOT NULL REFERENCES tibillet_account (id),
    amount_minor bigint NOT NULL,
    net_minor    bigint NOT NULL,
    PRIMARY KEY (transfer_id, account_id)
);
CREATE INDEX IF NOT EXISTS tibillet_single_account ON tibillet_single (account_id);

DROP TRIGGER IF EXISTS tibillet_append_only ON tibillet_single;
CREATE TRIGGER tibillet_append_only BEFORE DELETE OR UPDATE ON tibillet_single
    FOR EACH ROW EXECUTE FUNCTION tibillet_guard_append_only();
DROP TRIGGER IF EXISTS tibillet_no_truncate ON tibillet_single;
CREATE TRIGGER tibillet_no_truncate BEFORE TRUNCATE ON tibillet_single
    FOR EACH STATEMENT EXECUTE FUNCTION tibillet_guard_append_only();

-- Sold or paid back with its tax: the net as Odoo's own document has it, for one line of this
-- price: it rounds the tax, half a cent up, and the rest is the net. The part of a top-up that came in cash has an operation of its own, `<key>/cash`: both
-- parts together are the one line.
CREATE OR REPLACE FUNCTION tibillet_single_sold(amount bigint, rate numeric, of_origin text, of_key text)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    first_minor bigint := 0;
    first_net   bigint := 0;
BEGIN
    IF of_key LIKE '%/cash' THEN
        SELECT COALESCE(sum(abs(n.amount_minor)), 0), COALESCE(sum(abs(n.net_minor)), 0)
          INTO first_minor, first_net
          FROM tibillet_operation o
          JOIN tibillet_transfer t ON t.operation_id = o.id
          JOIN tibillet_single n ON n.transfer_id = t.id
         WHERE o.origin = of_origin AND o.key = left(of_key, -5);
    END IF;
    RETURN amount + first_minor - round((amount + first_minor) * rate / (100 + rate)) - first_net;
END $$;

-- Spent, given, forgotten or merged: its share of what the account holds without tax, so that an
-- empty account owes nothing. Reversed: its share of what the named operation moved.
CREATE OR REPLACE FUNCTION tibillet_single_share(amount bigint, of_minor bigint, of_net bigint, rate numeric)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT GREATEST(0, CASE
        WHEN of_minor <= 0 THEN round(amount * 100 / (100 + rate))
        WHEN amount >= of_minor THEN of_net + round((amount - of_minor) * 100 / (100 + rate))
        ELSE round(of_net * amount::numeric / of_minor) END)::bigint
$$;

CREATE OR REPLACE FUNCTION tibillet_single_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved     record;
    of_minor  bigint;
    of_net    bigint;
    net       bigint;
BEGIN
    FOR moved IN
        SELECT m.id, m.debit_account_id, m.credit_account_id, m.amount_minor, m.asset_id,
               x.amount AS rate, o.code, o.origin, o.key, o.names_id,
               d.balance_minor IS NOT NULL AS leaves, c.balance_minor IS NOT NULL AS arrives
          FROM added m
          JOIN tibillet_asset s ON s.id = m.asset_id AND s.vat_nature = 'single'
          JOIN account_tax x ON x.id = s.vat_tax_id
          JOIN tibillet_operation o ON o.id = m.operation_id
          JOIN tibillet_account d ON d.id = m.debit_account_id
          JOIN tibillet_account c ON c.id = m.credit_account_id
         ORDER BY m.id
    LOOP
        CONTINUE WHEN NOT (moved.leaves OR moved.arrives);
        IF moved.code IN ('undo', 'correct') THEN
            SELECT abs(COALESCE(sum(n.amount_minor), 0)), abs(COALESCE(sum(n.net_minor), 0))
              INTO of_minor, of_net
              FROM tibillet_operation o
              JOIN tibillet_transfer t ON t.operation_id = o.id AND t.asset_id = moved.asset_id
              JOIN tibillet_single n ON n.transfer_id = t.id
             WHERE o.id = moved.names_id OR o.names_id = moved.names_id;
            net := tibillet_single_share(moved.amount_minor, of_minor, of_net, moved.rate);
        ELSIF NOT moved.leaves OR moved.code IN ('refund', 'empty', 'chargeback') THEN
            net := tibillet_single_sold(moved.amount_minor, moved.rate, moved.origin, moved.key);
        ELSE
            SELECT COALESCE(sum(n.amount_minor), 0), COALESCE(sum(n.net_minor), 0)
              INTO of_minor, of_net
              FROM tibillet_single n WHERE n.account_id = moved.debit_account_id;
            net := tibillet_single_share(moved.amount_minor, of_minor, of_net, moved.rate);
        END IF;
        IF moved.leaves THEN
            INSERT INTO tibillet_single
            VALUES (moved.id, moved.debit_account_id, -moved.amount_minor, -net);
        END IF;
        IF moved.arrives THEN
            INSERT INTO tibillet_single
            VALUES (moved.id, moved.credit_account_id, moved.amount_minor, net);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS tibillet_single_note ON tibillet_transfer;
CREATE TRIGGER tibillet_single_note AFTER INSERT ON tibillet_transfer
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tibillet_single_note();
