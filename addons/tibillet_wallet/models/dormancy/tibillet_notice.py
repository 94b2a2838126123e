from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

SYSTEM = "base.group_system"
MANAGER = "tibillet_wallet.tibillet_wallet_group_manager"
WHY = [
    ("dormant", "Dormant"),
    ("yearly", "Dormant, one more year"),
    ("before_90", "90 days before extinction"),
    ("before_30", "30 days before extinction"),
    ("before_7", "7 days before extinction"),
    ("frozen", "Frozen"),
]
SURFACES = ("till", "receipt", "qr")


class TibilletNotice(models.Model):
    """A notice owed to a holder about one account, and whether it reached them.

    One that left by mail counts when the mail was really sent and did not bounce; one of an
    anonymous card when a till, a receipt or the card's page says that it was shown. Several
    accounts of one person make one mail. Rows name nobody and may be erased.
    """

    _name = "tibillet.notice"
    _inherit = "tibillet.account.row"
    _description = "Notice"
    _log_access = False
    _order = "due_at desc, id desc"

    why = fields.Selection(WHY, required=True, readonly=True)
    turn = fields.Integer(required=True, readonly=True, default=0, aggregator=None)
    counted_from = fields.Datetime(required=True, readonly=True)
    channel = fields.Selection(
        [
            ("mail", "Mail"),
            ("till", "Till"),
            ("receipt", "Receipt"),
            ("qr", "Page of the card"),
        ],
        readonly=True,
        help="Empty: it is shown at the card's next tap, on a receipt or on its page.",
    )
    state = fields.Selection(
        [
            ("due", "Due"),
            ("queued", "Being sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("failed", "Not delivered"),
            ("void", "No longer needed"),
        ],
        required=True,
        readonly=True,
        default="due",
        index=True,
    )
    due_at = fields.Datetime(string="Due", required=True, readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    delivered_at = fields.Datetime(string="Delivered on", readonly=True)
    shown_key = fields.Char(readonly=True)
    mail_id = fields.Many2one(
        "mail.mail", readonly=True, ondelete="set null", index="btree_not_null", groups=SYSTEM
    )
    failure = fields.Char(string="Why not", readonly=True)
    tries = fields.Integer(readonly=True, default=0, aggregator=None)

    failure_text = fields.Char(string="Why not delivered", compute="_compute_failure_text")

    _once = models.Constraint(
        "unique(account_id, why, turn, counted_from)", "This notice is written down already."
    )
    _delivered_dated = models.Constraint(
        "CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))",
        "A delivered notice says when.",
    )
    _open_idx = models.Index("(wallet_id) WHERE state IN ('due', 'failed')")

    @api.depends("why", "wallet_text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        reasons = dict(self._fields["why"]._description_selection(self.env))
        for notice in self:
            notice.display_name = f"{reasons.get(notice.why, '')} · {notice.wallet_text}"

    @api.depends("failure")
    def _compute_failure_text(self):
        sentences = {
            "bounce": self.env._("The mail came back: look at the address."),
            "mail_email_invalid": self.env._("This is no mail address: mend it, then send again."),
            "mail_email_missing": self.env._("The holder has no mail address any more."),
            "mail_smtp": self.env._("The mail server did not take it; it is tried again."),
            "mail_spam": self.env._("The mail server took it for spam."),
            "mail_cancelled": self.env._("Somebody cancelled the mail."),
            "mail_deleted": self.env._("Somebody deleted the mail before it left."),
        }
        other = self.env._("The mail could not be sent; it is tried again.")
        for notice in self:
            failure = notice.failure
            notice.failure_text = sentences.get(failure, other) if failure else False

    # -- what a till, a receipt or a card's page calls -----------------------------------

    @api.model
    def _reminder(self, wallet):
        """What a surface shows about a wallet now: a sentence without any figure or name.

        One query. The sentence is the same for a stranger who found the card.

        :returns: None, or {"key", "message"}; the surface hands the key to :meth:`_shown`
        """
        rows = self.env.execute_query(
            SQL(
                """SELECT max(n.id), bool_or(n.why = 'frozen'), bool_and(n.why = 'frozen')
                     FROM tibillet_notice n
                    WHERE n.wallet_id = %s AND n.state IN ('due', 'failed')
                      AND n.due_at <= tibillet_now()""",
                wallet.id,
            )
        )
        last_id, any_frozen, only_frozen = rows[0]
        if not last_id:
            return None
        sentences = []
        if any_frozen:
            sentences.append(
                self.env._(
                    "One of the currencies on this card is frozen. Ask here what becomes of it."
                )
            )
        if not only_frozen:
            sentences.append(
                self.env._(
                    "Something on this card has not been used for a long time. Its holder can "
                    "keep it, be refunded or give it: ask here. Nothing is taken."
                )
            )
        return {"key": f"notice-{last_id}", "message": " ".join(sentences)}

    @api.model
    def _shown(self, wallet, channel, key):
        """A surface reports that it showed the wallet's reminder: what was due is delivered.

        Idempotent: the same key again changes nothing and answers the same rows.

        :param channel: ``till``, ``receipt`` or ``qr``
        :param key: the key of :meth:`_reminder`, or one of the surface's own
        :returns: the notices that this showing delivered, in sudo
        :raises LedgerError: ``invalid`` for another channel or an empty key
        """
        if channel not in SURFACES or not isinstance(key, str) or not 0 < len(key) <= 64:
            raise self.env["tibillet.ledger"]._refusal(
                "invalid", self.env._("A notice is shown by a till, a receipt or a card's page.")
            )
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
            WITH known AS (
                SELECT id FROM tibillet_notice
                 WHERE wallet_id = %(wallet)s AND channel = %(channel)s AND shown_key = %(key)s
            ), shown AS (
                UPDATE tibillet_notice
                   SET state = 'delivered', delivered_at = tibillet_now(),
                       sent_at = COALESCE(sent_at, tibillet_now()),
                       channel = %(channel)s, shown_key = %(key)s, failure = NULL
                 WHERE wallet_id = %(wallet)s AND state IN ('due', 'failed')
                   AND due_at <= tibillet_now() AND NOT EXISTS (SELECT FROM known)
                RETURNING id
            )
            SELECT id FROM known UNION ALL SELECT id FROM shown
                """,
                wallet=wallet.id,
                channel=channel,
                key=key,
            )
        )
        self.invalidate_model()
        notices_sudo = self.sudo()  # surfaces show what their users may not list
        return notices_sudo.browse(row[0] for row in rows)

    # -- buttons --------------------------------------------------------------------------

    def action_retry(self):
        """Send again what was not delivered, for instance once the address is mended.

        :raises AccessError: unless the user is a manager of the issuer
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a TiBillet manager sends a notice again."))
        self._retry()
        self._wake_cron()
        return True

    @api.model
    def _wake_cron(self):
        cron_sudo = self.env.ref("tibillet_wallet.ir_cron_notices").sudo()  # ours
        cron_sudo._trigger()
