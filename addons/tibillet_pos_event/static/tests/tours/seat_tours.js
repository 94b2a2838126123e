import * as Numpad from "@point_of_sale/../tests/generic_helpers/numpad_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import { open } from "@tibillet_pos_nfc/../tests/tours/till_tour_utils";

const SEATS = 'article:contains("Concert")';

/** The event: one rate and nothing to ask, so one place of it. */
export const choose = () => [{ trigger: `.product-list ${SEATS}`, run: "click" }];

/** What the server counts as free. */
const left = (wanted) => ({
    content: `${wanted} seats left`,
    trigger: "body",
    run: async () => {
        for (let round = 0; round < 40; round++) {
            const [event] = await window.posmodel.data.orm.read(
                "event.event",
                [window.posmodel.models["event.event"].getAll()[0].id],
                ["seats_available"]
            );
            if (event.seats_available === wanted) {
                return;
            }
            await new Promise((resolve) => setTimeout(resolve, 250));
        }
        throw new Error(`not ${wanted} seats left`);
    },
});

registry.category("web_tour.tours").add("tibillet_seats_cash", {
    steps: () =>
        [
            open(),
            choose(),
            { trigger: '.orderline:contains("12.00")' },
            left(1), // put aside before any money
            { trigger: ".pay-order-button", run: "click" },
            PaymentScreen.clickPaymentMethod("Cash"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            left(1),
        ].flat(),
});

registry.category("web_tour.tours").add("tibillet_seats_given_back", {
    steps: () =>
        [
            open(),
            choose(),
            { trigger: '.orderline:contains("12.00")' },
            left(1),
            Numpad.click("⌫"),
            Numpad.click("⌫"),
            { trigger: ".product-screen:not(:has(.orderline))" },
            left(2),
        ].flat(),
});

registry.category("web_tour.tours").add("tibillet_seats_refused", {
    steps: () =>
        [
            open(),
            {
                content: "the last seats go elsewhere, and this till does not hear of it",
                trigger: "body",
                run: async () => {
                    const { data, models, session } = window.posmodel;
                    const rate = models["event.event.ticket"].getAll()[0];
                    const args = [[session.id], "elsewhere", rate.id, false, 2];
                    const answer = await data.call("pos.session", "tibillet_seats_hold", args);
                    if (!answer.ok) {
                        throw new Error(answer.message);
                    }
                },
            },
            choose(),
            { trigger: '.modal:contains("sold out")' },
            { trigger: ".modal-footer .btn-primary", run: "click" },
            { trigger: ".product-screen:not(:has(.orderline))" },
        ].flat(),
});
