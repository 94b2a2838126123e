import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { EventConfiguratorPopup } from "@pos_event/app/components/popup/event_configurator_popup/event_configurator_popup";
import { ProductCard } from "@point_of_sale/app/components/product_card/product_card";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { onlyRate } from "./quick_place";

patch(EventConfiguratorPopup.prototype, {
    /** The event and what is left of it, short enough for a phone. */
    get dialogTitle() {
        const event = this.props.tickets[0].event_id;
        if (!event.seats_limited || this.slotId) {
            return event.name;
        }
        return _t("%(event)s: %(seats)s left", { event: event.name, seats: event.seats_available });
    },
});

patch(ProductCard.prototype, {
    /** Rates share the seats of their event: the sum of theirs would be too many. */
    get totalTicketSeats() {
        const sum = super.totalTicketSeats;
        const event = this.props.product.event_id;
        const shared = event?.seats_limited && !event.is_multi_slots && sum > 0;
        return shared ? Math.min(sum, event.seats_available) || -1 : sum;
    },
});

patch(ProductScreen.prototype, {
    /** Full, said in the cashier's language; one rate alone asks the server first. */
    async addProductToOrder(product) {
        const event = product.event_id;
        const isFull = event?.seats_limited && !event.is_multi_slots && event.seats_available <= 0;
        if (isFull && !onlyRate(event)) {
            this.dialog.add(AlertDialog, {
                title: _t("No seats"),
                body: _t("“%s” is sold out. The basket stays as it was.", event.name),
            });
            return;
        }
        return super.addProductToOrder(...arguments);
    },
});
