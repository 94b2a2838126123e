import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { parsePrice } from "@tibillet_pos_nfc/app/law/free_price";
import { NoSeats } from "@tibillet_pos_event/app/seats";

/** Below it no card is charged: a price is nothing, or at least this. */
const LEAST_PAID = 0.5;

/**
 * Why this is no price for the rate; the server says the same once more.
 *
 * @param {number|null} price what was typed
 * @param {number} minimum the rate's, 0 where nothing is a price too
 */
export function wrongPrice(price, minimum, format) {
    const least = Math.max(minimum || 0, LEAST_PAID);
    if (price === null) {
        return _t("Type the price they choose.");
    }
    if ((price === 0 && !minimum) || price >= least) {
        return "";
    }
    return minimum
        ? _t("At least %s.", format(least))
        : _t("Nothing, or at least %s.", format(least));
}

patch(PosStore.prototype, {
    /** A rate of free price: its price is asked before its seats. */
    async addLineToCurrentOrder(vals) {
        const rate = vals.event_ticket_id;
        if (rate?.tibillet_free_price && vals.qty > 0) {
            const format = (amount) => this.env.utils.formatCurrency(amount);
            const wrong = (typed) => wrongPrice(parsePrice(typed), rate.price, format);
            const typed = await makeAwaitable(this.dialog, NumberPopup, {
                title: `${rate.event_id.name} · ${rate.name}`,
                subtitle: _t("Free price of one place: what do they wish to pay?"),
                startingValue: "",
                isValid: (buffer) => !wrong(buffer),
                feedback: (buffer) => wrong(buffer),
            });
            if (typed === undefined || wrong(typed)) {
                throw new NoSeats();
            }
            vals.price_unit = parsePrice(typed);
            vals.price_type = "manual";
        }
        return super.addLineToCurrentOrder(...arguments);
    },
});
