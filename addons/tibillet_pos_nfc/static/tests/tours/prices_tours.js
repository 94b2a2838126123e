import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const CARD = "04A1B2C3D4E5F6";

const start = () => [...T.open(), ...T.paired()];
const offer = () => [
    { trigger: ".tibillet-offer-button:enabled", run: "click" },
    { trigger: ".tibillet-offer-reason:contains('Team')" },
];
const because = (reason) => [
    { trigger: `.tibillet-offer-reason:contains("${reason}")`, run: "click" },
    { trigger: "body:not(:has(.tibillet-offer))" },
];

/** A line, taken back; a whole basket, done at once; a line beside a tap. */
tours.add("tibillet_offer", {
    steps: () => [
        ...start(),
        ...T.add("Beer"),
        ...offer(),
        ...because("Team"),
        { trigger: ".orderline:contains('Offered'):contains('Team')" },
        { trigger: ".order-summary .total:contains('0.00')" },
        ...offer(),
        { trigger: ".tibillet-offer-back", run: "click" },
        { trigger: ".orderline:not(:contains('Offered'))" },
        { trigger: ".order-summary .total:contains('6.00')" },
        ...T.add("Crisps"),
        ...offer(),
        { trigger: ".tibillet-offer-scope[data-scope='whole']", run: "click" },
        { trigger: ".tibillet-offer-scope[aria-pressed='true']:contains('8.50')" },
        ...because("Artist"),
        { trigger: ".receipt-screen .tibillet-offered:contains('Artist')" },
        { trigger: ".receipt-screen .button.next, .receipt-screen .validation", run: "click" },
        ...T.add("Beer"),
        ...offer(),
        ...because("Spilt"),
        ...T.add("Crisps"),
        ...T.tap(CARD),
        ...T.sees("paid", "2.50"),
        ...T.free(),
        ...T.sent(),
    ],
});

/** A cashier whom the till allows nothing. */
tours.add("tibillet_offer_refused", {
    steps: () => [
        ...T.open(),
        ...T.add("Beer"),
        { trigger: "body:not(:has(.tibillet-offer-button))" },
        { trigger: ".numpad button:contains('%')", run: "click" },
        { trigger: ".numpad button:contains('1')", run: "click" },
        { trigger: ".numpad button:contains('0')", run: "click" },
        { trigger: ".orderline:contains('10%')" },
        { trigger: ".numpad button:contains('0')", run: "click" },
        ...T.sees("not_allowed", "Only a till manager"),
        ...T.escapes(),
        { trigger: ".orderline:not(:contains('100%'))" },
        ...T.noResidue(),
    ],
});

const HOUR_MS = 3600000;
const shift = (ms) => ({
    content: "the hours go by",
    trigger: "body",
    run: () => {
        const { happy } = T.till();
        happy.now = () => Date.now() + ms;
        happy.tick();
    },
});

/** In the hour: both prices, one tap. After it: the usual price, by tap or in cash. */
tours.add("tibillet_happy_hour", {
    steps: () => [
        ...start(),
        { trigger: ".product-list article:contains('Beer'):contains('4.80'):contains('6.00')" },
        { trigger: ".product-list article:contains('Crisps'):not(:has(.tibillet-happy))" },
        ...T.add("Beer"),
        { trigger: ".orderline:contains('Apéro'):contains('6.00')" },
        { trigger: ".order-summary .total:contains('4.80')" },
        ...T.tap(CARD),
        ...T.sees("paid", "4.80"),
        ...T.free(),
        ...T.sent(),
        ...T.add("Beer"),
        shift(HOUR_MS + 10 * 60000),
        { trigger: ".order-summary .total:contains('4.80')" },
        shift(2 * HOUR_MS),
        { trigger: ".product-list article:contains('Beer'):not(:has(.tibillet-happy))" },
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".paymentmethod:contains('Cash')", run: "click" },
        { trigger: ".payment-screen .validation-button", run: "click" },
        ...T.sees("happy_over", "Apéro"),
        ...T.press("usual_price"),
        { trigger: ".payment-screen .paymentline .delete-button", run: "click" },
        { trigger: ".payment-screen .back-button", run: "click" },
        { trigger: ".order-summary .total:contains('6.00')" },
        { trigger: ".orderline:not(:contains('Apéro'))" },
        ...T.tap(CARD),
        ...T.sees("paid", "6.00"),
        ...T.free(),
        ...T.sent(),
    ],
});

/** Three lists are open to this card: the basket takes the one at which it costs least. */
tours.add("tibillet_prices_right", {
    steps: () => [
        ...start(),
        ...T.add("Crisps"),
        ...T.tap(CARD),
        ...T.sees("paid", "1.25"),
        ...T.sees("paid", "Helpers"),
        ...T.sees("paid", "2.50"),
        ...T.free(),
        ...T.sent(),
    ],
});

const OK = ".modal-footer .btn-primary";
const keys = (typed) =>
    [...typed].map((key) =>
        key === ","
            ? { content: "a comma", trigger: ".modal", run: "press ," }
            : { trigger: `.modal .numpad button:contains("${key}")`, run: "click" }
    );

/** A scale that is not linked: the weight is typed, and the tap pays it to the cent. */
tours.add("tibillet_weight", {
    steps: () => [
        ...start(),
        { trigger: ".product-list article:contains('Cheese')", run: "click" },
        { content: "no weight, no sale", trigger: `${OK}:disabled` },
        { trigger: ".modal:contains('kg'):contains('12.90')" },
        ...keys("0,345"),
        { trigger: `${OK}:enabled`, run: "click" },
        { trigger: ".orderline:contains('Cheese'):contains('0.345'):contains('4.45')" },
        { trigger: ".product-list article:contains('Cheese')", run: "click" },
        ...keys("0,125"),
        { trigger: `${OK}:enabled`, run: "click" },
        { trigger: ".order-summary .total:contains('6.06')" },
        ...T.tap(CARD),
        ...T.sees("paid", "6.06"),
        ...T.free(),
        ...T.sent(),
        { trigger: ".product-list article:contains('Cheese')", run: "click" },
        { trigger: ".modal-footer .btn-secondary", run: "click" },
        {
            content: "nobody says a weight",
            trigger: "body:not(:has(.orderline)):not(:has(.modal))",
        },
    ],
});

/** Minutes, shown in minutes, never with euros: in cash nothing, by tap all of it. */
tours.add("tibillet_asset_price", {
    steps: () => [
        ...start(),
        { trigger: ".product-list article:contains('Workshop'):contains('45 min')" },
        ...T.add("Beer"),
        { trigger: ".product-list article:contains('Workshop')", run: "click" },
        ...T.sees("never_mixed", "Workshop"),
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
        ...T.add("Workshop"),
        { trigger: ".product-list article:contains('Beer')", run: "click" },
        ...T.sees("never_mixed", "Beer"),
        ...T.escapes(),
        { trigger: ".product-list article:contains('Workshop')", run: "click" },
        { trigger: ".orderline:contains('Workshop'):contains('90 min')" },
        { trigger: ".order-summary .total:contains('90 min')" },
        ...T.tap("04112233445566"),
        ...T.sees("insufficient_funds", "90 min"),
        ...T.press("remove"),
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".payment-screen .validation-button", run: "click" },
        ...T.sees("asset_by_card", "90 min"),
        ...T.escapes(),
        { trigger: ".payment-screen .back-button", run: "click" },
        ...T.tap(CARD),
        ...T.sees("paid", "90 min"),
        ...T.sees("paid", "30 min"),
        ...T.free(),
        ...T.sent(),
    ],
});
