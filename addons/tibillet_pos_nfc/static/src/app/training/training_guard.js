import { rpc, RPCError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { PosData } from "@point_of_sale/app/services/data_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { isTraining } from "./training_mode";
import { notInTraining } from "./training_server";

/**
 * What only reads; everything else is refused while a cashier practises. The customer's display
 * is told, so that it says so too: that passes a message on and writes no record.
 */
const READS =
    /^(load_|read|search|web_read|web_search|get_|fields_get|name_search|has_|filter_local_data$|onchange$|update_customer_display$|tibillet_time$)/;
const CALL = /\/web\/dataset\/call_(?:kw|button)\/[^/]+\/([^/?]+)/;

/** Whether a request to the server may go out in training. */
export function onlyReads(url, params) {
    const [, called] = CALL.exec(url) || [];
    const method = params?.method || called;
    return method ? READS.test(method) : !url.startsWith("/pos");
}

const send = rpc._rpc;
rpc._rpc = function (url, params, settings) {
    if (!isTraining() || onlyReads(url, params)) {
        return send.call(this, url, params, settings);
    }
    const refusal = Object.assign(new RPCError(), {
        message: notInTraining(),
        exceptionName: "odoo.exceptions.UserError",
        data: { name: "odoo.exceptions.UserError", message: notInTraining(), arguments: [] },
    });
    return Promise.reject(refusal);
};

patch(PosData.prototype, {
    /** The browser's own store stays as it was before training, open orders and all. */
    async initIndexedDB() {
        await super.initIndexedDB(...arguments);
        if (isTraining()) {
            this.indexedDB.create = this.indexedDB.delete = async () => true;
        }
    },
});

patch(PosStore.prototype, {
    /** An order of training is done when it is paid, and goes nowhere. */
    async syncAllOrders() {
        if (!isTraining()) {
            return super.syncAllOrders(...arguments);
        }
        this.clearPendingOrder();
        return [];
    },

    /** The kitchen is not told of what nobody ordered. */
    async sendOrderInPreparation() {
        return isTraining() ? true : super.sendOrderInPreparation(...arguments);
    },

    async closeSession() {
        return isTraining() ? this.tibilletRefuseInTraining() : super.closeSession(...arguments);
    },

    cashMove() {
        return isTraining() ? this.tibilletRefuseInTraining() : super.cashMove(...arguments);
    },

    tibilletRefuseInTraining() {
        this.dialog.add(AlertDialog, { title: _t("Training"), body: notInTraining() });
    },
});
