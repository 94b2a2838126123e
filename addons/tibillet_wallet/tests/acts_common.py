from ..models.tibillet_operation import MEANS
from .test_acts_roles import RolesCase


class ActsCase(RolesCase):
    """Forms of money acts, driven as the web client drives them."""

    def spec(self, model):
        """The fields that the form shows, as the client names them."""
        view = self.env[model].get_view(view_type="form")
        return {name: {} for name in view["models"][model]}

    def model_as(self, model, role="manager", **context):
        return (
            self.env[model]
            .with_user(self.by_role[role])
            .with_company(self.bar)
            .with_context(**context)
        )

    def preview(self, model, role="manager", **values):
        """What the form shows after these fields were typed: ``onchange``, nothing else."""
        model = self.model_as(model, role)
        spec = self.spec(model._name)
        shown = model.onchange({}, [], spec)["value"]
        typed = {**{name: value for name, value in shown.items() if name in spec}, **values}
        return {**typed, **model.onchange(typed, list(values), spec)["value"]}

    def confirm(self, model, role="manager", **values):
        """Confirm: ``web_save``, then the button."""
        model = self.model_as(model, role)
        key = {"key": values.pop("key")} if "key" in values else {}
        saved = model.web_save({**self.typed(model, values), **key}, {"key": {}})
        return model.browse(saved[0]["id"]).action_confirm()

    def typed(self, model, values):
        if not ({"wallet_id", "card_id", "card_ref", "operation_id"} & values.keys()):
            values = {"card_id": self.card.id, **values}
        return {"reason": "Essai", **values}

    def assertDone(self, answer):
        self.assertEqual(answer["params"]["type"], "success", answer)
        return answer["params"]["message"]

    def assertShownAgain(self, answer):
        """The form came back with a sentence; what it says."""
        self.assertEqual(answer.get("target"), "new", answer)
        return answer["context"]["default_refused"]

    def rows(self, like="%"):
        """How many rows each table has whose name is like that."""
        self.env.cr.flush()  # what the set-up still has to tell the bus, too
        self.env.cr.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema AND c.relkind = 'r' AND c.relname LIKE %s"
            # What processes and open browsers are told: of the users made for the test, too.
            " AND c.relname NOT LIKE 'orm\\_signaling%%' AND c.relname <> 'bus_bus'",
            [like],
        )
        counts = {}
        for [table] in self.env.cr.fetchall():
            self.env.cr.execute(f'SELECT count(*) FROM "{table}"')  # pylint: disable=sql-injection
            counts[table] = self.env.cr.fetchone()[0]
        return counts

    def assertSameRows(self, before, like="%"):
        """No table has more or fewer rows than before."""
        now = self.rows(like)
        changed = {
            name: (before.get(name), now.get(name))
            for name in before.keys() | now.keys()
            if before.get(name) != now.get(name)
        }
        self.assertFalse(changed, "rows before and now")

    def load_by(self, means, amount_minor, asset=None, wallet=None):
        asset = asset or self.token
        self.assertIn(means, [*dict(MEANS), None])
        return self.ledger._post(
            [
                self.request(
                    "topup",
                    (self.issuer(asset), self.account(wallet or self.wallet, asset), amount_minor),
                    means=means,
                    company_id=self.bar.id,
                )
            ]
        )

    def name_the_card(self):
        """A person's wallet beside the card's."""
        partner = self.env["res.partner"].create({"name": "Ana Le Goff"})
        return self.env["tibillet.wallet"].create(
            {"kind": "person", "partner_id": partner.id, "company_id": self.bar.id}
        )
