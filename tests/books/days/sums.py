"""Sums for the morning's look, read by SQL: not by the words of what is looked at."""


def balance(life, company, account_ids):
    """Posted balance in cents, debit positive."""
    return value(
        life,
        """SELECT COALESCE(round(sum(balance) * 100), 0)::bigint FROM account_move_line
            WHERE company_id = %s AND account_id = ANY(%s) AND parent_state = 'posted'""",
        company.id,
        account_ids,
    )


def rows(life, query, *values):
    life.env.flush_all()
    life.env.cr.execute(query, values)
    return life.env.cr.fetchall()


def value(life, query, *values):
    return rows(life, query, *values)[0][0]
