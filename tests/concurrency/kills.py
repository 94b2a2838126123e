"""Eight processes trade while they are killed between their statements."""

import json
import os
import random
import secrets
import signal

from .stage import FORK

REFUSED_BY_CHANCE = ("insufficient_funds", "limit_exceeded")


def storm(stage, workers=8, kills=20, operations=2_000, seed=1, broken=False):
    """Trade until so much was asked and so many workers were killed with SIGKILL, then replay.

    Every worker writes each request to a journal before it sends it, as a till does, and
    notes the answer after. ``broken`` is the control: operation and balance in two
    transactions.
    """
    from odoo.sql_db import close_all

    from .market import market
    from .scenarios import audit

    shop = stage.alone(market)
    folder = os.environ["STORM_FOLDER"]
    killed = answered = generation = asked_for = 0
    close_all()
    while (killed < kills or asked_for < operations) and generation < 200:
        processes = []
        for number in range(workers):
            journal = os.path.join(folder, f"{generation:03}-{number}.jsonl")
            process = FORK.Process(
                target=_trade, args=(stage, shop, journal, seed + generation * 100 + number, broken)
            )
            process.start()
            processes.append((process, journal))
        for process, journal in processes:
            process.join(120)
            killed += process.exitcode == -signal.SIGKILL
            assert process.exitcode in (0, -signal.SIGKILL), f"exit {process.exitcode}"
            asked_for += len(_read([journal])[0])
        generation += 1
    journals = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    asked, acknowledged = _read(journals)
    answered = len(acknowledged)
    found = stage.alone(lambda env: _found(env, list(asked)))
    lost = [key for key, op in acknowledged.items() if found.get(key) != op]
    doubled = stage.alone(_doubled)
    replayed = {} if broken else stage.alone(lambda env: _replay(env, asked))
    changed = [key for key, op in replayed.items() if key in found and found[key] != op]
    return {
        "killed": killed,
        "asked": len(asked),
        "answered": answered,
        "lost": lost,
        "doubled": doubled,
        "changed": changed,
        "audit": audit(stage),
        "codes": sorted({wanted["code"] for wanted in asked.values() if wanted["key"] in found}),
        "money": stage.alone(_money),
    }


def _money(env):
    """Sum of all accounts, asset by asset: zero each."""
    env.cr.execute(
        "SELECT sum(tibillet_account_sum(id))::bigint FROM tibillet_account GROUP BY asset_id"
    )
    return sorted({row[0] for row in env.cr.fetchall()})


def _trade(stage, shop, journal, seed, broken):
    """One worker: up to 40 acts, one chance in a hundred to die before each statement."""
    from odoo.sql_db import Cursor

    from odoo.addons.tibillet_wallet.exceptions import LedgerError

    from .market import draw_request

    draw, done = random.Random(seed), []
    _die_between_statements(Cursor, draw)
    with open(journal, "a") as book:
        for _act in range(40):
            wanted = {**draw_request(draw, shop, done), "key": secrets.token_hex(8)}
            _note(book, {"ask": wanted})
            try:
                with stage.registry.cursor() as cr:
                    ledger = stage.env(cr)["tibillet.ledger"]
                    op = ledger._short(lambda env, wanted=wanted: _perform(env, wanted, broken))
            except LedgerError as refusal:
                _note(book, {"key": wanted["key"], "refused": refusal.code})
                continue
            _note(book, {"key": wanted["key"], "op": op})
            done.append((wanted, op))
    os._exit(0)


def _die_between_statements(cursor_class, draw):
    def before(method):
        def wrapped(self, *args, **kwargs):
            if draw.random() < 0.01:
                os.kill(os.getpid(), signal.SIGKILL)
            return method(self, *args, **kwargs)

        return wrapped

    cursor_class.execute = before(cursor_class.execute)
    cursor_class.commit = before(cursor_class.commit)


def _perform(env, wanted, broken=False):
    ledger = env["tibillet.ledger"]
    values = {
        "key": wanted["key"],
        "origin": "device:1",
        "code": wanted["code"],
        "transfers": [tuple(transfer) for transfer in wanted["transfers"]],
        "names_id": wanted.get("names"),
    }
    if wanted["hold"]:
        env.cr.execute("SELECT tibillet_now() + interval '5 minutes'")
        values["hold_until"] = env.cr.fetchone()[0]
    if broken:
        return _post_in_two(env, values)
    op = ledger._post([values])
    if wanted["hold"] == "void":
        ledger._void(op)
    elif wanted["hold"]:
        ledger._capture(op, None if wanted["hold"] == "whole" else 1)
    return op.id


def _post_in_two(env, values):
    """The control: what a ledger without one transaction per operation does."""
    from psycopg2.errors import CheckViolation

    from odoo.addons.tibillet_wallet.exceptions import LedgerError

    debit, credit, amount = values["transfers"][0]
    env.cr.execute(
        "INSERT INTO tibillet_operation (origin, key, digest, code, state, occurred_at, posted_at)"
        " VALUES ('device:1', %s, 'x', %s, 'posted', tibillet_now(), tibillet_now())"
        " ON CONFLICT DO NOTHING RETURNING id",
        [values["key"], values["code"]],
    )
    if not env.cr.rowcount:
        return 0  # the retry finds the key and believes that all is done
    op = env.cr.fetchone()[0]
    env.cr.execute(
        "INSERT INTO tibillet_transfer (operation_id, asset_id, debit_account_id,"
        " credit_account_id, amount_minor) SELECT %s, asset_id, %s, %s, %s"
        " FROM tibillet_account WHERE id = %s",
        [op, debit, credit, amount, debit],
    )
    env.cr.commit()
    try:
        env.cr.execute(
            "UPDATE tibillet_account SET balance_minor = balance_minor"
            " + CASE id WHEN %s THEN -%s ELSE %s END WHERE id IN (%s, %s)",
            [debit, amount, amount, debit, credit],
        )
    except CheckViolation as error:  # it looks at nothing before, so a purse may be too empty
        raise LedgerError("insufficient_funds", "The floor of the account refused.") from error
    return op


def _note(book, entry):
    book.write(json.dumps(entry) + "\n")
    book.flush()


def _read(journals):
    asked, acknowledged = {}, {}
    for path in journals:
        with open(path) as book:
            for line in book:
                entry = json.loads(line)
                if "ask" in entry:
                    asked[entry["ask"]["key"]] = entry["ask"]
                elif "op" in entry:
                    acknowledged[entry["key"]] = entry["op"]
    return asked, acknowledged


def _found(env, keys):
    env.cr.execute(
        "SELECT key, id FROM tibillet_operation WHERE origin = 'device:1' AND key = ANY(%s)", [keys]
    )
    return dict(env.cr.fetchall())


def _doubled(env):
    env.cr.execute(
        "SELECT operation_id FROM tibillet_transfer GROUP BY operation_id HAVING count(*) > 1"
    )
    return [row[0] for row in env.cr.fetchall()]


def _replay(env, asked):
    """Every request once more, as tills do after a cut: nothing may happen twice."""
    from odoo.addons.tibillet_wallet.exceptions import LedgerError

    answers = {}
    for key, wanted in asked.items():
        try:
            answers[key] = _perform(env, wanted)
        except LedgerError as refusal:
            assert refusal.code in REFUSED_BY_CHANCE, refusal.code
    return answers
