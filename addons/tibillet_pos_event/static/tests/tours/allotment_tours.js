import * as Offline from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import { open, paired } from "@tibillet_pos_nfc/../tests/tours/till_tour_utils";
import { choose } from "./seat_tours";

/** What this device may still sell without asking. */
const keeps = (wanted) => ({
    content: `${wanted} seats kept`,
    trigger: "body",
    run: async () => {
        const pos = window.posmodel;
        const [rate] = pos.models["event.event.ticket"].getAll();
        for (let round = 0; round < 40; round++) {
            if (pos.tibilletAllotment.left(rate.id) === wanted) {
                return;
            }
            await pos.tibilletRefreshAllotment();
            await new Promise((resolve) => setTimeout(resolve, 250));
        }
        throw new Error(`kept: ${pos.tibilletAllotment.left(rate.id)}, not ${wanted}`);
    },
});

registry.category("web_tour.tours").add("tibillet_seats_offline", {
    steps: () =>
        [
            open(),
            paired(),
            keeps(1),
            Offline.setOfflineMode(),
            choose(),
            { trigger: '.orderline:contains("12.00")' },
            keeps(0),
            { trigger: ".pay-order-button", run: "click" },
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            { trigger: ".modal-footer .btn-primary", run: "click" }, // Odoo tells of the network
            ReceiptScreen.clickNextOrder(),
            choose(),
            { trigger: '.modal:contains("0 left")' },
            { trigger: ".modal-footer .btn-primary", run: "click" },
            { trigger: ".product-screen:not(:has(.orderline))" },
            Offline.setOnlineMode(),
            {
                content: "the network is back",
                trigger: "body",
                run: async () => {
                    window.dispatchEvent(new Event("online"));
                    const orders = () => window.posmodel.models["pos.order"].getAll();
                    for (let round = 0; orders().some((one) => one.isUnsyncedPaid); round++) {
                        if (round > 80) {
                            throw new Error("the order was not sent");
                        }
                        await new Promise((resolve) => setTimeout(resolve, 100));
                    }
                },
            },
            keeps(1), // the other seat of the room
        ].flat(),
});
