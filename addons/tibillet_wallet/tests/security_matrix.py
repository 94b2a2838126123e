"""The security matrix: what each role may do with each model, here and in another company.

An addon's test inherits `SecurityMatrix` beside its own test case, gives the table and says how a
record of each model is made; the class does the rest. A model without a row fails, and so does a
row that says more or less than the rules allow.

    @tagged("post_install", "-at_install")
    class TestSecurity(SecurityMatrix, MyCase):
        ADDON = "tibillet_event"
        ROLES = {"gate": "tibillet_event.tibillet_event_group_gate", …}
        MATRIX = {"tibillet.seat": {"gate": "r", "manager": "rwcd"}, …}

        def record_of(self, model, company):
            …
"""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
EVERYBODY = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "employee": "base.group_user",
}


class SecurityMatrix:
    """Mixed into a test case; see the module.

    - `ADDON`: the addon whose models are listed.
    - `ROLES`: role → external id of its group. Public, portal and employee are always asked.
    - `MATRIX`: model → role → letters of r(ead), w(rite), c(reate), d(elete) on the records of
      one's own company. A role that is not named may do nothing.
    - `ACROSS`: model → letters that a role keeps on records of another company (none by default).
    """

    ADDON = ""
    ROLES = {}
    MATRIX = {}
    ACROSS = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home, cls.away = cls.matrix_companies()
        cls.role_users = {}
        for role, group in {**EVERYBODY, **cls.ROLES}.items():
            cls.role_users[role] = new_test_user(
                cls.env,
                login=f"matrix_{role}",
                context={"no_reset_password": True},
                groups=group,
                company_id=cls.home.id,
                company_ids=[Command.set(cls.home.ids)],
            )

    @classmethod
    def matrix_companies(cls):
        """The company of the users, and another one; override to use those of the case."""
        companies = cls.env["res.company"].create([{"name": "Ici"}, {"name": "Ailleurs"}])
        return companies[0], companies[1]

    def record_of(self, model, company):
        """A record of the model that belongs to the company (made with all rights)."""
        raise NotImplementedError

    # -- what the tests compare ------------------------------------------------------------------

    def models_of_the_addon(self):
        """Every stored model that the addon brings (wizards included)."""
        names = self.env["ir.model"].search([]).mapped("model")
        return {
            name
            for name in names
            if name in self.env
            and not self.env[name]._abstract
            and self.env[name]._original_module == self.ADDON
        }

    def rights(self, record, user):
        """Letters of what the user may do with the record."""
        mine = record.with_user(user)
        mine.env.invalidate_all()
        return {letter for letter, operation in OPERATIONS.items() if mine.has_access(operation)}

    def really_read(self, record, user):
        """Read every field, as a form does: a compute that needs more rights would fail here."""
        mine = record.with_user(user)
        mine.env.invalidate_all()
        mine.read()
        self.assertEqual(mine.search([("id", "=", record.id)]), mine)

    def cannot_read(self, record, user):
        """Neither by its id nor by a search."""
        mine = record.with_user(user)
        mine.env.invalidate_all()
        with self.assertRaises(AccessError):
            mine.read(["id"])
        if mine.browse().has_access("read"):
            self.assertFalse(mine.search([("id", "=", record.id)]))

    def differences(self, matrix, company, across=False):
        """Sentences on every role and model whose rights are not those of the table."""
        found = []
        for model in sorted(matrix):
            record = self.record_of(model, company)
            self.assertEqual(record._name, model)
            self.assertTrue(record, f"record_of({model}) made nothing")
            self.env.flush_all()
            for role, user in self.role_users.items():
                expected = set(matrix[model].get(role, ""))
                if across:
                    expected &= set(self.ACROSS.get(model, ""))
                actual = self.rights(record, user)
                if actual != expected:
                    where = "of another company" if across else "of their company"
                    found.append(
                        f"{role} on {model} {where}: may {_word(actual)}, "
                        f"the table says {_word(expected)}"
                    )
                elif "r" in expected:
                    self.really_read(record, user)
                else:
                    self.cannot_read(record, user)
        return found

    # -- tests -----------------------------------------------------------------------------------

    def test_matrix_has_a_row_for_every_model(self):
        self.assertEqual(set(self.MATRIX), self.models_of_the_addon())

    def test_matrix_names_known_roles_and_rights_only(self):
        for model, row in self.MATRIX.items():
            self.assertLessEqual(set(row), set(self.role_users), model)
            for letters in row.values():
                self.assertLessEqual(set(letters), set(OPERATIONS), model)

    def test_matrix_within_the_company(self):
        self.assertEqual(self.differences(self.MATRIX, self.home), [])

    def test_matrix_across_companies(self):
        self.assertEqual(self.differences(self.MATRIX, self.away, across=True), [])

    def test_matrix_sees_a_right_too_many_and_a_rule_that_is_gone(self):
        """The control: open a model to every employee, and the table no longer fits."""
        if not self.MATRIX:
            return
        model = sorted(self.MATRIX)[0]
        self.env["ir.model.access"].create(
            {
                "name": "matrix control",
                "model_id": self.env["ir.model"]._get_id(model),
                "group_id": self.env.ref("base.group_user").id,
                **{f"perm_{operation}": True for operation in OPERATIONS.values()},
            }
        )
        rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
        rules.active = False
        self.env.registry.clear_cache()
        row = {model: self.MATRIX[model]}
        said = "\n".join(self.differences(row, self.home))
        self.assertIn(f"employee on {model} of their company: may create, read", said)
        said = "\n".join(self.differences(row, self.away, across=True))
        self.assertIn(f"employee on {model} of another company: may create, read", said)


def _word(letters):
    return ", ".join(sorted(OPERATIONS[letter] for letter in letters)) or "do nothing"
