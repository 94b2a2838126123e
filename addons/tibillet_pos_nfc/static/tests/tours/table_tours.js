import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";
const OTHER = "04112233445566";

const START = [
    { trigger: ".open-register-btn", run: "click" },
    { trigger: ".floor-map" },
    { trigger: "body", run: () => (T.till().sounds.muted = true) },
    ...T.paired(),
];

function table(number) {
    return [
        { trigger: `.floor-map .table:has(.label:contains("${number}"))`, run: "click" },
        {
            content: "what the other machines did is read, nothing changes under our hands",
            trigger: ".product-screen, .payment-screen",
            run: async () => {
                const { network } = window.posmodel.data;
                for (let quiet = 0; quiet < 3; quiet = network.loading ? 0 : quiet + 1) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
    ];
}

function tables() {
    return [{ trigger: ".table-button", run: "click" }, { trigger: ".floor-map" }];
}

function beers(count) {
    const [click] = T.add("Beer");
    return [
        ...Array(count).fill(click),
        { trigger: `.orderline:contains("Beer"):contains("${count}")` },
    ];
}

/** The payment screen waits for a card, for a part of the bill. */
function askForCard(amount) {
    return [
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".paymentmethod:contains('TiBillet')", run: "click" },
        {
            content: `the card is to pay ${amount}`,
            trigger: ".tibillet-band[data-code='tap_now']",
            run: () => window.posmodel.getOrder().payment_ids.at(-1).setAmount(amount),
        },
    ];
}

function isHeld(amount) {
    return [
        {
            trigger: `.payment-screen:has(.electronic_payment:contains("Successful")) .paymentline:contains("${amount}")`,
        },
    ];
}

function backToGoods() {
    return [
        { trigger: ".payment-screen .button.back, .payment-screen .back-button", run: "click" },
        { trigger: ".product-screen" },
    ];
}

function told(words) {
    return [
        { trigger: `.modal-dialog:contains("${words}")` },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

function control(name) {
    return [
        { trigger: ".control-buttons .more-btn", run: "click" },
        { trigger: `.control-buttons button:contains("${name}")`, run: "click" },
    ];
}

function next() {
    return [
        { trigger: ".receipt-screen .button.next", run: "click" },
        { trigger: ".floor-map, .product-screen" },
    ];
}

/** Three beers at the first table, two of them set aside on a card. */
function threeBeersHeld() {
    return [
        ...START,
        ...table(1),
        ...beers(3),
        ...askForCard(12),
        ...T.tap(GOOD),
        ...isHeld("12.00"),
    ];
}

tours.add("tibillet_table_two_cards", {
    steps: () => [
        ...START,
        ...table(1),
        ...beers(2),
        {
            content: "a card line that nobody paid stays here, the basket is told to the server",
            trigger: ".pay-order-button",
            run: "click",
        },
        { trigger: ".paymentmethod:contains('TiBillet')", run: "click" },
        ...T.sees("tap_now", "12.00"),
        ...backToGoods(),
        ...tables(),
        { trigger: "body:not(:has(.tibillet-band)):not(:has(.modal))" },
        ...table(1),
        { trigger: ".product-screen .orderline:contains('Beer')" },
        ...askForCard(6),
        ...T.tap(GOOD),
        ...isHeld("6.00"),
        ...backToGoods(),
        ...tables(),
        { trigger: "body:not(:has(.modal))" },
        ...table(2),
        { trigger: ".product-screen:not(:has(.orderline))" },
        ...tables(),
        ...table(1),
        ...isHeld("6.00"),
        ...T.tap(OTHER),
        { trigger: ".receipt-screen .tibillet-receipt-tail:contains('6789')" },
        ...T.sent(),
        ...next(),
        ...T.settled(),
    ],
});

tours.add("tibillet_table_split", {
    steps: () => [
        ...threeBeersHeld(),
        ...backToGoods(),
        ...control("Split"),
        { trigger: ".splitbill-screen .orderline", run: "click" },
        { trigger: ".splitbill-screen .orderline:contains('1 / 3')", run: "click" },
        { trigger: ".splitbill-screen .orderline:contains('2 / 3')" },
        { trigger: ".splitbill-screen .pay-button button:contains('Pay')", run: "click" },
        ...told("A card has paid part of this order"),
        {
            content: "one beer is not paid yet: it may go",
            trigger: ".splitbill-screen .orderline:contains('2 / 3')",
            run: "click",
        },
        { trigger: ".splitbill-screen .orderline:contains('3 / 3')", run: "click" },
        { trigger: ".splitbill-screen .orderline:contains('0 / 3')", run: "click" },
        { trigger: ".splitbill-screen .orderline:contains('1 / 3')" },
        { trigger: ".splitbill-screen .pay-button button:contains('Pay')", run: "click" },
        { trigger: ".payment-screen:not(:has(.paymentline))" },
        ...T.tap(GOOD),
        { trigger: ".receipt-screen .tibillet-receipt-left:contains('2.00')" },
        ...T.sent(),
        { trigger: ".receipt-screen .button.next", run: "click" },
        {
            content: "the first bill, of two beers, is paid by what was set aside",
            trigger: "body:not(:has(.receipt-screen))",
            run: () => {
                const { posmodel } = window;
                const order = posmodel.models["pos.order"].find(
                    (candidate) => !candidate.finalized && candidate.tibilletHeld
                );
                posmodel.setOrder(order);
                posmodel.navigate("PaymentScreen", { orderUuid: order.uuid });
            },
        },
        ...isHeld("12.00"),
        { trigger: ".payment-screen .validation-button", run: "click" },
        { trigger: ".receipt-screen" },
        ...T.sent(),
        ...T.settled(),
    ],
});

tours.add("tibillet_table_overpaid", {
    steps: () => [
        ...threeBeersHeld(),
        {
            content: "two beers are taken off again",
            trigger: ".payment-screen",
            run: () => window.posmodel.getOrder().lines[0].setQuantity(1),
        },
        { trigger: ".payment-screen .validation-button", run: "click" },
        ...told("The card paid more than this order costs"),
        { trigger: ".paymentline:contains('12.00') .delete-button", run: "click" },
        { trigger: "body:not(:has(.paymentline))" },
        ...T.settled(),
        ...T.tap(GOOD),
        { trigger: ".receipt-screen .tibillet-receipt-left:contains('14.00')" },
        ...T.sent(),
        ...T.settled(),
    ],
});

tours.add("tibillet_table_transfer", {
    steps: () => [
        ...START,
        {
            content: "crisps on table 3",
            trigger: ".floor-map .table:has(.label:contains('3'))",
            run: "click",
        },
        ...T.add("Crisps"),
        ...tables(),
        ...table(1),
        ...beers(2),
        ...askForCard(6),
        ...T.tap(GOOD),
        ...isHeld("6.00"),
        ...backToGoods(),
        ...control("Transfer"),
        { trigger: ".floor-map .table:has(.label:contains('2'))", run: "click" },
        { trigger: ".pos-leftheader .badge:contains('2')" },
        ...isHeld("6.00"),
        ...backToGoods(),
        ...control("Transfer"),
        { trigger: ".floor-map .table:has(.label:contains('3'))", run: "click" },
        { trigger: ".pos-leftheader .badge:contains('3')" },
        ...isHeld("6.00"),
        { trigger: ".payment-screen:contains('8.50')" },
        ...T.tap(GOOD),
        { trigger: ".receipt-screen .tibillet-receipt-left:contains('5.50')" },
        ...T.sent(),
        ...T.settled(),
    ],
});
