"""An acceptance now names who agreed for the acceptor: whoever had proposed it."""


def migrate(cr, version):
    """Called by Odoo before the tables change, so that the new constraint finds it true."""
    cr.execute(
        "ALTER TABLE tibillet_acceptance"
        " ADD COLUMN IF NOT EXISTS agreed_by_id integer REFERENCES res_users (id)"
        " ON DELETE SET NULL,"
        " ADD COLUMN IF NOT EXISTS agreed_at timestamp"
    )
    cr.execute(
        "UPDATE tibillet_acceptance SET agreed_by_id = COALESCE(create_uid, 1),"
        " agreed_at = create_date WHERE agreed_by_id IS NULL"
    )
