import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";
import { setTraining } from "./training_mode";

/**
 * Ask first; refuse while paid orders wait to be sent, which should not be forgotten. A practised
 * sale leaves no trace: the server asks for a manager's right.
 */
export function enterTraining({ pos, dialog, state, reload = () => window.location.reload() }) {
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
            const refusal = await askForTraining(pos);
            if (refusal) {
                dialog.add(AlertDialog, { title: _t("Training"), body: refusal });
                return;
            }
            await pos.data.synchronizeLocalDataInIndexedDB();
            setTraining(true);
            reload();
        },
        cancel: () => {},
    });
}

/** @returns {Promise<string>} why this till does not go into training, or nothing */
async function askForTraining(pos) {
    try {
        const answer = await pos.data.call("pos.session", "tibillet_training", [[pos.session.id]], {
            by: pos.tibilletBy,
        });
        return answer.ok ? "" : answer.message;
    } catch {
        return _t("The server does not answer. Training begins once it does.");
    }
}

/** Whoever stands there brings a till back to work. */
export function leaveTraining() {
    setTraining(false);
    window.location.reload();
}

/** What the practice server knows of this till: its goods, its lists, the orders of this page. */
export function trainingFacts({ pos, law, money }) {
    const { config, models } = pos;
    return {
        decimals: pos.currency.decimal_places,
        lawRefusal: (ids, seen) =>
            law().refusalOf(
                ids.map((id) => models["product.product"].get(id)?.product_tmpl_id).filter(Boolean),
                seen
            ),
        listFor: (isMember) =>
            (isMember && config.tibillet_member_pricelist_id) ||
            config.tibillet_card_pricelist_id ||
            null,
        paymentsOf: (uuid) =>
            (models["pos.order"].getBy("uuid", uuid)?.payment_ids || []).map((line) => ({
                key: line.transaction_id,
                amount: money().format(line.getAmount()),
                method: line.payment_method_id.name,
                isCash: line.payment_method_id.is_cash_count,
            })),
    };
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
