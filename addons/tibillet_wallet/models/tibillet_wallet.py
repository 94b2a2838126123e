from odoo import api, fields, models


class TibilletWallet(models.Model):
    """A holder: a person, an anonymous card, a place, an issuer, a pool or a peer.

    A merchant without company here has a ``place`` wallet with a partner instead.
    """

    _name = "tibillet.wallet"
    _description = "Wallet"
    _rec_name = "display_name"

    kind = fields.Selection(
        [
            ("person", "Person"),
            ("card", "Card"),
            ("place", "Place"),
            ("issuer", "Issuer"),
            ("pool", "Pool"),
            ("peer", "Peer"),
        ],
        required=True,
        index=True,
    )
    partner_id = fields.Many2one("res.partner", index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one("res.company", index="btree_not_null", ondelete="restrict")
    frozen = fields.Boolean(help="Nothing can be spent or loaded; what comes back is accepted.")
    merged_into_id = fields.Many2one(
        "tibillet.wallet",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Where everything went that this wallet held. Nothing touches it any more.",
    )
    account_ids = fields.One2many("tibillet.account", "wallet_id", readonly=True)
    card_ids = fields.One2many("tibillet.card", "wallet_id", readonly=True)

    _one_per_company = models.UniqueIndex(
        "(kind, company_id) WHERE kind IN ('place', 'issuer', 'pool') AND partner_id IS NULL"
        " AND company_id IS NOT NULL",
        "This company has such a wallet already.",
    )
    _one_per_person = models.UniqueIndex(
        "(partner_id) WHERE kind = 'person' AND partner_id IS NOT NULL",
        "This person has a wallet already.",
    )

    @api.depends("kind", "partner_id", "company_id", "card_ids.number")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """A person's name is shown where they are known, and nowhere else: a link to a wallet
        (of an operation, of a look) tells another place its number only."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        user = self.env.user
        own = set() if user._is_superuser() else set(user._get_company_ids())
        # sudo: whose it is decides what is shown
        for wallet, wallet_sudo in zip(self, self.sudo(), strict=True):
            known = {wallet_sudo.company_id.id, *wallet_sudo.card_ids.company_id.ids}
            if wallet_sudo.kind == "card":
                owner = wallet_sudo.card_ids[:1].number
            elif wallet_sudo.kind == "person" and not (
                user._is_superuser() or wallet_sudo.partner_id == user.partner_id or own & known
            ):
                owner = wallet_sudo.id
            else:
                owner = wallet_sudo.partner_id.display_name or wallet_sudo.company_id.display_name
            named = wallet_sudo.kind == "person" and owner and owner != wallet_sudo.id
            kind = "" if named else kinds.get(wallet_sudo.kind, "")  # a name says it is a person
            wallet.display_name = f"{kind} {owner or ''}".strip()

    def write(self, vals):
        if {"kind", "company_id"} & vals.keys() and self.account_ids:
            for name in {"kind", "company_id"} & vals.keys():
                if any(w._fields[name].convert_to_write(w[name], w) != vals[name] for w in self):
                    raise self.env["tibillet.ledger"]._refusal(
                        "invalid", self.env._("A wallet that has accounts keeps its kind.")
                    )
        return super().write(vals)

    def _surviving(self):
        """The wallet that this one was merged into, itself when it never was."""
        self.ensure_one()
        wallet = self
        while wallet.merged_into_id:
            wallet = wallet.merged_into_id
        return wallet

    @api.model
    def _of_company(self, kind, company):
        """The company's wallet of that kind, made on first need (race-safe by index).

        :param kind: ``place``, ``issuer`` or ``pool``
        """
        self.flush_model()
        self.env.cr.execute(
            "SELECT id FROM tibillet_wallet"
            " WHERE kind = %s AND company_id = %s AND partner_id IS NULL",
            [kind, company.id],
        )
        row = self.env.cr.fetchone()
        if not row:
            self.env.cr.execute(
                "INSERT INTO tibillet_wallet"
                " (kind, company_id, frozen, create_uid, write_uid, create_date, write_date)"
                " VALUES (%s, %s, false, %s, %s, tibillet_now(), tibillet_now())"
                " ON CONFLICT DO NOTHING RETURNING id",
                [kind, company.id, self.env.uid, self.env.uid],
            )
            row = self.env.cr.fetchone()
        return self.browse(row[0])

    @api.model
    def _of_place(self, company):
        """Wallet that receives what the company sells."""
        return self._of_company("place", company)

    @api.model
    def _of_issuer(self, company):
        """Wallet whose accounts are the negative side of what the company issues."""
        return self._of_company("issuer", company)
