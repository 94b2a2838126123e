"""A long past for a ledger: a million operations in a minute, sound to the last cent.

Written by plain SQL beside the ledger's own door, which a benchmark may and nothing else should:
the sweep of all rules must find nothing afterwards, and the figure says so.
"""

WALLETS = 20_000
STEPS = 10
LOADED = 900
SPENT = 100

PURSE_TABLE = "CREATE TEMPORARY TABLE purse (id integer, wallet_id integer)"
NEW_PURSES = """
    WITH wallet AS (
        INSERT INTO tibillet_wallet (kind, frozen, create_date, write_date)
        SELECT 'card', false, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM generate_series(1, %(wallets)s) RETURNING id
    ), account AS (
        INSERT INTO tibillet_account (wallet_id, asset_id, balance_minor, held_minor, floor_minor)
        SELECT id, %(asset)s, 0, 0, 0 FROM wallet RETURNING id, wallet_id
    )
    INSERT INTO purse SELECT id, wallet_id FROM account"""

# One operation for every purse: a top-up, or a sale; each third batch of sales was held first.
BATCH = """
    WITH op AS (
        INSERT INTO tibillet_operation (
            origin, key, digest, code, state, occurred_at, posted_at, company_id, wallet_id,
            requested_minor)
        SELECT 'device:' || id %% 40, %(batch)s || '-' || id, repeat(md5(id::text), 2), %(code)s,
               'posted', %(at)s, %(at)s, %(company)s, wallet_id, %(amount)s
          FROM purse ORDER BY md5(id::text || %(batch)s)
        RETURNING id, wallet_id
    ), line AS (
        SELECT op.id AS operation_id, purse.id AS purse FROM op
          JOIN purse ON purse.wallet_id = op.wallet_id
    ), held AS (
        INSERT INTO tibillet_hold_line (
            operation_id, asset_id, debit_account_id, credit_account_id, amount_minor)
        SELECT operation_id, %(asset)s, purse, %(other)s, %(amount)s FROM line
         WHERE %(held)s ORDER BY operation_id
    ), moved AS (
        INSERT INTO tibillet_transfer (
            operation_id, asset_id, debit_account_id, credit_account_id, amount_minor)
        SELECT operation_id, %(asset)s,
               CASE WHEN %(load)s THEN %(other)s ELSE purse END,
               CASE WHEN %(load)s THEN purse ELSE %(other)s END, %(amount)s
          FROM line ORDER BY operation_id
    )
    UPDATE tibillet_account a
       SET balance_minor = balance_minor + CASE WHEN %(load)s THEN 1 ELSE -1 END * %(amount)s
      FROM purse WHERE a.id = purse.id"""


def fill(cr, asset, issuer, place, company, operations):
    """Write so many operations of the past two years; commits after each batch.

    :param cr: an Odoo cursor
    :param asset, issuer, place, company: ids of the asset, of its issuer's and of the place's
        account, and of the company
    """
    batches = operations // WALLETS
    cr.execute(PURSE_TABLE)
    cr.execute(NEW_PURSES, {"wallets": WALLETS, "asset": asset})
    cr.commit()
    for batch in range(batches):
        load = batch % STEPS == 0
        cr.execute("SELECT tibillet_now() - make_interval(days => %s)", [730 - 14 * batch])
        moment = cr.fetchone()[0]
        cr.execute(
            BATCH,
            {
                "batch": f"past-{batch}",
                "code": "topup" if load else "sale",
                "at": moment,
                "company": company,
                "asset": asset,
                "amount": LOADED if load else SPENT,
                "other": issuer if load else place,
                "held": not load and batch % 3 == 0,
                "load": load,
            },
        )
        cr.commit()
    cr.execute("DROP TABLE purse")
    # The asset is as old as its history, so that its loads are judged too.
    cr.execute(
        "UPDATE tibillet_asset SET write_date = tibillet_now() - interval '800 days' WHERE id = %s",
        [asset],
    )
    cr.commit()
