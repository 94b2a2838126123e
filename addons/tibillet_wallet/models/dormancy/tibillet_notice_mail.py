from odoo import api, models
from odoo.tools import SQL

from .rules import BOUNCE_DAYS, BOUNCE_HOURS, MAIL_KEPT_DAYS, MAX_TRIES

BATCH = 100
TEMPLATES = {
    "frozen": "tibillet_wallet.mail_template_notice_frozen",
    "before": "tibillet_wallet.mail_template_notice_countdown",
    "dormant": "tibillet_wallet.mail_template_notice_dormant",
}


class TibilletNotice(models.Model):
    """Notices that leave by mail: written here, sent by Odoo's own queue, read back.

    Nothing is sent in the transaction that decides: rows of ``mail.mail`` are committed first,
    and Odoo's scheduler sends them.
    """

    _inherit = "tibillet.notice"

    @api.model
    def _cron_send(self):
        """Every hour: read what became of the mails, try again, write what is due."""
        progress = self.env["ir.cron"]
        self._read_deliveries()
        self._retry_by_itself()
        self._forget_mails()
        self.env["tibillet.dormancy"]._wake()
        self._plan()
        progress._commit_progress(remaining=self._due_count())
        while sent := self._send_batch():
            if not progress._commit_progress(sent):
                return

    # -- writing mails --------------------------------------------------------------------

    @api.model
    def _due_sql(self):
        """Wallets whose holder has an address and to whom something is due."""
        return SQL(
            """FROM tibillet_notice n JOIN tibillet_wallet w ON w.id = n.wallet_id
               JOIN res_partner p ON p.id = w.partner_id
              WHERE n.state = 'due' AND n.due_at <= tibillet_now() AND w.kind = 'person'
                AND p.email_normalized IS NOT NULL AND p.email_normalized <> ''"""
        )

    @api.model
    def _due_count(self):
        [(count,)] = self.env.execute_query(
            SQL("SELECT count(DISTINCT n.wallet_id)::int %s", self._due_sql())
        )
        return count

    @api.model
    def _send_batch(self, batch=BATCH):
        """Write the mails of some holders, one for each whatever they hold and wherever.

        :returns: how many mails were written
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT array_agg(n.id ORDER BY n.id) %(due)s
                    AND n.wallet_id IN (SELECT DISTINCT n.wallet_id %(due)s
                                         ORDER BY n.wallet_id LIMIT %(batch)s)
                    GROUP BY n.wallet_id, CASE WHEN n.why = 'frozen' THEN 'frozen'
                             WHEN n.why LIKE 'before%%' THEN 'before' ELSE 'dormant' END""",
                due=self._due_sql(),
                batch=batch,
            )
        )
        notices_sudo = self.sudo()  # of every company: the scheduler's own work
        letters = {}
        for [ids] in rows:
            notices = notices_sudo.browse(ids)
            letters.setdefault(notices[0]._letter(), []).append(notices)
        for letter, groups in letters.items():
            self._write_mails(letter, groups)
        return len(rows)

    def _letter(self):
        """Which of the letters a notice is: a key of ``TEMPLATES``."""
        return (
            "before"
            if self.why.startswith("before")
            else ("frozen" if self.why == "frozen" else "dormant")
        )

    @api.model
    def _write_mails(self, letter, groups):
        """One mail per group of notices of one holder, queued with a notification by which
        Odoo tells what became of it."""
        template_sudo = self.env.ref(TEMPLATES[letter]).sudo()  # the hour's letters, to holders
        firsts = {notices[0].id: notices for notices in groups}
        groups_by_first = {first: notices.ids for first, notices in firsts.items()}
        mails_sudo = template_sudo.with_context(
            tibillet_notice_groups=groups_by_first
        ).send_mail_batch(list(firsts), email_values={"auto_delete": False})
        notifications = []
        for mail_sudo in mails_sudo:
            notices = firsts[mail_sudo.res_id]
            notices.write({"state": "queued", "channel": "mail", "mail_id": mail_sudo.id})
            notifications.append(
                {
                    "mail_mail_id": mail_sudo.id,
                    "mail_message_id": mail_sudo.mail_message_id.id,
                    "res_partner_id": notices[0].wallet_id.partner_id.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                }
            )
        # sudo: the queue's own rows. No document: who reads a notice does not read its mail,
        # which names a holder and what other places owe them.
        notifications_sudo = self.env["mail.notification"].sudo()
        notifications_sudo.create(notifications)
        mails_sudo.write({"is_notification": True, "model": False, "res_id": False})
        self._wake_mail_queue()

    @api.model
    def _wake_mail_queue(self):
        cron_sudo = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()  # Odoo's own queue
        cron_sudo._trigger()

    def _mail_lines(self):
        """What a mail of this notice speaks of; called by the templates.

        :returns: one dictionary per account: ``asset``, ``issuer``, ``amount``, ``since``,
            ``places`` (where it is accepted), ``refundable``, ``terms``, ``last_day``
        """
        ids = (self.env.context.get("tibillet_notice_groups") or {}).get(self.id) or self.ids
        notices_sudo = self.sudo().browse(ids)  # the holder's own mail, of all their issuers
        places = self._places(notices_sudo.asset_id)
        lines = {}
        for notice_sudo in notices_sudo:
            asset_sudo, account_sudo = notice_sudo.asset_id, notice_sudo.account_id
            days = {"before_90": 90, "before_30": 30, "before_7": 7}.get(notice_sudo.why, 0)
            lines[account_sudo.id] = {
                "asset": asset_sudo.name,
                "issuer": asset_sudo.company_id.name,
                "amount": asset_sudo._format(account_sudo.balance_minor),
                "since": notice_sudo.counted_from.date(),
                "places": ", ".join(places[asset_sudo.id]),
                "refundable": asset_sudo.refundable,
                "terms": asset_sudo.extinguish_terms_date,
                "days": days,
            }
        return list(lines.values())

    @api.model
    def _places(self, assets):
        """{asset id: names of the places that take it now}, in one query."""
        places = {asset.id: [asset.company_id.name] for asset in assets}
        rows = self.env.execute_query(
            SQL(
                """SELECT c.asset_id, r.name FROM tibillet_acceptance c
                     JOIN res_company r ON r.id = c.company_id
                    WHERE c.asset_id = ANY(%s) AND c.state = 'active'
                      AND c.contract_date <= tibillet_business_day(c.company_id)
                      AND (c.end_date IS NULL OR c.end_date >= tibillet_business_day(c.company_id))
                    ORDER BY r.name""",
                assets.ids,
            )
        )
        for asset_id, name in rows:
            places[asset_id].append(name)
        return places

    # -- reading what became of them ---------------------------------------------------------

    @api.model
    def _read_deliveries(self):
        """Bring notices up to date with Odoo's mails, in one statement.

        Sent and not bounced for a day counts, from the moment when it was seen to have left;
        a bounce takes it back, also later. Whatever else happened to the mail does not count.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
            UPDATE tibillet_notice n
               SET state = fate.state, failure = fate.failure,
                   sent_at = CASE WHEN fate.state IN ('sent', 'delivered')
                                  THEN COALESCE(n.sent_at, tibillet_now()) ELSE n.sent_at END,
                   delivered_at = CASE WHEN fate.state = 'delivered'
                                  THEN COALESCE(n.delivered_at, n.sent_at) END
              FROM (
                SELECT n.id,
                       CASE WHEN f.notification_status = 'bounce' THEN 'bounce'
                            WHEN m.id IS NULL THEN 'mail_deleted'
                            WHEN m.state = 'cancel' THEN 'mail_cancelled'
                            WHEN m.state = 'exception' OR f.notification_status = 'exception'
                            THEN COALESCE(f.failure_type, m.failure_type, 'unknown') END AS failure,
                       CASE WHEN f.notification_status = 'bounce' OR m.id IS NULL
                                 OR m.state IN ('exception', 'cancel')
                                 OR f.notification_status = 'exception' THEN 'failed'
                            WHEN m.state <> 'sent' OR f.notification_status <> 'sent' THEN 'queued'
                            WHEN n.sent_at + make_interval(hours => %(hours)s) <= tibillet_now()
                            THEN 'delivered' ELSE 'sent' END AS state
                  FROM tibillet_notice n
                  LEFT JOIN mail_mail m ON m.id = n.mail_id
                  LEFT JOIN mail_notification f ON f.mail_mail_id = m.id
                 WHERE n.channel = 'mail'
                   AND (n.state IN ('queued', 'sent')
                        OR (n.state = 'failed' AND m.id IS NOT NULL)
                        OR (n.state = 'delivered' AND m.id IS NOT NULL
                            AND n.sent_at + make_interval(days => %(days)s) > tibillet_now()))
                   ) fate
             WHERE fate.id = n.id
               AND (n.state, n.failure) IS DISTINCT FROM (fate.state, fate.failure)
                """,
                hours=BOUNCE_HOURS,
                days=BOUNCE_DAYS,
            )
        )
        self.invalidate_model()
        return self.env.cr.rowcount

    @api.model
    def _retry_by_itself(self):
        """What no mail server took is tried again, some times; a wrong address waits for
        somebody to mend it."""
        notices_sudo = self.sudo()  # of every issuer: the hour's round
        failed_sudo = notices_sudo.search(
            [
                ("state", "=", "failed"),
                ("channel", "=", "mail"),
                ("failure", "in", ("mail_smtp", "unknown")),
                ("tries", "<", MAX_TRIES),
            ]
        )
        failed_sudo._retry()

    def _retry(self):
        """Hand mails that failed to Odoo's queue again; without mail, write a new one."""
        notices_sudo = self.sudo()  # their mails, which a manager does not read
        failed_sudo = notices_sudo.filtered(lambda notice: notice.state == "failed")
        mailed_sudo = failed_sudo.filtered(lambda notice: notice.mail_id)
        mails_sudo = mailed_sudo.mail_id
        mails_sudo.mark_outgoing()
        mails_sudo.notification_ids.write({"notification_status": "ready", "failure_type": False})
        for notice_sudo in mailed_sudo:
            notice_sudo.write({"state": "queued", "sent_at": False, "tries": notice_sudo.tries + 1})
        (failed_sudo - mailed_sudo).write({"state": "due", "channel": False, "failure": False})
        if mails_sudo:
            self._wake_mail_queue()

    @api.model
    def _cancel_mails(self, mail_ids):
        """Stop mails that wait and of which nothing is needed any more."""
        mails_sudo = self.env["mail.mail"].sudo()  # of the notices that ask for it
        mails_sudo = mails_sudo.browse(mail_ids).exists()
        notices_sudo = self.sudo()  # one mail speaks of several issuers' accounts
        needed_sudo = notices_sudo.search(
            [("mail_id", "in", mails_sudo.ids), ("state", "not in", ("void",))]
        )
        mails_sudo = mails_sudo - needed_sudo.mail_id
        mails_sudo.filtered(lambda mail: mail.state in ("outgoing", "exception")).cancel()

    @api.model
    def _forget_mails(self):
        """Delete old mails: they name their holder and what was held."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT mail_id FROM tibillet_notice
                    WHERE mail_id IS NOT NULL AND state IN ('delivered', 'void')
                      AND COALESCE(sent_at, due_at) + make_interval(days => %s) < tibillet_now()
                    LIMIT 1000""",
                MAIL_KEPT_DAYS,
            )
        )
        self._delete_mails([mail_id for [mail_id] in rows])

    @api.model
    def _delete_mails(self, mail_ids):
        mails_sudo = self.env["mail.mail"].sudo()  # of the notices that ask for it
        mails_sudo = mails_sudo.browse(mail_ids).exists()
        messages_sudo = mails_sudo.mail_message_id
        mails_sudo.unlink()
        messages_sudo.exists().unlink()

    def unlink(self):
        """The mails go with their notices (an erasure)."""
        notices_sudo = self.sudo()  # their mails, which nobody lists
        self._delete_mails(notices_sudo.mail_id.ids)
        return super().unlink()
