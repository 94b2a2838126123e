"""Holders who did nothing for months, were told three times, and whose value may be extinguished.

What lies outside the machine is replaced, the mail server, and nothing else.
"""

from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import MagicMock, patch

#: Days from one look to the next: the three notices are due 90, 30 and 7 days before the end.
NIGHTS = (34, 61, 23, 8)
#: How long it takes: a mail counts the day after it left.
BEFORE = timedelta(days=sum(NIGHTS) + len(NIGHTS) + 2)
LOADED = {"token": 1337, "drink": 1089}


def fall_asleep(life):
    """Load, accept the terms, and let months pass; leaves ``life.asleep``: accounts."""
    bar = life.till("bar")
    cards = life.env["tibillet.card"].browse(life.made["sleepers"])
    assets = [life.assets[name] for name in LOADED]
    for card in cards:
        for asset in assets:
            life.env["tibillet.terms.consent"]._accept(card.wallet_id, asset)
    life.clock.forward(timedelta(hours=1))
    bar.open()
    for asset, cents in zip(assets, LOADED.values(), strict=True):
        life.load(bar, asset, cards, cents)
    bar.close()
    for nights in NIGHTS:
        life.clock.forward(timedelta(days=nights))
        _tell(life)
    life.asleep = [
        life.env["tibillet.account"]._get(card.wallet_id, asset)
        for asset in assets
        for card in cards
    ]


def _tell(life):
    """A night, an hour, and the day after which a mail counts."""
    from odoo.addons.base.models.ir_mail_server import IrMail_Server

    dormancy, notices = life.env["tibillet.dormancy"], life.env["tibillet.notice"]
    server = MagicMock(from_filter=False, smtp_from=False)
    with ExitStack() as around:
        around.enter_context(patch.object(IrMail_Server, "_disable_send", lambda self: False))
        around.enter_context(
            patch.object(IrMail_Server, "_connect__", lambda self, *args, **kwargs: server)
        )
        dormancy._wake()
        dormancy._mark()
        notices._plan()
        while notices._send_batch():
            pass
        notices.search([("state", "=", "queued")]).mail_id.send()
        notices._read_deliveries()
        life.request_done()
        life.clock.forward(timedelta(days=1, hours=1))
        notices._read_deliveries()
        life.request_done()
