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
        rows = {
            "unknown": (
                self.env._("This is not a ticket of ours"),
                self.env._(
                    "Ask for the ticket itself: its mail or its PDF. By name at the box office."
                ),
            ),
            "signature": (
                self.env._("This ticket was not made by the venue"),
                self.env._(
                    "Do not let in. Keep the person's name if they agree and call the steward."
                ),
            ),
            "wrong_event": (
                self.env._("A ticket for another event"),
                self.env._("Read the event and the day on it with the person."),
            ),
            "wrong_gate": (
                self.env._("Not at this gate"),
                self.env._("Send them to the gate of their rate."),
            ),
            "too_early": (
                self.env._("Too early"),
                self.env._("Ask them to come back at the hour of their ticket."),
            ),
            "too_late": (
                self.env._("Too late: the hour of this ticket is over"),
                self.env._("Call the steward."),
            ),
            "already_used": (
                self.env._("Already in with this ticket"),
                self.env._(
                    "Look at the hour and the gate of the first entry. A copy stays outside."
                ),
            ),
            "replaced": (
                self.env._("Given to somebody else, or replaced by a newer one"),
                self.env._("Only the newer ticket enters. Ask to look in the mailbox."),
            ),
            "cancelled": (
                self.env._("This ticket was cancelled"),
                self.env._("Send them to the box office."),
            ),
            "refunded": (
                self.env._("This ticket was paid back"),
                self.env._("It enters no more. Box office."),
            ),
            "unpaid": (
                self.env._("This ticket is not paid"),
                self.env._("It can be paid at the box office."),
            ),
            "blocked": (self.env._("Blocked by the organiser"), self.env._("Call the steward.")),
            "needs_right": (
                self.env._("Only with the membership or right of this entrance"),
                self.env._("Ask for the card; it may be taken at the box office."),
            ),
            "age_needed": (
                self.env._("How old are they?"),
                self.env._("Look at a document, then answer."),
            ),
            "not_on_list": (
                self.env._("This rate does not enter here"),
                self.env._("Read the rate on the ticket and send them where it enters."),
            ),
            "direction": (
                self.env._("Nobody is inside with this ticket"),
                self.env._("Check whether you scan entries or exits."),
            ),
            "device_revoked": (
                self.env._("This phone checks no more tickets"),
                self.env._("Bring it to the steward. What it scanned is sent, nothing is lost."),
            ),
            "invalid": (self.env._("This could not be read"), self.env._("Try again.")),
        }
        return {code: {"title": title, "todo": todo} for code, (title, todo) in rows.items()}

    @api.model
    def _sentence(self, code):
        refusal = self._refusals().get(code)
        return f"{refusal['title']}. {refusal['todo']}" if refusal else ""
