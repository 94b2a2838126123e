"""What an account must be to play a role in the wallet's books: one table, no database."""

from ..books.res_company import ACCOUNT_ROLES, FRENCH_CHARTS

#: Types that serve as well as the one which is made for a role.
ALSO_OF_TYPE = {
    "expense": ("expense_direct_cost", "expense_other"),
    "income_other": ("income",),
    "income": ("income_other",),
}
#: Roles with an account for each other side.
PAIR_ROLES = ("due_from", "due_to", "deposit_due", "merchant")
#: Roles that are fields of the company or of the asset.
FIELD_ROLES = ("clearing", "liability")
#: Accounts of the French chart that never hold money of wallets: down payments bear a tax, and
#: 4197 is what is owed for invoices that were paid twice.
FRENCH_RESERVED = ("4191", "4197")


def types_of(role):
    """Types of account that may play a role, the usual one first."""
    usual = ACCOUNT_ROLES[role][0]
    return (usual, *ALSO_OF_TYPE.get(usual, ()))


def is_carried(role):
    """Whether what stands on the account belongs to it from year to year: it moves along when
    the account is replaced, and an account with a past of its own cannot take it."""
    return ACCOUNT_ROLES[role][0].startswith(("asset", "liability"))


def is_matched(role):
    """Whether the account must allow its lines to be matched."""
    return ACCOUNT_ROLES[role][1]


def is_reserved(chart, code):
    """Whether an account belongs to the chart alone."""
    return chart in FRENCH_CHARTS and (code or "").rstrip("0") in FRENCH_RESERVED
