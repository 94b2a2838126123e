"""What wakes an account, and when its holder is told: tables, no database.

Nothing is ever taken by these rules. French practice (inactive balances): the holder is
reminded on something durable after the period and then every year, and keeps, is refunded
or gives at any time.
"""

#: Operations in which the holder took part. Corrections, rewards, gifts and expiries are
#: the staff's or the issuer's, and do not wake anything.
HOLDER_ACTS = (
    "topup",
    "sale",
    "deposit_back",
    "undo",
    "refund",
    "empty",
    "merge",
    "transfer",
    "give",
)

#: Operations that bring value into an account. What came back by any other way (an undo, a
#: correction, a merge) counts as older than any terms.
LOADS = ("topup", "gift", "reward", "issue")

#: Days before an extinction at which its holder must have been told, and what the notice
#: is called. Each must have been delivered at least so many days before.
COUNTDOWN = (("before_90", 90), ("before_30", 30), ("before_7", 7))
LEAD_DAYS = COUNTDOWN[0][1]

#: Years without any act after which an anonymous card may be concerned at all.
ANONYMOUS_YEARS = 5
#: Years during which what was extinguished can be had back.
RESTORE_YEARS = 5

#: A mail counts when so many hours passed after it left and it did not bounce.
BOUNCE_HOURS = 24
#: A later bounce still takes a delivery back during so many days.
BOUNCE_DAYS = 30
#: Automatic tries of a mail that the mail server did not take.
MAX_TRIES = 5
#: Mails name their holder and what is held: they are deleted after so many days.
MAIL_KEPT_DAYS = 60
