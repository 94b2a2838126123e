import datetime

from odoo import api, models
from odoo.tools import mute_logger

from .tibillet_gate_door import NONCE, Guest

AT_ONCE = 200
FUTURE_S = 120


class TibilletGateSync(models.AbstractModel):
    """What a phone decided without network, taken in once whatever it was.

    People are inside already: nothing is refused here. What the server would have refused is
    marked as a conflict, for the steward to look at.
    """

    _name = "tibillet.gate.sync"
    _description = "Scans sent later"

    @api.model
    def _take(self, device, scans):
        """Record these scans, each in a short transaction.

        :param scans: list of dictionaries (``docs/gate.md``), at most 200
        :return: list of what was taken: ``{"nonce", "code", "conflict"}``; rubbish with a nonce
            is taken too (as ``invalid``), or it would stay in the phone's queue for ever
        """
        taken = []
        for scan in scans[:AT_ONCE]:
            nonce = scan.get("nonce") if isinstance(scan, dict) else None
            if not isinstance(nonce, str) or not NONCE.fullmatch(nonce):
                continue
            asked = self.env["tibillet.gate.door"]._understood(scan)
            if not asked:
                taken.append({"nonce": nonce, "code": "invalid", "conflict": False})
                continue
            with mute_logger("odoo.sql_db"):  # as at the door
                one = self.env["tibillet.ledger"]._short(
                    lambda env, scan=scan, asked=asked: env["tibillet.gate.sync"]._take_here(
                        device.id, scan, asked
                    )
                )
            taken.append(one)
        return taken

    @api.model
    def _take_here(self, device_id, scan, asked):
        door = self.env["tibillet.gate.door"]
        device_sudo = self.env["tibillet.gate.device"].sudo().browse(device_id)
        if before := door._recorded(device_sudo, asked):
            recorded = self.env["tibillet.gate.scan"].sudo()
            recorded = recorded.search(
                [("device_id", "=", device_id), ("nonce", "=", asked["nonce"])]
            )
            return {"nonce": asked["nonce"], "code": before["code"], "conflict": recorded.conflict}
        now = door._now()
        at = _moment(scan, now, device_sudo)
        list_sudo, gate_sudo = device_sudo.list_id, device_sudo.gate_id
        guest, __ = door._guest(device_sudo, asked)
        decided = str(scan.get("decided"))
        let_in = decided in ("entry", "exit")
        if let_in:
            code, entries, against = self._let_through(list_sudo, gate_sudo, guest, asked, at)
        else:
            codes = dict(self.env["tibillet.gate.scan"]._fields["code"].selection)
            code = decided if decided in codes else "invalid"
            entries, against = 0, ""
        door._record(
            device_sudo,
            asked,
            guest,
            code,
            entries,
            at,
            offline=True,
            late=device_sudo._refused(),
            conflict=bool(against),
            conflict_code=against or None,
        )
        return {"nonce": asked["nonce"], "code": code, "conflict": bool(against)}

    @api.model
    def _let_through(self, list_sudo, gate_sudo, guest: Guest, asked, at):
        """Count who is inside already.

        :return: (code, entries after, what the server would have said instead or empty)
        """
        door = self.env["tibillet.gate.door"]
        code = "entry" if asked["direction"] == "in" else "exit"
        against = door._refusal(list_sudo, gate_sudo, guest, asked, at)
        if not guest.subject:
            return code, 0, against or "unknown"
        before = door._presences(list_sudo, [guest.subject]).get(guest.subject)
        if not against and code == "entry" and not door._may_enter(list_sudo, before):
            against = "already_used"
        if not against and code == "exit" and not (before and before["inside"]):
            against = "direction"
        entries = door._count(list_sudo, gate_sudo, guest, asked, at, anyway=True)
        if code == "entry":
            door._attended(list_sudo, guest, at)
        return code, entries or 0, against


def _moment(scan, now, device_sudo):
    """When it was scanned by the server's clock: the phone's, less what it was off by."""
    at, off = scan.get("at"), scan.get("clock_offset", 0)
    if not isinstance(at, int | float) or isinstance(at, bool):
        return now
    off = off if isinstance(off, int | float) and not isinstance(off, bool) else 0
    try:
        moment = datetime.datetime.fromtimestamp((at - off) / 1000, datetime.UTC)
    except (OverflowError, ValueError, OSError):
        return now
    moment = moment.replace(tzinfo=None, microsecond=0)
    first = device_sudo.create_date - datetime.timedelta(seconds=FUTURE_S)
    if moment > now + datetime.timedelta(seconds=FUTURE_S) or moment < first:
        return now  # a clock that is wrong by more than this tells nothing
    return min(moment, now)
