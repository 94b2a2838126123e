-- A tap: what it writes before anything else, what it reads, and what it is told. A customer
-- waits for each round trip, and for the plan of each statement: the short transactions of the
-- ledger keep their connection, and with it the plans of what runs in a function.

-- Writes an act of a till once: 'new', 'same' when it was written before, 'other' when its
-- number belongs to another act.
CREATE OR REPLACE FUNCTION tibillet_device_act_record(of_device integer, act_seq integer, act_kind text, act_key text)
RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tibillet_device_act (device_id, seq, kind, key, received_at)
    VALUES (of_device, act_seq, act_kind, act_key, tibillet_now())
    ON CONFLICT (device_id, seq) DO NOTHING;
    IF FOUND THEN
        RETURN 'new';
    END IF;
    RETURN (SELECT CASE WHEN a.kind = act_kind AND a.key = act_key THEN 'same' ELSE 'other' END
              FROM tibillet_device_act a WHERE a.device_id = of_device AND a.seq = act_seq);
END $$;

-- Begins an act: counts the request, writes the act, and says whether the till gave its key up
-- before and which operation the key made already. Over the limit, nothing is written.
CREATE OR REPLACE FUNCTION tibillet_device_act_begin(
    of_device integer, caller bytea, most integer, act_seq integer, act_kind text, act_key text)
RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT r.allowed FROM tibillet_rate_hit(caller, most, 60) r) THEN
        RETURN jsonb_build_object('allowed', false);
    END IF;
    RETURN jsonb_build_object(
        'allowed', true,
        'written', tibillet_device_act_record(of_device, act_seq, act_kind, act_key),
        'voided', EXISTS (SELECT FROM tibillet_device_act a
                           WHERE a.device_id = of_device AND a.key = act_key AND a.kind = 'void'),
        'operation_id', (SELECT o.id FROM tibillet_operation o
                          WHERE o.origin = 'device:' || of_device AND o.key = act_key LIMIT 1));
END $$;

-- What a tap reads: the rules of the till and of its company, the card with its wallet, and of
-- each product what a sale looks at, with since when it is sold out where this till takes its
-- goods. Columns bear the names of their fields; a part that does not exist is null.
CREATE OR REPLACE FUNCTION tibillet_till_read(of_config integer, card_uid text, products integer[])
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'now', to_char(tibillet_now(), 'YYYY-MM-DD HH24:MI:SS'),
        'config', jsonb_build_object(
            'company_id', f.company_id,
            'tibillet_licence', f.tibillet_licence,
            'tibillet_members_only', f.tibillet_members_only,
            'tibillet_members_right', f.tibillet_members_right,
            'tibillet_member_pricelist_id', f.tibillet_member_pricelist_id,
            'tibillet_card_pricelist_id', f.tibillet_card_pricelist_id,
            'tibillet_deposit_max', f.tibillet_deposit_max,
            'tibillet_merchant_id', f.tibillet_merchant_id),
        'company', jsonb_build_object(
            'currency_id', p.currency_id,
            'tibillet_topup_product_id', p.tibillet_topup_product_id,
            'tibillet_tap_limit_minor', p.tibillet_tap_limit_minor,
            'tibillet_spent_limit_minor', p.tibillet_spent_limit_minor),
        'card', (SELECT jsonb_build_object('id', c.id, 'state', c.state, 'number', c.number, 'wallet_id', c.wallet_id)
                   FROM tibillet_card c WHERE c.uid = card_uid),
        'wallet', (SELECT jsonb_build_object(
                          'partner_id', w.partner_id, 'frozen', w.frozen, 'kind', w.kind,
                          'daily_limit_minor', w.daily_limit_minor, 'merged_into_id', w.merged_into_id)
                     FROM tibillet_card c JOIN tibillet_wallet w ON w.id = c.wallet_id
                    WHERE c.uid = card_uid),
        'goods', (SELECT jsonb_agg(jsonb_build_array(
                         g.id, g.active AND t.active, t.company_id, t.type, t.list_price, t.id,
                         t.tibillet_alcohol, t.tibillet_alcohol_group, t.tibillet_minimum_age,
                         t.tibillet_right_code, t.tibillet_deposit, t.tibillet_price_asset_id,
                         y.parent_path, t.tibillet_merchant_id,
                         (SELECT to_char(s.since, 'YYYY-MM-DD HH24:MI:SS') FROM tibillet_sold_out s
                           WHERE s.product_tmpl_id = t.id AND s.ended_at IS NULL
                             AND s.location_id = k.default_location_src_id)))
                    FROM product_product g
                    JOIN product_template t ON t.id = g.product_tmpl_id
                    LEFT JOIN product_category y ON y.id = t.categ_id
                   WHERE g.id = ANY(products)))
      FROM pos_config f
      JOIN res_company p ON p.id = f.company_id
      LEFT JOIN stock_picking_type k ON k.id = f.picking_type_id
     WHERE f.id = of_config);
END $$;

-- What a till is told of a payment that is set aside: its lines asset by asset, what is left in
-- the purses that this company takes, and whether the wallet has a notice to show.
CREATE OR REPLACE FUNCTION tibillet_till_told(of_operation integer, of_wallet integer, at_company integer, money text[], lang text)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
    SELECT jsonb_build_object(
        'state', CASE WHEN o.state = 'pending' AND h.expires_at <= tibillet_now() THEN 'expired' ELSE o.state END,
        'requested_minor', o.requested_minor,
        'expires_at', h.expires_at::text,
        'lines', (SELECT jsonb_agg(jsonb_build_array(part.asset_id, part.amount_minor, part.earned) ORDER BY part.first_id)
                    FROM (SELECT line.asset_id, sum(line.amount_minor) AS amount_minor, line.earned, min(line.id) AS first_id
                            FROM (SELECT t.id, t.asset_id, t.amount_minor, t.earned IS TRUE AS earned
                                    FROM tibillet_transfer t WHERE t.operation_id = o.id
                                   UNION ALL
                                  SELECT l.id, l.asset_id, l.amount_minor, l.earned IS TRUE
                                    FROM tibillet_hold_line l
                                   WHERE l.operation_id = o.id AND o.state = 'pending') line
                           GROUP BY line.asset_id, line.earned) part),
        'left', (SELECT jsonb_agg(jsonb_build_array(u.asset_id, u.available_minor) ORDER BY u.place)
                   FROM tibillet_purses(of_wallet, at_company, money) WITH ORDINALITY
                        u(account_id, asset_id, kind, available_minor, overdraft_minor, accepted, other_currency,
                          refundable, category_ids, place_category_ids, room_minor, place_account_id, tax_rate, place)
                  WHERE u.accepted AND NOT u.other_currency),
        'assets', (SELECT jsonb_object_agg(s.id, jsonb_build_object(
                          'code', s.code, 'kind', s.kind, 'name', COALESCE(s.name->>lang, s.name->>'en_US'), 'unit_label', s.unit_label, 'scale', s.scale,
                          'unit_value_minor', s.unit_value_minor, 'vat_nature', s.vat_nature))
                     FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id
                    WHERE a.wallet_id = of_wallet),
        'noticed', EXISTS (SELECT FROM tibillet_notice n
                            WHERE n.wallet_id = of_wallet AND n.state IN ('due', 'failed')
                              AND n.due_at <= tibillet_now()))
      FROM tibillet_operation o
      LEFT JOIN tibillet_hold h ON h.operation_id = o.id
     WHERE o.id = of_operation);
END $$;
