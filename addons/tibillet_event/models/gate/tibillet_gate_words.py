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
        """Code → ``{"title", "todo"}`` in the language of the environment.

        ``<code>_<detail>`` where an answer's ``detail`` tells two reasons of one code apart.
        """
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
            "not_on_list_guest": (
                self.env._("Nobody of this list"),
                self.env._("Look for their name, or send them to the box office."),
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
    def _sentence(self, code, detail=""):
        refusals = self._refusals()
        refusal = refusals.get(f"{code}_{detail}") or refusals.get(code)
        return f"{refusal['title']}. {refusal['todo']}" if refusal else ""

    @api.model
    def _page(self):
        """Every word that the gate's page shows, in the language of the environment."""
        return {
            "title": self.env._("Gate"),
            "noscript": self.env._("This page checks tickets with a script: please allow it."),
            "refusals": self._refusals(),
            **self._page_pairing(),
            **self._page_scanning(),
            **self._page_state(),
        }

    @api.model
    def _page_pairing(self):
        return {
            "join_title": self.env._("Check tickets with this phone"),
            "join_none": self.env._(
                "Ask the steward for the QR of your gate and scan it with this phone's camera. On"
                " a computer, paste the link here."
            ),
            "join_link": self.env._("Link of the gate"),
            "join_open": self.env._("Open"),
            "join_where": self.env._("You will check at"),
            "join_name": self.env._("Your name"),
            "join_name_why": self.env._("The steward sees who checks where."),
            "join_start": self.env._("Start checking"),
            "join_offline": self.env._("There is no network: this works once you have some."),
        }

    @api.model
    def _page_scanning(self):
        return {
            "entry": self.env._("Come in"),
            "exit": self.env._("Goodbye"),
            "look": self.env._("Let in, and look again"),
            "unlisted": self.env._("Signed by the venue, sold after this phone's list."),
            "no": self.env._("Stop"),
            "ask": self.env._("Look again"),
            "offline_title": self.env._("Without network this cannot be asked"),
            "offline_todo": self.env._("Scan the ticket itself: that works without network."),
            "used": self.env._("In at {time}, {gate}"),
            "next": self.env._("Next"),
            "age": self.env._("Are they {age} or older?"),
            "age_yes": self.env._("Yes, I saw it"),
            "age_no": self.env._("No"),
            "left": self.env._("{count} more on this card"),
            "order": self.env._("Order {order}"),
            "times": self.env._("Entry number {count}"),
            "way_in": self.env._("Entries"),
            "way_out": self.env._("Exits"),
            "way": self.env._("What you scan"),
            "hint": self.env._("Hold the QR of the ticket in the frame"),
            "typed": self.env._("Code or card number"),
            "check": self.env._("Check"),
            "camera_start": self.env._("Start the camera"),
            "camera_refused": self.env._(
                "This browser may not use the camera. Allow it in its settings, or use a scanner:"
                " it types here."
            ),
            "camera_none": self.env._("There is no camera here: a scanner or the keyboard works."),
            "cards": self.env._("Read cards"),
            "torch": self.env._("Light"),
            "search": self.env._("By name"),
            "search_label": self.env._("Name, mail, order or ticket number"),
            "search_none": self.env._("Nobody of that name enters here."),
            "search_offline": self.env._("Searching needs network."),
            "back": self.env._("Back to the camera"),
        }

    @api.model
    def _page_state(self):
        return {
            "in": self.env._("in"),
            "here": self.env._("at this gate"),
            "of": self.env._("{in} of {expected}"),
            "synced": self.env._("List of {ago} ago"),
            "synced_now": self.env._("List of this minute"),
            "never": self.env._("No list yet"),
            "seconds": self.env._("{n} s"),
            "minutes": self.env._("{n} min"),
            "hours": self.env._("{n} h"),
            "queued": self.env._("{n} to send"),
            "offline": self.env._("Without network"),
            "online": self.env._("Connected"),
            "clock": self.env._("This phone's clock is off by {n} min: its hours are corrected."),
            "old": self.env._("This list is older than a day: look for network."),
            "memory": self.env._(
                "This browser keeps nothing (private window?): do not close this page while scans"
                " wait to be sent."
            ),
            "revoked_title": self.env._("This phone checks no more tickets"),
            "revoked_todo": self.env._(
                "Bring it to the steward. What it scanned is being sent, nothing is lost."
            ),
            "sound": self.env._("Sound"),
            "dark": self.env._("Night"),
            "menu": self.env._("More"),
            "leave": self.env._("Forget this gate on this phone"),
            "leave_sure": self.env._("Sure? Scan the QR again to come back."),
            "leave_wait": self.env._("Scans wait to be sent: look for network first."),
        }
