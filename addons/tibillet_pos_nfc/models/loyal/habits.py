"""Whether a holder has a habit: a yes or a no, computed when their card is on the reader.

Nothing is stored and nobody is listed: each query is asked for one holder's wallets.
"""

#: At least so many orders with one of the goods, less those that were given back whole.
BOUGHT = """
    SELECT count(DISTINCT l.order_id) >= %(count)s
      FROM tibillet_operation o
      JOIN pos_payment p  -- by its index: a customer waits
        ON p.tibillet_device_id = substring(o.origin FROM '^device:([0-9]+)$')::integer
       AND p.transaction_id = split_part(o.key, '/', 1) AND p.tibillet_device_id IS NOT NULL
      JOIN pos_order r ON r.id = p.pos_order_id AND r.state IN ('paid', 'done', 'invoiced')
      JOIN pos_order_line l ON l.order_id = r.id
      JOIN product_product g ON g.id = l.product_id
      JOIN product_template t ON t.id = g.product_tmpl_id
      LEFT JOIN product_category c ON c.id = t.categ_id
     WHERE o.wallet_id = ANY(%(wallets)s) AND o.company_id = %(company)s
       AND o.code = 'sale' AND o.state = 'posted'
       AND o.occurred_at >= tibillet_now() - make_interval(days => %(days)s)
       AND (l.product_id = ANY(%(products)s)
            OR string_to_array(trim(TRAILING '/' FROM c.parent_path), '/')::integer[]
               && %(categories)s)
       AND l.qty > COALESCE((SELECT -sum(b.qty) FROM pos_order_line b
                               JOIN pos_order br ON br.id = b.order_id
                                AND br.state IN ('paid', 'done', 'invoiced')
                              WHERE b.refunded_orderline_id = l.id), 0)"""

#: At least so much of their own money, less what came back to them.
SPENT = """
    SELECT COALESCE(sum(CASE o.code WHEN 'sale' THEN t.amount_minor ELSE -t.amount_minor END), 0)
           >= %(minor)s
      FROM tibillet_operation o
      JOIN tibillet_transfer t ON t.operation_id = o.id AND t.earned IS NOT TRUE
      JOIN tibillet_asset s ON s.id = t.asset_id AND s.backed
     WHERE o.wallet_id = ANY(%(wallets)s) AND o.company_id = %(company)s
       AND o.code IN ('sale', 'undo') AND o.state = 'posted'
       AND o.occurred_at >= tibillet_now() - make_interval(days => %(days)s)"""

#: They came, and for so many days they have not.
AWAY = """
    SELECT COALESCE(max(o.occurred_at) < tibillet_now() - make_interval(days => %(days)s), false)
      FROM tibillet_operation o
     WHERE o.wallet_id = ANY(%(wallets)s) AND o.company_id = %(company)s
       AND o.code = 'sale' AND o.state = 'posted'"""

HABITS = {"bought": BOUGHT, "spent": SPENT, "away": AWAY}
