"""What the cards hold: federated euro, house token, gift and time, and who takes them."""

import datetime

from .territory import BAR, COOP, FESTIVAL

VERSION = 2

VOUCHER = "voucher"
# key, issuer, kind, code, French, English
ASSETS = (
    ("fed", COOP, "fed", "euro-federe", "Euro fédéré", "Federated euro"),
    ("token", BAR, "local", "galet", "Le Galet, jeton de L'Amarre", "The Galet, house token"),
    ("gift", COOP, "gift", "cadeau", "Cadeau de bienvenue", "Welcome gift"),
    ("time", COOP, "time", "temps", "Temps échangé", "Time exchange"),
    (VOUCHER, FESTIVAL, "voucher", "bon", "Bon du festival", "Festival voucher"),
)
# asset, place that takes it: the issuer's own always does
ACCEPTED = (("fed", BAR), ("fed", FESTIVAL), ("gift", BAR), ("gift", FESTIVAL))
CONTRACT_AGE_DAYS = 90
# Read by addons that show a simulated reader only where nobody's money is at stake.
MARKS = (("tibillet.demo", "1"), ("tibillet_pos_nfc.simulated_reader", "demo"))


def build(builder):
    """Mark the database as a demonstration, then make the assets and their contracts."""
    for key, value in MARKS:
        builder.env["ir.config_parameter"].set_param(key, value)
    for place in builder.places:
        its_place = builder.env["tibillet.place"]._of_company(builder.company(place.slug))
        its_place.write({"slug": place.slug, "name": place.name, "tz": "Europe/Paris"})
        builder.company(place.slug)._tibillet_ensure_accounts()
    for key, issuer, kind, code, french, english in ASSETS:
        company = builder.company(issuer.slug)
        asset = builder.put(
            f"asset_{key}",
            "tibillet.asset",
            {"name": french, "code": code, "kind": kind, "company_id": company.id},
            company=company,
        )
        builder.translate(asset, name=english)
        asset._ensure_liability_account()
    steward = builder.find("user_coop_federation")
    day = datetime.date.today() - datetime.timedelta(days=CONTRACT_AGE_DAYS)
    for number, (key, place) in enumerate(ACCEPTED, 1):
        acceptance = builder.put(
            f"acceptance_{key}_{place.slug}",
            "tibillet.acceptance",
            {
                "asset_id": builder.find(f"asset_{key}").id,
                "company_id": builder.company(place.slug).id,
                "contract_date": day,
                "contract_ref": f"KEV-{day.year}-{number:03}",
            },
        )
        if acceptance.state == "proposed":
            acceptance.with_user(steward).action_countersign()
    return f"{len(ASSETS)} assets, {len(ACCEPTED)} contracts"
