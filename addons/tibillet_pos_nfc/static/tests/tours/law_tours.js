import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const CARD = "04A1B2C3D4E5F6";

const start = (name) => [...T.open(), ...T.paired(), ...T.add(name)];
const pay = (method) => [
    { trigger: ".pay-order-button", run: "click" },
    { trigger: `.paymentmethod:contains("${method}")`, run: "click" },
];
const validate = () => [{ trigger: ".payment-screen .validation-button", run: "click" }];

/** A card whose holder nobody knows: the cashier looks at a paper, touches, and it is paid. */
tours.add("tibillet_law_age_seen_at_the_tap", {
    steps: () => [
        ...start("Beer"),
        ...T.tap(CARD),
        ...T.sees("age_needed", "Beer"),
        ...T.press("age_seen"),
        ...T.free(),
        ...T.sent(),
    ],
});

/** Nobody shows a paper: the till goes on as if the card had not been tapped. */
tours.add("tibillet_law_age_not_shown", {
    steps: () => [
        ...start("Beer"),
        ...T.tap(CARD),
        ...T.sees("age_needed", "Beer"),
        ...T.escapes(),
        ...T.noResidue(),
        {
            content: "nothing was noted of it",
            trigger: "body",
            run: () => {
                if (window.posmodel.getOrder().tibillet_age_seen) {
                    throw new Error("an age was noted that nobody saw");
                }
            },
        },
    ],
});

/** The holder is a child: no touch leads round it. */
tours.add("tibillet_law_minor", {
    steps: () => [
        ...start("Beer"),
        ...T.tap(CARD),
        ...T.sees("not_for_this", "younger"),
        { trigger: ".tibillet-band:not(:has([data-key='age_seen']))" },
        ...T.press("remove"),
        ...T.noResidue(),
    ],
});

/** In cash nobody else would ask. */
tours.add("tibillet_law_age_in_cash", {
    steps: () => [
        ...T.open(),
        ...T.add("Beer"),
        ...pay("Cash"),
        ...validate(),
        ...T.sees("age_needed", "Beer"),
        ...T.escapes(),
        ...validate(),
        ...T.sees("age_needed", "Beer"),
        ...T.press("age_seen"),
        { trigger: ".receipt-screen" },
    ],
});

/** A till sells what its licence covers; the rest is not even shown. */
tours.add("tibillet_law_licence", {
    steps: () => [
        ...start("Beer"),
        { trigger: "body:not(:has(.product-list article:contains('Rum')))" },
        {
            content: "a barcode finds it all the same",
            trigger: "body",
            run: () => {
                const { models } = window.posmodel;
                const rum = models["product.template"].getAll().find((p) => p.name === "Rum");
                return window.posmodel.addLineToCurrentOrder({ product_tmpl_id: rum }, {});
            },
        },
        ...T.sees("not_for_this", "Rum"),
        ...T.escapes(),
        ...T.noResidue(),
    ],
});

/** A club of members: crisps for all, beer on a member's card. */
tours.add("tibillet_law_members", {
    steps: () => [
        ...start("Beer"),
        ...pay("Cash"),
        ...validate(),
        ...T.sees("not_for_this", "members only"),
        ...T.escapes(),
        { trigger: ".payment-screen:not(:has(.paymentline))" },
        ...T.tap(CARD),
        ...T.sees("age_needed"),
        ...T.press("age_seen"),
        { trigger: ".receipt-screen" },
        ...T.sent(),
    ],
});

tours.add("tibillet_law_credit", {
    steps: () => [
        ...start("Beer"),
        ...pay("Slate"),
        { trigger: ".modal:contains('never sold on credit') .btn-primary", run: "click" },
        { trigger: ".payment-screen:not(:has(.paymentline))" },
    ],
});

// -- prices that a card opens -----------------------------------------------------------------

const SHORT = "04112233445566";

tours.add("tibillet_prices_card", {
    steps: () => [
        ...start("Crisps"),
        { trigger: ".product-list article:contains('Crisps'):contains('2.50'):contains('2.00')" },
        ...T.tap(CARD),
        ...T.sees("paid", "2.00"),
        ...T.sees("paid", "instead of"),
        ...T.free(),
        ...T.sent(),
    ],
});

/** The card has 1.20: nothing is taken, and cash pays what everybody pays. */
tours.add("tibillet_prices_short", {
    steps: () => [
        ...start("Crisps"),
        ...T.tap(SHORT),
        ...T.sees("insufficient_funds", "0.80"),
        ...T.press("remove"),
        ...T.noResidue(),
        { trigger: ".order-summary .total:contains('2.50')" },
        ...pay("Cash"),
        ...validate(),
        { trigger: ".receipt-screen" },
    ],
});

// -- free price -------------------------------------------------------------------------------

const OK = ".modal-footer .btn-primary";

tours.add("tibillet_free_price", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        { trigger: ".product-list article:contains('Crisps')", run: "click" },
        { trigger: ".modal:contains('from') .numpad button:contains('1')", run: "click" },
        { content: "one euro is not enough", trigger: `${OK}:disabled` },
        { trigger: ".modal .numpad button:contains('2')", run: "click" },
        { trigger: ".modal:contains('12')" },
        { content: "a comma", trigger: "body", run: "press ," },
        { trigger: ".modal .numpad button:contains('5')", run: "click" },
        { trigger: `${OK}:enabled`, run: "click" },
        { trigger: ".orderline:contains('Crisps'):contains('12.50')" },
        ...T.tap(CARD),
        ...T.sees("paid", "12.50"),
        ...T.free(),
        ...T.sent(),
        {
            content: "nobody says a price",
            trigger: ".product-list article:contains('Crisps')",
            run: "click",
        },
        { trigger: ".modal-footer .btn-secondary", run: "click" },
        { trigger: "body:not(:has(.orderline))" },
    ],
});
