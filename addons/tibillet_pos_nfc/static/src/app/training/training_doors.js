import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";
import { setTraining } from "./training_mode";

/** Ask first; refuse while paid orders wait to be sent, which should not be forgotten. */
export function enterTraining({ pos, dialog, state }) {
    if (state.unsent) {
        dialog.add(AlertDialog, {
            title: _t("Training"),
            body: _t(
                "%(count)s paid orders are still to be sent. Training can begin once they are there.",
                { count: state.unsent }
            ),
        });
        return;
    }
    dialog.add(ConfirmationDialog, {
        title: _t("Practise on this till?"),
        body: _t(
            "It sells as ever, with practice cards or any card, and nothing is written: no sale, no money, no order in the kitchen, no open drawer. The orders that are open now wait unchanged until you leave."
        ),
        confirmLabel: _t("Practise"),
        confirm: async () => {
            await pos.data.synchronizeLocalDataInIndexedDB();
            setTraining(true);
            window.location.reload();
        },
        cancel: () => {},
    });
}

export function leaveTraining() {
    setTraining(false);
    window.location.reload();
}

/** Nothing on the counter moves either: no drawer, no bank terminal; and cards can be tapped. */
export function prepareTraining({ pos, journal }) {
    pos.hardwareProxy.openCashbox = async () => {};
    for (const method of pos.config.payment_method_ids) {
        if (!isWallet(method)) {
            method.payment_terminal = null;
        }
    }
    if (!journal.isPaired) {
        journal.write({ credential: "training" });
    }
}
