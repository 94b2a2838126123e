"""The rules of TiBillet's own ledger (reference, table 1.2): where each is kept, or why it was
left out."""

from odoo.tests import TransactionCase, tagged

from ..ledger_rules import RULES

FEDOW_CODES = {
    *("FST", "CRE", "REF", "SAL", "QRS", "SUB", "FUS", "RFD", "VID", "BNK", "BDG", "COR", "TRF"),
    "common",
}
# Fedow's code and rule → our codes and the test that shows it, or why it was left out.
FEDOW = {
    "FST: one first block per asset": "left out: no chain to start, an asset exists before",
    "CRE: sender is receiver is the issuer": "topup, gift, reward, issue: created and given in one "
    "transfer, so nothing lies between (test_every_code_links_only_its_kinds)",
    "CRE of FED: a checkout is attached": "left out here: the provider's payment posts the top-up "
    "under its own origin and key (money online)",
    "CRE: the primary card belongs to the place": "left out: no staff card moves money; roles do "
    "(test_acts_roles)",
    "REF: the previous transaction is a creation": "left out: both are one operation",
    "REF: sender has enough": "left out: the issuer's account is the negative one, without floor",
    "REF: receiver neither primary nor place": "topup (test_every_code_links_only_its_kinds)",
    "REF: the card's wallet is the receiver": "a card opens exactly one wallet (test_card)",
    "REF: issuer is sender": "topup (test_only_the_issuer_of_the_asset)",
    "SAL: sender has enough": "sale (test_floor_of_every_code_that_takes)",
    "SAL: receiver is a place accepting the asset": "sale (test_ledger_spend: acceptances)",
    "SAL: sender neither place nor primary": "sale (test_every_code_links_only_its_kinds)",
    "SAL: card mandatory": "left out: a visitor's rotating QR pays as well; the card is noted",
    "SAL: primary card registered for the place": "left out: the paired device is (test_device)",
    "QRS: as SAL without card": "sale",
    "SUB: category and issuer": "left out: a membership is no asset (architecture 4.1)",
    "FUS: the amount is the whole balance": "merge (test_whole)",
    "FUS: ephemeral wallet, no user on the card; receiver has one": "merge "
    "(test_every_code_links_only_its_kinds)",
    "FUS of an archived asset": "merge (test_archived)",
    "RFD: amount within the balance": "refund (test_floor_of_every_code_that_takes)",
    "RFD: receiver is the issuing place": "refund (test_only_the_issuer_of_the_asset)",
    "RFD: local tokens burned": "refund: supply − (test_supply)",
    "RFD of FED: the place is credited": "refund at an acceptor's desk: the books' P accounts; "
    "the units are withdrawn all the same",
    "VID: void card": "empty, then the card is recycled, and both leave a trace (test_people)",
    "BNK: a place with enough": "settle (test_settle_is_covered)",
    "BNK: receiver is primary": "settle to the issuer (test_only_the_issuer_of_the_asset)",
    "BDG: amount 0": "left out: nothing moves, so it is no operation; presence is a membership's",
    "COR: primary wallet is the pivot": "correct names what it corrects (test_named)",
    "TRF: unreachable": "transfer for time and points; never for what is backed (test_no_transfer)",
    "common: datetime not before the previous": "occurred_at (test_moments)",
    "common: hash of the predecessor": "left out here: the transparency log seals operations",
}


@tagged("post_install", "-at_install")
class TestFedow(TransactionCase):
    def test_every_rule_of_the_first_ledger_is_kept_or_explained(self):
        codes = {name.split(":")[0].split(" ")[0] for name in FEDOW}
        self.assertEqual(codes, FEDOW_CODES)
        for name, answer in FEDOW.items():
            with self.subTest(name):
                kept = answer.split()[0].strip(",:") in {*RULES, "a", "occurred_at"}
                self.assertTrue(kept or answer.startswith("left out"), answer)
                self.assertGreater(len(answer), 3)
