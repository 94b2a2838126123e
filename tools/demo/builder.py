"""What every part is given: an environment, names for its records, and a mark when it is done."""

import contextlib
import logging

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tools import config as odoo_config

from .territory import PLACES

XMLID_MODULE = "__tibillet_demo__"
MARK = "tibillet.demo.part."
CONTEXT = {
    "lang": "fr_FR",
    "tz": "Europe/Paris",
    # Nobody is written to, and nothing is told in the chatter of records made in a second.
    "no_reset_password": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "mail_activity_quick_update": True,
}


@contextlib.contextmanager
def opened(config_path, database, *, verbose=False):
    """Give the registry of ``database``, with Odoo quiet unless ``verbose``."""
    odoo_config.parse_config(["-c", str(config_path), "-d", database, "--no-http"])
    if not verbose:
        logging.getLogger().setLevel(logging.WARNING)
        for name in ("odoo", "werkzeug"):
            logging.getLogger(name).setLevel(logging.WARNING)
    registry = Registry(database)
    try:
        yield registry
    finally:
        registry.clear_all_caches()


class Builder:
    """One part's hands: ``self.env``, ``self.put`` and the company of each place."""

    def __init__(self, env, port):
        self.env = env
        self.port = port

    @classmethod
    @contextlib.contextmanager
    def on(cls, registry, *, port):
        """Open one transaction, committed when the block ends well."""
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, CONTEXT)
            yield cls(env, port)
            env.flush_all()

    @staticmethod
    def _mark(part):
        return MARK + part.__name__.rsplit(".", 1)[-1]

    @classmethod
    def is_done(cls, registry, part):
        """Tell whether the part left its mark with the version that this code builds."""
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if env["ir.config_parameter"].get_param(cls._mark(part)) != str(part.VERSION):
                return False
            # A part may ask to be built again: an addon it uses has come since.
            return not getattr(part, "is_stale", lambda _env: False)(env)

    @classmethod
    def run(cls, registry, part, *, port):
        """Build one part and mark it, all in one transaction."""
        with cls.on(registry, port=port) as builder:
            said = part.build(builder)
            builder.env["ir.config_parameter"].set_param(cls._mark(part), str(part.VERSION))
        return said

    # Records ---------------------------------------------------------------------------------

    def find(self, name):
        """Return the record this demo knows as ``name``, or None."""
        record = self.env.ref(f"{XMLID_MODULE}.{name}", raise_if_not_found=False)
        return record or None

    def remember(self, name, record):
        """Give ``record`` a name of the demo's own, kept out of module updates."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{XMLID_MODULE}.{name}", "record": record, "noupdate": True}]
        )
        return record

    def put(self, name, model, values, *, company=None):
        """Create the record ``name`` unless it is there; never rewrite what somebody changed."""
        found = self.find(name)
        if found is not None:
            return found
        model = self.env[model]
        if company is not None:
            model = model.with_company(company).with_context(
                allowed_company_ids=[company.id], lang="fr_FR"
            )
        return self.remember(name, model.create(values))

    def translate(self, record, **english):
        """Give the English text of fields that were written in French."""
        for field, text in english.items():
            record.with_context(lang="en_US")[field] = text

    def groups(self, *xmlids):
        """Return the command that sets these groups, leaving out addons that are absent."""
        found = [self.env.ref(xmlid, raise_if_not_found=False) for xmlid in xmlids]
        return [Command.link(group.id) for group in found if group]

    def has(self, model):
        """Tell whether an optional addon's model is present."""
        return model in self.env

    def company(self, slug):
        """Return the company of a place."""
        return self.env.ref(f"{XMLID_MODULE}.company_{slug}")

    def website(self, slug):
        """Return the website of a place."""
        return self.env.ref(f"{XMLID_MODULE}.website_{slug}")

    def tax(self, slug, ref):
        """Return a tax of the place's chart, awake: the chart brings most rates asleep, and an
        article of a rate that sleeps is sold without VAT."""
        company = self.company(slug)
        tax = self.at(slug)["account.chart.template"].with_company(company).ref(ref)
        tax.active = True
        return tax

    def at(self, slug):
        """Return an environment that works as the place's company alone."""
        company = self.company(slug)
        return self.env(
            context={
                **self.env.context,
                "allowed_company_ids": [company.id],
                "tz": "Europe/Paris",
                "lang": "fr_FR",
            }
        )

    @property
    def places(self):
        """The three places, in the order a visitor meets them."""
        return PLACES
