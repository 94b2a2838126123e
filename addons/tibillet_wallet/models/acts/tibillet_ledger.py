from odoo import api, models
from odoo.http import request
from odoo.service.server import thread_local

from ...ledger_roles import ROLES, row_of


class TibilletLedger(models.AbstractModel):
    _inherit = "tibillet.ledger"

    @api.model
    def _authorize(self, code, surface="backend", *, asset=None, company=None):
        """Refuse unless the table of roles allows this user that code on that surface.

        The user is the one of the environment, also in superuser mode. In the backend the
        second factor is asked as well, where the company says so. A request that no session
        of the user carries (a key or a password in a program: JSON-2, XML-RPC) comes by the
        surface ``api``, whatever it asks for.

        :param code: a code of the ledger, or an act of ``ledger_roles.ACTS``
        :param surface: ``till``, ``backend``, ``portal`` or ``api``
        :param asset: what it moves; some assets are issued by everybody at the desk
        :param company: where it is done, the user's own when left out
        :raises LedgerError: ``not_allowed``, with a sentence that says who may
        """
        if surface == "backend" and self._is_program():
            surface = "api"
        if not self._may(code, surface, asset=asset):
            raise self._refusal("not_allowed", self._who_may(code, surface, asset))
        if surface == "backend":
            self._check_second_factor(company or self.env.company)

    @api.model
    def _may(self, code, surface="backend", *, asset=None):
        """Whether the table of roles has this user's role in the row (nothing else)."""
        groups = self._role_groups()
        return any(
            self.env.user.has_group(groups[role])
            for role in self._roles_that_may(code, surface, asset)
            if role in groups
        )

    def _roles_that_may(self, code, surface, asset):
        row = row_of(code, surface)
        asset_sudo = asset and asset.sudo()  # another place's asset is read for its rule
        if asset_sudo and asset_sudo.issue_role == "desk":
            return row.roles | row.where_asset_says
        return row.roles

    @api.model
    def _role_groups(self):
        """Role → external id of its group. A role without group is nobody's."""
        return {
            "public": "base.group_public",
            "portal": "base.group_portal",
            "employee": "base.group_user",
            "desk": "tibillet_wallet.tibillet_wallet_group_user",
            "accountant": "tibillet_wallet.tibillet_wallet_group_accountant",
            "manager": "tibillet_wallet.tibillet_wallet_group_manager",
        }

    def _role_names(self):
        return {
            "public": self.env._("visitor"),
            "portal": self.env._("visitor with an account"),
            "employee": self.env._("employee"),
            "desk": self.env._("desk"),
            "accountant": self.env._("accountant"),
            "manager": self.env._("wallet manager"),
            "cashier": self.env._("cashier"),
            "till_manager": self.env._("till manager"),
        }

    def _act_name(self, code):
        codes = self.env["tibillet.operation"]._fields["code"]._description_selection(self.env)
        return {
            "overdraft": self.env._("Overdraft"),
            "freeze": self.env._("Freezing a wallet"),
            "keep": self.env._("Keeping"),
            **dict(codes),
        }[code]

    def _who_may(self, code, surface, asset):
        """A sentence: who may do that there."""
        act = self._act_name(code)
        if row_of(code, surface).server:
            return self.env._(
                "%(act)s: only the server does this, by itself. Nothing was moved.", act=act
            )
        roles = self._roles_that_may(code, surface, asset)
        if surface == "api" and not roles:
            return self.env._(
                "%(act)s: this is done from Odoo's own screens by somebody who is signed in; a "
                "program's key is not enough. Nothing was moved.",
                act=act,
            )
        if not roles:
            return self.env._("%(act)s: nobody does this here. Nothing was moved.", act=act)
        names = self._role_names()
        return self.env._(
            "%(act)s: this is for %(roles)s. Nothing was moved; ask one of them.",
            act=act,
            roles=", ".join(names[role] for role in ROLES if role in roles),
        )

    # -- second factor -----------------------------------------------------------------

    def _check_second_factor(self, company):
        """Odoo's two-factor authentication, switched on and gone through by this session.

        Switching it on ends every session of the user that has not shown a code (the secret
        is part of the session's token), so a live session of a user who has it is proof.

        :raises LedgerError: ``not_allowed``, saying where to switch it on
        """
        companies_sudo = (company | self.env.company).sudo()  # desk staff read no settings
        if not any(companies_sudo.mapped("tibillet_second_factor")):
            return
        user_sudo = self.env.user.sudo()  # one's own switch
        if not user_sudo.totp_enabled:
            raise self._refusal(
                "not_allowed",
                self.env._(
                    "Moving money needs a second factor. Click your name at the top right, then "
                    "My Preferences › Security › Two-factor Authentication, switch it on and "
                    "come back. Nothing was moved."
                ),
            )

    def _is_program(self):
        """Whether the request is carried by no live session of this user.

        Odoo gives a session its user once all factors are shown. A key that comes with each
        call (JSON-2) has a session of nobody; XML-RPC and JSON-RPC hide the request from the
        code they call, and leave the name of the method on the thread. Code without either
        (a scheduled action, the server's shell) is no program's.
        """
        if request:
            return request.session.uid != self.env.uid
        return bool(getattr(thread_local, "rpc_model_method", ""))

    # -- what a form tells before -------------------------------------------------------

    @api.model
    def _room_minor(self, wallet, asset):
        """What may still be loaded of an asset on a holder's wallet, in minor units; None
        where nothing limits it. The ledger decides when it posts; this is what a form tells.
        """
        self.env.flush_all()
        self.env.cr.execute("SELECT id FROM tibillet_account WHERE wallet_id = %s", [wallet.id])
        accounts = [row[0] for row in self.env.cr.fetchall()]
        self.env.cr.execute(
            "SELECT limit_kind, asset_id, limit_minor, loaded_minor"
            " FROM tibillet_ledger_loads(%s::integer[])",
            [accounts],
        )
        rows = self.env.cr.fetchall()
        caps = [
            limit - loaded
            for kind, asset_id, limit, loaded in rows
            if kind == "cap" and asset_id == asset.id
        ]
        rooms = caps or ([asset.load_cap_minor] if asset.load_cap_minor else [])
        stored_minor = asset.company_id.tibillet_stored_limit_minor
        if wallet.kind == "card" and asset.backed and stored_minor:
            rooms.append(stored_minor - self._stored_minor(wallet, asset))
        return min(rooms) if rooms else None

    def _stored_minor(self, wallet, asset):
        self.env.cr.execute(
            "SELECT COALESCE(sum(a.balance_minor + tibillet_account_arriving(a.id)), 0)::bigint"
            " FROM tibillet_account a JOIN tibillet_asset s ON s.id = a.asset_id"
            " WHERE a.wallet_id = %s AND s.backed AND s.currency_id = %s",
            [wallet.id, asset.currency_id.id],
        )
        return self.env.cr.fetchone()[0]
