from odoo import api, models

#: What a gate decides (contracts 4); the two first let through.
CODES = [
    ("entry", "Entry"),
    ("exit", "Exit"),
    ("unknown", "Unknown"),
    ("signature", "Signature"),
    ("wrong_event", "Wrong event"),
    ("wrong_gate", "Wrong gate"),
    ("too_early", "Too early"),
    ("too_late", "Too late"),
    ("already_used", "Already used"),
    ("replaced", "Replaced"),
    ("cancelled", "Cancelled"),
    ("refunded", "Paid back"),
    ("unpaid", "Not paid"),
    ("blocked", "Blocked"),
    ("needs_right", "Right needed"),
    ("age_needed", "Age to be seen"),
    ("not_on_list", "Not on this list"),
    ("direction", "Direction"),
    ("device_revoked", "Phone revoked"),
    ("invalid", "Not understood"),
]


class TibilletGateWords(models.AbstractModel):
    """What a gate says of each refusal: what it is, and what to do now."""

    _name = "tibillet.gate.words"
    _description = "Words of the gate"

    @api.model
    def _refusals(self):
        """Code → ``{"title", "todo"}`` in the language of the environment."""
        _ = self.env._
        rows = {
            "unknown": (
                _("This is not a ticket of ours"),
                _("Ask for the ticket itself: its mail or its PDF. By name at the box office."),
            ),
            "signature": (
                _("This ticket was not made by the venue"),
                _("Do not let in. Keep the person's name if they agree and call the steward."),
            ),
            "wrong_event": (
                _("A ticket for another event"),
                _("Read the event and the day on it with the person."),
            ),
            "wrong_gate": (_("Not at this gate"), _("Send them to the gate of their rate.")),
            "too_early": (_("Too early"), _("Ask them to come back at the hour of their ticket.")),
            "too_late": (_("Too late: the hour of this ticket is over"), _("Call the steward.")),
            "already_used": (
                _("Already in with this ticket"),
                _("Look at the hour and the gate of the first entry. A copy stays outside."),
            ),
            "replaced": (
                _("Given to somebody else, or replaced by a newer one"),
                _("Only the newer ticket enters. Ask to look in the mailbox."),
            ),
            "cancelled": (_("This ticket was cancelled"), _("Send them to the box office.")),
            "refunded": (_("This ticket was paid back"), _("It enters no more. Box office.")),
            "unpaid": (_("This ticket is not paid"), _("It can be paid at the box office.")),
            "blocked": (_("Blocked by the organiser"), _("Call the steward.")),
            "needs_right": (
                _("Only with the membership or right of this entrance"),
                _("Ask for the card; it may be taken at the box office."),
            ),
            "age_needed": (_("How old are they?"), _("Look at a document, then answer.")),
            "not_on_list": (
                _("This rate does not enter here"),
                _("Read the rate on the ticket and send them where it enters."),
            ),
            "direction": (
                _("Nobody is inside with this ticket"),
                _("Check whether you scan entries or exits."),
            ),
            "device_revoked": (
                _("This phone checks no more tickets"),
                _("Bring it to the steward. What it scanned is sent, nothing is lost."),
            ),
            "invalid": (_("This could not be read"), _("Try again.")),
        }
        return {code: {"title": title, "todo": todo} for code, (title, todo) in rows.items()}

    @api.model
    def _sentence(self, code):
        refusal = self._refusals().get(code)
        return f"{refusal['title']}. {refusal['todo']}" if refusal else ""
