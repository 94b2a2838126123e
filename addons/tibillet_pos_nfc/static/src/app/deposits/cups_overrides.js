import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { SelectionPopup } from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { ProductTemplate } from "@point_of_sale/app/models/product_template";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { describe } from "@tibillet_pos_nfc/app/till/states";
import { cupsBack, isCup, refusalOfCups } from "./cups";

function refuse(pos, message) {
    pos.tibilletTill.band.show({ ...describe("not_allowed", { message }), code: "cups_back" });
}

patch(ProductTemplate.prototype, {
    /** A cup is no dish: no printer and no screen of the kitchen hears of it. */
    get parentPosCategIds() {
        return isCup(this) ? [] : super.parentPosCategIds;
    },
});

patch(PosOrderline.prototype, {
    /** A cup that goes out and one that comes back are two lines: both are counted. */
    canBeMergedWith(orderline) {
        const opposite = isCup(this.product_id) && this.qty < 0 !== orderline.qty < 0;
        return !opposite && super.canBeMergedWith(...arguments);
    },
});

patch(OrderPaymentValidation.prototype, {
    /** Paid in cash too, a cashier takes back so many cups at once and no more. */
    async isOrderValid() {
        const message = this.pos.tibilletTill && refusalOfCups(this.pos, cupsBack(this.order));
        if (message) {
            refuse(this.pos, message);
            return false;
        }
        return super.isOrderValid(...arguments);
    },
});

patch(ControlButtons.prototype, {
    get tibilletCups() {
        return this.pos.models["product.template"].filter(
            (product) => product.tibillet_deposit && product.available_in_pos
        );
    },

    /** One touch, one cup that comes back; which one is asked where there are several. */
    async tibilletTakeCupBack() {
        const cups = this.tibilletCups;
        const cup = cups.length > 1 ? await this.tibilletChooseCup(cups) : cups[0];
        if (!cup) {
            return;
        }
        const order = this.pos.getOrder();
        const message = refusalOfCups(this.pos, (order ? cupsBack(order) : 0) + 1);
        if (message) {
            refuse(this.pos, message);
            return;
        }
        await this.pos.addLineToCurrentOrder({ product_tmpl_id: cup, qty: -1 });
    },

    tibilletChooseCup(cups) {
        return makeAwaitable(this.dialog, SelectionPopup, {
            title: _t("Which cup comes back?"),
            list: cups.map((cup) => ({
                id: cup.id,
                label: cup.display_name,
                isSelected: false,
                item: cup,
            })),
        });
    },
});
