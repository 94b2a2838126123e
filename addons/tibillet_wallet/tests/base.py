"""What the addon's tests share: two companies, one user per role, a key file of their own."""

import os
import secrets
import tempfile
from unittest.mock import patch

from odoo import Command
from odoo.tests import TransactionCase

GROUP = "tibillet_wallet.tibillet_wallet_group_%s"


def use_key_file(case, *lines):
    """Give the test class ``case`` a key file with ``lines``, or one random line.

    :return: its path; the environment is as before when the class ends
    """
    folder = tempfile.TemporaryDirectory()
    case.addClassCleanup(folder.cleanup)
    path = os.path.join(folder.name, "secret.key")
    write_key_file(path, *(lines or [secrets.token_urlsafe(32)]))
    case.startClassPatcher(patch.dict(os.environ, {"TIBILLET_KEY_FILE": path}))
    return path


def write_key_file(path, *lines, mode=0o600):
    """Replace the key file's content; a new file each time, as an editor does."""
    if os.path.exists(path):
        os.unlink(path)
    with open(path, "w", encoding="ascii") as stream:
        stream.write("\n".join(lines) + "\n")
    os.chmod(path, mode)


class WalletRoles:
    """Mixed into a test class: companies A and B, and one user per role."""

    @classmethod
    def make_roles(cls):
        company = cls.env["res.company"]
        cls.company_a = company.create({"name": "Café de la Grève"})
        cls.company_b = company.create({"name": "Festival de l'Estran"})
        cls.desk = cls.make_user("desk", cls.company_a, GROUP % "user")
        cls.accountant = cls.make_user("accountant", cls.company_a, GROUP % "accountant")
        cls.manager_a = cls.make_user("manager-a", cls.company_a, GROUP % "manager")
        cls.manager_b = cls.make_user("manager-b", cls.company_b, GROUP % "manager")
        cls.staff = cls.make_user("staff", cls.company_a, "base.group_user")
        cls.portal = cls.make_user("portal", cls.company_a, "base.group_portal")
        cls.public = cls.env.ref("base.public_user")

    @classmethod
    def make_user(cls, name, company, group):
        """A user of ``company`` with ``group`` only, login ``tb-<name>``."""
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name,
                    "login": f"tb-{name}",
                    "password": f"tb-{name}",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                }
            )
        )


class BaseCase(WalletRoles, TransactionCase):
    """Base of the addon's tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key_file = use_key_file(cls)
        # The database's own keys are under its own key file, which is not ours to read.
        cls.env["tibillet.key"].search([]).unlink()
        cls.make_roles()
        cls.env["tibillet.key"]._ensure(cls.env["tibillet.place"].search([]), strict=True)
        cls.place_a = cls.env["tibillet.place"]._of_company(cls.company_a)
        cls.place_b = cls.env["tibillet.place"]._of_company(cls.company_b)
