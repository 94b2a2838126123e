import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { isWallet } from "./wallet_method";

const ANSWER_MS = 50;

/**
 * A bill that changes under its payment: at a table goods come and go, bills are split and moved
 * while a card has set money aside for one of them.
 */
export class OpenBill {
    /**
     * @param {Object} parts
     * @param {{busy: boolean}} parts.state
     * @param {import("./till_money").TillMoney} parts.money
     * @param {import("./tap_payment").TapPayment} parts.payment
     * @param {Object} parts.dialog Odoo's service
     */
    constructor({ state, money, payment, dialog }) {
        this.state = state;
        this.money = money;
        this.payment = payment;
        this.dialog = dialog;
    }

    /** Whether cards hold more for this bill than these goods cost. */
    isOverpaid(order, due = order.totalDue) {
        const held = this.money.toMinor(order.tibilletHeld);
        return held > 0 && held > this.money.toMinor(due);
    }

    /**
     * What would leave in money although a card paid it, in minor units: paid out in cash, a gift
     * would have become money. What earlier refunds gave back is known to the server alone.
     */
    moneyTooMuch(order) {
        const sale = order.lines.find((line) => line.refunded_orderline_id)?.refunded_orderline_id
            .order_id;
        if (!sale?.payment_ids.some((paid) => isWallet(paid.payment_method_id))) {
            return 0;
        }
        const money = (of) =>
            of.payment_ids
                .filter((paid) => !isWallet(paid.payment_method_id))
                .reduce((sum, paid) => sum + this.money.toMinor(paid.getAmount()), 0);
        const loose = order.lines
            .filter((line) => line.qty < 0 && !line.refunded_orderline_id)
            .reduce((sum, line) => sum - this.money.toMinor(line.priceIncl), 0);
        return Math.max(0, -money(order) - Math.max(0, money(sale) + loose));
    }

    refuseMoney(tooMuchMinor) {
        this.tell(
            _t("A card paid this sale"),
            _t(
                "%(amount)s of it go back to the card that paid, not out of the drawer. Choose the card's way of payment and tap it, or undo the sale.",
                { amount: this.money.formatMinor(tooMuchMinor) }
            )
        );
    }

    unpaidLines(order) {
        return order.finalized
            ? []
            : order.payment_ids.filter(
                  (line) => isWallet(line.payment_method_id) && !line.isDone()
              );
    }

    /** A draft that goes to the server leaves the lines behind that no card has paid yet. */
    async leaveUnpaidLines(order) {
        while (this.state.busy && this.unpaidLines(order).length) {
            await new Promise((resolve) => setTimeout(resolve, ANSWER_MS)); // the answer decides
        }
        for (const line of this.unpaidLines(order)) {
            if (this.payment.waiting?.line === line) {
                this.payment.stopWaiting();
            }
            order.removePaymentline(line);
        }
    }

    refuseToTakeGoods(order) {
        this.tell(
            _t("A card has paid part of this order"),
            _t(
                "%(amount)s are set aside for it. Leave at least that much on this bill, or take the card line off first: its money goes back at once.",
                { amount: this.money.format(order.tibilletHeld) }
            )
        );
    }

    refuseToMerge(order) {
        this.tell(
            _t("A card has paid part of this order"),
            _t(
                "%(amount)s are set aside for it. Finish it as it is, or take the card line off first: its money goes back at once.",
                { amount: this.money.format(order.tibilletHeld) }
            )
        );
    }

    refuseOverpaid(order) {
        this.tell(
            _t("The card paid more than this order costs"),
            _t(
                "%(paid)s are set aside and %(due)s are due. Take the card line off, its money goes back at once, then tap the card again.",
                {
                    paid: this.money.format(order.tibilletHeld),
                    due: this.money.format(order.totalDue),
                }
            )
        );
    }

    tell(title, body) {
        this.dialog.add(AlertDialog, { title, body });
    }
}
