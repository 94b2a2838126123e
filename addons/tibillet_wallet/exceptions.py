"""Refusals of the ledger: one class, one stable code each, a sentence for people.

The codes are those of the contract (section 2); tills, gates and peers compare them,
so a code never changes its meaning.
"""

from odoo.exceptions import UserError

CODES = frozenset(
    {
        "invalid",
        "insufficient_funds",
        "wallet_frozen",
        "card_unknown",
        "card_blocked",
        "card_lost",
        "not_our_card",
        "asset_archived",
        "asset_not_accepted",
        "not_for_this",
        "age_needed",
        "not_allowed",
        "limit_exceeded",
        "key_conflict",
        "hold_expired",
        "hold_resolved",
        "rate_limited",
    }
)


class LedgerError(UserError):
    """A refusal with a machine-readable ``code`` beside its sentence.

    :param code: one of :data:`CODES`
    :param message: a whole sentence in the user's language
    :param missing_minor: for ``insufficient_funds``, what is missing, in minor units
    :param index: position of the refused operation in its batch, when there is one
    """

    def __init__(self, code, message, *, missing_minor=None, index=None):
        if code not in CODES:
            raise ValueError(f"unknown refusal code {code!r}")
        super().__init__(message)
        self.code = code
        self.missing_minor = missing_minor
        self.index = index

    def as_answer(self):
        """The refusal as the dictionary that tills and peers receive."""
        answer = {"ok": False, "code": self.code, "message": str(self)}
        if self.missing_minor is not None:
            answer["missing_minor"] = self.missing_minor
        return answer


class SigningError(UserError):
    """Nothing was signed: the key file or the place's key cannot be used.

    :param problem: one of :data:`..keyfile.PROBLEMS`, or ``no_key``, ``key_lost``
    """

    def __init__(self, problem, message):
        super().__init__(message)
        self.problem = problem


class OutboxRefused(Exception):
    """Raised by an outbox handler when trying again cannot help (refused for good)."""
