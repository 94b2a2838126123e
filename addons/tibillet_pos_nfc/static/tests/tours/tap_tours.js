import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";
const OTHER = "04112233445566";
const THIRD = "04998877665544";

const page = ".tibillet-page-head";
const shows = (words) => [{ trigger: `${page}:contains("${words}")` }];
const closesPage = () => [
    { trigger: ".tibillet-page-close", run: "click" },
    { trigger: `body:not(:has(${page}))` },
];

function pressKey(key) {
    return {
        content: `press ${key}`,
        trigger: "body",
        run: () =>
            document.body.dispatchEvent(
                new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })
            ),
    };
}

function check(content, test) {
    return {
        content,
        trigger: "body",
        run: async () => {
            for (let i = 0; i < 60; i++) {
                if (await test()) {
                    return;
                }
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            throw new Error(`not so: ${content}`);
        },
    };
}

// -- what a tap and a key do ---------------------------------------------------------------------

tours.add("tibillet_empty_basket", {
    steps: () => [
        ...T.begin(),
        ...T.tap(GOOD),
        ...shows("2345"),
        ...closesPage(),
        ...T.noResidue(0),
    ],
});

tours.add("tibillet_look_key", {
    steps: () => [
        ...T.begin("Beer"),
        pressKey("F2"),
        ...T.sees("look_now"),
        ...T.tap(GOOD),
        ...shows("2345"),
        ...closesPage(),
        ...T.noResidue(),
        { content: "by touch", trigger: ".tibillet-look", run: "click" },
        ...T.sees("look_now"),
        ...T.press("leave"),
        ...T.noResidue(),
        { content: "on the payment screen as well", trigger: ".pay-order-button", run: "click" },
        { trigger: ".payment-screen" },
        pressKey("F2"),
        ...T.sees("look_now"),
        ...T.tap(GOOD),
        ...shows("2345"),
        ...closesPage(),
        {
            content: "what was left is forgotten: the next tap pays",
            trigger: ".payment-screen",
            run: () => T.till().simulated.tap(GOOD),
        },
        { trigger: ".receipt-screen .tibillet-receipt-left:contains('16.50')" },
        { content: "a gift of the place", trigger: ".tibillet-receipt-gift:contains('2.50')" },
        { content: "lowers the price", trigger: ".receipt-screen .receipt-total:contains('3.50')" },
        { content: "its tax", trigger: ".receipt-screen .pos-receipt-taxes:contains('0.58')" },
        { trigger: ".receipt-screen .pos-receipt-taxes:contains('2.92')" },
        { trigger: ".receipt-screen .paymentlines:contains('3.50')" },
        ...T.sent(),
    ],
});

tours.add("tibillet_tap_shows", {
    steps: () => [
        ...T.begin("Beer"),
        ...T.tap(GOOD),
        ...shows("2345"),
        ...closesPage(),
        ...T.noResidue(),
    ],
});

tours.add("tibillet_staff_card", {
    steps: () => [
        ...T.begin("Beer"),
        ...T.tap(GOOD),
        ...T.sees("staff_card"),
        ...T.press("card_page"),
        ...shows("2345"),
        ...closesPage(),
        ...T.noResidue(),
        ...T.tap(GOOD),
        ...T.sees("staff_card"),
        ...T.press("pay_anyway"),
        ...T.free(),
        ...T.sent(),
    ],
});

/** What a display of this browser has heard, oldest first. */
function hears() {
    return {
        content: "a customer's display listens",
        trigger: "body",
        run: () => {
            window.tibilletTold = [];
            new BroadcastChannel("UPDATE_CUSTOMER_DISPLAY").onmessage = ({ data }) =>
                window.tibilletTold.push(data);
        },
    };
}

tours.add("tibillet_customer_told", {
    steps: () => [
        ...T.begin(),
        hears(),
        ...T.add("Beer"),
        check("the amount is told before the tap", () =>
            window.tibilletTold.some(
                (data) => data.tibilletDue?.includes("6.00") && data.lines.length === 1
            )
        ),
        check("and nothing of a payment yet", () =>
            window.tibilletTold.every((data) => !data.tibillet)
        ),
        ...T.tap(GOOD),
        ...T.free(),
        check("then what was paid and what is left", () =>
            window.tibilletTold.some(
                ({ tibillet }) =>
                    tibillet?.tone === "yes" &&
                    tibillet.title.includes("6.00") &&
                    tibillet.left.includes("14.00")
            )
        ),
        ...T.sent(),
    ],
});

// -- one order paid by several -------------------------------------------------------------------

const beers = (count) => Array.from({ length: count }, () => T.add("Beer")).flat();
const crisps = (count) => Array.from({ length: count }, () => T.add("Crisps")).flat();
const figure = (sign) => ({ trigger: `.tibillet-figure[data-figure="${sign}"]`, run: "click" });
const missing = (amount) => ({
    trigger: `.tibillet-band[data-code="other_card"] .tibillet-band-amount:contains("${amount}")`,
});

/** Three cards and cash: 12.00, all that the second has (10.00), 6.00 in cash; 6.00 is missing. */
const round = () => [
    ...T.tap(OTHER),
    ...T.sees("insufficient_funds", "24.00"),
    ...T.press("other_card"),
    missing("24.00"),
    figure("1"),
    figure("2"),
    { trigger: ".tibillet-band-next:contains('12.00')" },
    ...T.tap(GOOD),
    missing("12.00"),
    figure("6"),
    ...T.press("cash"),
    missing("6.00"),
];

const basketOf34 = () => [
    ...beers(4),
    ...crisps(4),
    { trigger: ".order-summary:contains('34.00')" },
];

tours.add("tibillet_story_04", {
    steps: () => [
        ...T.begin(),
        ...basketOf34(),
        ...round(),
        {
            content: "the last one gives up: everything is back within a second",
            trigger: ".tibillet-key[data-key='give_up']",
            run: async ({ anchor }) => {
                window.tibilletSplits = JSON.stringify(splits());
                const from = performance.now();
                anchor.click();
                while (T.till().journal.acts.length || T.till().band.shown?.code !== "given_up") {
                    if (performance.now() - from > 1000) {
                        throw new Error("a second has passed");
                    }
                    await new Promise((resolve) => setTimeout(resolve, 20));
                }
            },
        },
        ...T.sees("given_up", "22.00"),
        ...T.press("close"),
        ...T.noResidue(2),
        ...tapAgain(),
        ...round(),
        {
            content: "the split is the same as the first time",
            trigger: "body",
            run: () => {
                const now = JSON.stringify(splits());
                if (now !== window.tibilletSplits) {
                    throw new Error(`${window.tibilletSplits} then ${now}`);
                }
            },
        },
        { trigger: "body", run: () => (window.tibilletRound = window.posmodel.getOrder().uuid) },
        ...T.tap(THIRD),
        ...T.free(),
        ...T.sent(),
        {
            content: "one receipt names every way of payment",
            trigger: "body",
            run: () => T.till().waysOut.openReceipt(window.tibilletRound),
        },
        ...["2345", "6789", "4444"].map((tail) => ({
            trigger: `.receipt-screen .tibillet-receipt-tail:contains("${tail}")`,
        })),
        { trigger: ".receipt-screen .paymentlines:contains('Cash'):contains('6.00')" },
        { trigger: ".receipt-screen .pos-receipt:contains('34.00')" },
    ],
});

function splits() {
    const { lines, payment_ids: paid, uiState } = window.posmodel.getOrder();
    return [
        lines.length,
        ...paid.map((line) => [line.amount, uiState.tibillet[line.uuid]?.split || []]),
    ];
}

/** Five seconds after the first round the same cards may pay the same again. */
function tapAgain() {
    return [{ trigger: "body", run: () => T.till().gate.forget() }];
}

tours.add("tibillet_round_closed", {
    steps: () => [
        ...T.begin(),
        ...basketOf34(),
        ...round(),
        {
            content: "the page is left in the middle",
            trigger: "body",
            run: () =>
                window.location.assign("/odoo/action-point_of_sale.action_pos_config_kanban"),
            expectUnloadPage: true,
        },
        { content: "somewhere else, without the till's code", trigger: ".o_web_client" },
    ],
});

tours.add("tibillet_round_reloaded", {
    steps: () => [
        ...T.begin(),
        ...basketOf34(),
        ...round(),
        {
            content: "the basket is stored, as it is within half a second of a touch",
            trigger: "body",
            run: () => window.posmodel.data.synchronizeLocalDataInIndexedDB(),
        },
        {
            trigger: "body",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        { trigger: ".product-screen" },
        ...T.sees("closed_meanwhile"),
        ...T.press("close"),
        ...T.settled(),
        check("the cash line is what is left of the round", () => {
            const { payment_ids: lines } = window.posmodel.getOrder();
            return lines.every((line) => line.payment_method_id.type === "cash");
        }),
        { trigger: ".order-summary:contains('34.00')" },
    ],
});

tours.add("tibillet_round_keyboard", {
    steps: () => [
        ...T.begin(),
        ...beers(1),
        ...T.tap(OTHER),
        ...T.sees("insufficient_funds", "4.80"),
        {
            content: "the first key has the focus: Enter presses it",
            trigger: ".tibillet-key[data-key='other_card']:focus",
            run: ({ anchor }) => anchor.click(),
        },
        missing("4.80"),
        ...["2", ",", "5"].map(pressKey),
        { trigger: ".tibillet-band-next:contains('2.50')" },
        pressKey("Backspace"),
        { trigger: ".tibillet-band-next:contains('2.00')" },
        pressKey("Delete"),
        { trigger: ".tibillet-band:not(:has(.tibillet-band-next))" },
        pressKey("Escape"),
        ...T.sees("given_up", "1.20"),
        pressKey("Escape"),
        ...T.settled(),
        ...T.noResidue(),
    ],
});

// -- what goes wrong in a sale -------------------------------------------------------------------

tours.add("tibillet_price_changed_new", {
    steps: () => [
        ...T.begin("Beer"),
        { trigger: "body", run: () => raisePrice(7) },
        ...T.tap(GOOD),
        ...T.sees("price_changed", "7.00"),
        ...T.press("new_price"),
        { trigger: ".order-summary:contains('7.00')" },
        ...T.noResidue(),
        ...T.tap(GOOD),
        ...T.sees("paid", "7.00"),
        ...T.sent(),
    ],
});

tours.add("tibillet_price_changed_kept", {
    steps: () => [
        ...T.begin("Beer"),
        { trigger: "body", run: () => raisePrice(7) },
        ...T.tap(GOOD),
        ...T.sees("price_changed", "7.00"),
        ...T.press("keep_price"),
        ...T.sees("paid", "6.00"),
        ...T.sent(),
    ],
});

/** A manager changes the price elsewhere, while the basket stands. */
async function raisePrice(price) {
    const { product_tmpl_id: template } = window.posmodel.getOrder().lines[0].product_id;
    await window.posmodel.env.services.orm.write("product.template", [template.id], {
        list_price: price,
    });
}

tours.add("tibillet_product_archived", {
    steps: () => [
        ...T.begin("Beer"),
        ...T.add("Crisps"),
        {
            trigger: "body",
            run: async () => {
                const { product_tmpl_id: template } =
                    window.posmodel.getOrder().lines[1].product_id;
                await window.posmodel.env.services.orm.write("product.template", [template.id], {
                    active: false,
                });
            },
        },
        ...T.tap(GOOD),
        ...T.sees("goods_gone", "Crisps"),
        ...T.escapes(),
        ...T.noResidue(2),
        { trigger: "body", run: () => window.posmodel.getOrder().lines[1].delete() },
        ...T.tap(GOOD),
        ...T.free(),
        ...T.sent(),
    ],
});

tours.add("tibillet_discount_too_large", {
    steps: () => [
        ...T.begin("Beer"),
        ...T.add("Crisps"),
        {
            trigger: "body",
            run: () => window.posmodel.getOrder().lines[1].setUnitPrice(-1),
        },
        ...T.tap(GOOD),
        ...T.sees("price_below_nothing", "Crisps"),
        ...T.escapes(),
        ...T.noResidue(2),
    ],
});

tours.add("tibillet_revoked_meanwhile", {
    steps: () => [
        ...T.begin("Beer"),
        {
            content: "the manager revokes this till in the middle of the order",
            trigger: "body",
            run: async () => {
                const { orm } = window.posmodel.env.services;
                await orm.call("tibillet.device", "action_revoke", [[T.till().journal.deviceId]]);
            },
        },
        ...T.tap(GOOD),
        ...T.sees("not_paired"),
        { trigger: ".tibillet-status[data-reader='look']:contains('Not paired')" },
        ...T.escapes(),
        ...T.noResidue(),
    ],
});

tours.add("tibillet_session_closed_meanwhile", {
    steps: () => [
        ...T.begin("Beer"),
        {
            content: "somebody closes the session elsewhere; the word of it is lost on its way",
            trigger: "body",
            run: async () => {
                const { orm, bus_service: bus } = window.posmodel.env.services;
                bus.stop();
                const { session } = window.posmodel;
                await orm.call("pos.session", "action_pos_session_closing_control", [[session.id]]);
            },
        },
        ...T.tap(GOOD),
        ...T.sees("till_closed"),
        {
            content: "the basket is kept, and the way out is offered",
            trigger: ".tibillet-key[data-key='reload']",
            run: () => {
                const { lines, payment_ids: paid } = window.posmodel.getOrder();
                const acts = T.till().journal.acts.length;
                if (lines.length !== 1 || paid.length || acts) {
                    throw new Error(`lines ${lines.length} paid ${paid.length} acts ${acts}`);
                }
            },
        },
    ],
});
