"""Short transactions of one process: which connection each had, and what it left."""

import threading


def pid(env):
    env.cr.execute("SELECT pg_backend_pid()")
    return env.cr.fetchone()[0]


def kept(stage):
    """Two in a row, one inside another, one whose work fails, one whose connection was cut."""
    with stage.registry.cursor() as cr:
        ledger = stage.env(cr)["tibillet.ledger"]
        first, second = ledger._short(pid), ledger._short(pid)
        outer, inner = ledger._short(lambda env: (pid(env), ledger._short(pid)))
        failed = _left_by_failure(stage, ledger)
        before = ledger._short(pid)
        cr.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
        after = ledger._short(pid)
    return {
        "same": first == second,
        "inside": outer != inner,
        "failed": failed,
        "after_a_cut": after != before,
    }


def _left_by_failure(stage, ledger):
    def work(env):
        env.company.name = "Never"
        env.flush_all()
        raise RuntimeError

    try:
        ledger._short(work)
    except RuntimeError:
        return ledger._short(lambda env: env.company.name) == "Never"
    return "no failure"


def cut_at_work(stage):
    """The connection is cut in the middle of a sale: it is done once, or not at all and said."""
    from .scenarios import venue

    shop = stage.alone(venue)
    with stage.registry.cursor() as cr:
        ledger = stage.env(cr)["tibillet.ledger"]
        runs = []

        def sell(env):
            runs.append(pid(env))
            sale = {
                "key": "cut",
                "origin": "device:1",
                "code": "sale",
                "company_id": shop["company"],
                "transfers": [(shop["purses"][0], shop["place"], 100)],
            }
            operation = env["tibillet.ledger"]._post([sale]).id
            if len(runs) == 1:
                cr.execute("SELECT pg_terminate_backend(%s, 5000)", [runs[0]])
                env.cr.execute("SELECT 1")
            return operation

        ledger._short(pid)
        ledger._short(sell)
    count = stage.alone(_sales)
    return {"runs": len(runs), "sales": count}


def _sales(env):
    env.cr.execute("SELECT count(*) FROM tibillet_operation WHERE key = 'cut'")
    return env.cr.fetchone()[0]


def threads(stage, workers=4, turns=50):
    """Threads of one server, as Odoo's own: no two ever share a connection."""
    busy, clashes, errors = set(), [], []

    def work(env):
        mine = pid(env)
        clashes.extend([mine] if mine in busy else [])
        busy.add(mine)
        env.cr.execute("SELECT pg_sleep(0.002)")
        busy.discard(mine)

    def run():
        try:
            with stage.registry.cursor() as cr:
                ledger = stage.env(cr)["tibillet.ledger"]
                for _turn in range(turns):
                    ledger._short(work)
        except Exception as error:  # told to the test, whatever it is
            errors.append(repr(error))

    running = [threading.Thread(target=run) for _worker in range(workers)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    return {"clashes": len(clashes), "errors": errors}
