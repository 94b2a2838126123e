import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { TextInputPopup } from "@point_of_sale/app/components/popups/text_input_popup/text_input_popup";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";

patch(TicketScreen.prototype, {
    /** Older sales are a manager's to undo; the server checks again. */
    tibilletMayUndo(order) {
        const till = this.pos.tibilletTill;
        return Boolean(
            till?.method &&
            till.state.paired &&
            !till.isTraining &&
            this.pos.getCashier()?._role === "manager" &&
            order?.finalized &&
            !order.isRefund &&
            order.amount_total > 0
        );
    },

    async tibilletUndo(order) {
        const reason = await makeAwaitable(this.dialog, TextInputPopup, {
            title: _t("Why is this sale undone?"),
            placeholder: _t("Wrong card, charged twice…"),
        });
        if (reason?.trim()) {
            const { undo, money } = this.pos.tibilletTill;
            const amount = money.format(order.amount_total);
            undo.offer({ uuid: order.uuid, amount }, reason.trim());
        }
    },
});
