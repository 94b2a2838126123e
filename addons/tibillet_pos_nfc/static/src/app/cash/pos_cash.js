import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { HardwareProxy } from "@point_of_sale/app/services/hardware_proxy_service";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { OpeningControlPopup } from "@point_of_sale/app/components/popups/opening_control_popup/opening_control_popup";
import { CashMovePopup } from "@point_of_sale/app/components/popups/cash_move_popup/cash_move_popup";
import { ClosePosPopup } from "@point_of_sale/app/components/popups/closing_popup/closing_popup";
import { isWallet } from "@tibillet_pos_nfc/app/till/wallet_method";
import { tillScope } from "@tibillet_pos_nfc/app/till/unsent_orders";
import { readAmount } from "./amount";
import { CashDialog } from "./cash_dialog";
import { DrawerOpenings } from "./drawer_openings";

patch(PosStore.prototype, {
    /** Whether this till's drawer is counted our way: it takes cards and has a drawer. */
    get tibilletCountsCash() {
        return this.config.cash_control && this.config.payment_method_ids.some(isWallet);
    },

    /** Which paired device asks, and which employee stands before it. */
    get tibilletBy() {
        const employee = this.config.module_pos_hr && this.getCashier()?.id;
        const { credential } = this.tibilletTill?.journal || {};
        return { device: credential || false, employee_id: employee || false };
    },

    tibilletOpenCash(step) {
        return this.dialog.add(CashDialog, {
            pos: this,
            step,
            onCloseSession: () => this.closeSession(),
        });
    },

    /** What was not counted is counted first, blind; then Odoo's own closing goes on. */
    async closeSession() {
        if (this.config.payment_method_ids.some(isWallet)) {
            const by = this.tibilletBy;
            const drawer = await this.data
                .call("pos.session", "tibillet_cash", [[this.session.id]], { by })
                .catch(() => null);
            if (drawer?.code === "not_allowed") {
                this.dialog.add(AlertDialog, { title: _t("Cash drawer"), body: drawer.message });
                return;
            }
            if (drawer?.ok && this.tibilletCountsCash && drawer.to_count) {
                return this.tibilletOpenCash("count");
            }
        }
        return super.closeSession(...arguments);
    },

    tibilletDrawerOpened(reason) {
        this.tibilletOpenings ??= new DrawerOpenings(window.localStorage, tillScope(), (why, key) =>
            this.data.call("pos.session", "tibillet_drawer_opened", [[this.session.id], why], {
                by: this.tibilletBy,
                key,
            })
        );
        return this.tibilletOpenings.note(reason);
    },
});

patch(HardwareProxy.prototype, {
    async openCashbox(action = false) {
        const ready =
            ["connected", "init"].includes(this.connectionInfo.status) ||
            this.pos.config.epson_printer_ip;
        if (this.pos.config.iface_cashdrawer && this.printer && ready) {
            const bySale = this.tibilletByHand ? "other" : "sale";
            this.pos.tibilletDrawerOpened(action ? "move" : bySale);
        }
        return super.openCashbox(...arguments);
    },
});

patch(PaymentScreen.prototype, {
    openCashbox() {
        this.hardwareProxy.tibilletByHand = true;
        try {
            return super.openCashbox(...arguments);
        } finally {
            this.hardwareProxy.tibilletByHand = false;
        }
    },
});

/** Reads what was typed, comma or point, into what Odoo's own field reads in this language. */
function normalise(popup, name) {
    const typed = String(popup.state[name] ?? "").trim();
    if (!typed || typed.startsWith("=")) {
        return true; // nothing, or a sum that Odoo's own field works out
    }
    const minor = readAmount(typed, popup.pos.currency.decimal_places);
    if (minor === null) {
        popup.env.services.notification.add(_t("“%s” is no amount. Write it like 150,50.", typed), {
            type: "warning",
        });
        return false;
    }
    const amount = minor / 10 ** popup.pos.currency.decimal_places;
    popup.state[name] = popup.env.utils.formatCurrency(amount, false);
    return true;
}

patch(OpeningControlPopup.prototype, {
    async confirm() {
        if (!this.cashMethodCount || normalise(this, "openingCash")) {
            return super.confirm(...arguments);
        }
    },
});

patch(CashMovePopup.prototype, {
    async confirm() {
        if (normalise(this, "amount")) {
            return super.confirm(...arguments);
        }
    },
});

patch(ClosePosPopup.prototype, {
    /** What was counted blind stands in the box; the server takes no other sum. */
    getInitialState() {
        const state = super.getInitialState(...arguments);
        const { id, tibillet_counted: counted } = this.props.default_cash_details;
        if (counted !== undefined && state.payments[id]) {
            state.payments[id].counted = this.env.utils.formatCurrency(counted, false);
        }
        return state;
    },
});
