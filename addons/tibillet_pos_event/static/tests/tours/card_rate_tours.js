import { registry } from "@web/core/registry";
import * as T from "@tibillet_pos_nfc/../tests/tours/till_tour_utils";

const CARD = "04A1B2C3D4E5F6";

/** A rate of the concert by its name, so many places of it. */
const choose = (name, number, shown) => [
    { trigger: ".product-list article:contains('Concert')", run: "click" },
    { trigger: `.o_event_configurator_popup > div:contains('${name}'):contains('${shown}')` },
    ...Array.from({ length: number }, () => ({
        trigger: `.o_event_configurator_popup > div:contains('${name}') .fa-plus`,
        run: "click",
    })),
    { trigger: ".modal-footer .btn-primary", run: "click" },
];
const start = () => [...T.open(), ...T.paired()];
const toPayment = () => [
    { trigger: ".pay-order-button", run: "click" },
    { trigger: ".payment-screen" },
];
/** What was paid stands on the ticket that is shown and printed. */
const tickets = (paid) => [
    { trigger: `.receipt-screen .tibillet-ticket-rate:contains('${paid}')` },
    ...T.sent(),
];
const back = () => [{ trigger: ".payment-screen .back-button", run: "click" }];

/** Minutes, never with a beer, never in cash: by tap, with two seats. */
registry.category("web_tour.tours").add("tibillet_rates_minutes", {
    steps: () => [
        ...start(),
        ...T.add("Beer"),
        ...choose("Helped", 1, "45 min"),
        ...T.sees("never_mixed", "paid alone"),
        ...T.escapes(),
        ...T.noResidue(),
        {
            content: "the beer is taken off",
            trigger: ".orderline:contains('Beer')",
            run: () => {
                const order = window.posmodel.getOrder();
                order.removeOrderline(order.lines[0]);
            },
        },
        { trigger: "body:not(:has(.orderline))" },
        ...choose("Helped", 2, "45 min"),
        { trigger: ".order-summary .total:contains('90 min')" },
        ...toPayment(),
        { trigger: ".payment-screen .validation-button", run: "click" },
        ...T.sees("asset_by_card", "90 min"),
        ...T.escapes(),
        ...back(),
        ...T.tap(CARD),
        ...T.sees("paid", "90 min"),
        ...T.sees("paid", "30 min"),
        { trigger: ".receipt-screen .fs-4:contains('90 min')" },
        ...tickets("45 min"),
    ],
});

/** Cash is refused before the money; the card pays. */
registry.category("web_tour.tours").add("tibillet_rates_card_only", {
    steps: () => [
        ...start(),
        ...choose("Card", 1, "with the card"),
        { trigger: ".order-summary .total:contains('9.00')" },
        ...toPayment(),
        { trigger: ".paymentmethod:contains('Cash')", run: "click" },
        { trigger: ".modal:contains('for those who pay with the card')" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".payment-screen:not(:has(.paymentline))" },
        ...back(),
        ...T.tap(CARD),
        ...T.sees("paid", "9.00"),
        ...tickets("9.00"),
    ],
});
