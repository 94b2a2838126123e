import { patch } from "@web/core/utils/patch";
import { DataServiceOptions } from "@point_of_sale/app/models/data_service_options";
import { tillScope, UnsentOrders } from "@tibillet_pos_nfc/app/till/unsent_orders";

patch(DataServiceOptions.prototype, {
    /** Keep in the browser what is paid and not yet on the server, whatever its number. */
    get databaseTable() {
        const tables = super.databaseTable;
        const unsent = new UnsentOrders(window.localStorage, tillScope());
        const keep = (model, orderOf) => {
            const { condition } = tables[model];
            tables[model].condition = (record) =>
                !unsent.has(orderOf(record)?.uuid) && condition(record);
        };
        keep("pos.order", (record) => record);
        keep("pos.order.line", (record) => record.order_id);
        keep("pos.payment", (record) => record.pos_order_id);
        return tables;
    },
});
