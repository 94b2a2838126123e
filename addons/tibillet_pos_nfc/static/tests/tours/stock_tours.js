import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session as signedIn } from "@web/session";
import * as T from "./till_tour_utils";

const GOOD = "04A1B2C3D4E5F6";
const product = (name) => `.product-list article:contains("${name}")`;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A finger that stays on a product. */
const longPress = (name) => ({
    content: `long press on ${name}`,
    trigger: product(name),
    run: async ({ anchor }) => {
        anchor.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, button: 0 }));
        await wait(1500);
        anchor.dispatchEvent(new MouseEvent("mouseup", { bubbles: true }));
    },
});

const menu = (entry) => [
    { trigger: ".pos-topheader button:has(.fa-bars)", run: "click" },
    { trigger: `.pos-burger-menu-items ${entry}`, run: "click" },
];

/** Said on another till, and this page did not hear of it. */
const saidElsewhere = (name) => ({
    content: `${name} is sold out, says somebody else`,
    trigger: "body",
    run: async () => {
        Object.assign(T.till().stock, { heard: () => {}, refresh: async () => {} });
        const { session, data, models } = window.posmodel;
        const template = models["product.template"].find((one) => one.name === name);
        const { credential } = T.till().journal;
        const args = [[session.id], credential, template.id, true];
        const answer = await data.call("pos.session", "tibillet_sold_out", args);
        if (!answer.ok || T.till().state.soldOut[template.id]) {
            throw new Error(JSON.stringify(answer));
        }
    },
});

const isPaired = () => [
    { trigger: "body", run: () => T.till().pair("abcde-fgh12") },
    ...T.paired(),
];

registry.category("web_tour.tours").add("tibillet_stock_bar", {
    steps: () => [
        ...T.open(),
        ...isPaired(),
        // sold out by a touch: grey, and not sold
        longPress("Bottle"),
        { trigger: ".tibillet-say-out", run: "click" },
        { trigger: `${product("Bottle")}[data-sold-out="yes"] .tibillet-sold-out` },
        { trigger: product("Bottle"), run: "click" },
        ...T.sees("sold_out", "Bottle"),
        { trigger: "body:not(:has(.orderline))" },
        // back in sale by one touch
        ...T.press("back_in_sale"),
        { trigger: `${product("Bottle")}:not([data-sold-out])` },
        ...T.add("Bottle"),
        // sold anyway by a page that missed the news: refused by the server, nothing is lost
        { trigger: "body", run: () => wait(1100) },
        saidElsewhere("Beer"),
        { trigger: "body", run: () => wait(1100) },
        ...T.add("Beer"),
        ...T.tap(GOOD),
        ...T.sees("sold_out", "Beer"),
        ...T.press("back_in_sale"),
        { trigger: "body:not(:has(.tibillet-band))" },
        { trigger: ".orderline:contains('Beer')", run: () => wait(1100) },
        ...T.tap(GOOD),
        ...T.free(),
        ...T.sent(),
        // two half-pints are spilt
        ...menu(".tibillet-stock-menu"),
        { trigger: ".tibillet-stock-to-loss", run: "click" },
        { trigger: "#tibillet_stock_search", run: "edit half" },
        { trigger: ".tibillet-stock-good:contains('Half pint')", run: "click" },
        { trigger: ".tibillet-stock-lose:disabled" },
        { trigger: "#tibillet_stock_quantity", run: "edit 1 1/2" },
        { trigger: ".tibillet-stock-reason:contains('Spilt')", run: "click" },
        { trigger: "#tibillet_stock_note", run: "edit A stumble" },
        { trigger: ".tibillet-stock-lose:enabled", run: "click" },
        { trigger: ".tibillet-stock-told:contains('Half pint')" },
        // a full keg is on tap
        { trigger: ".tibillet-stock-keg:contains('None on tap')" },
        { trigger: ".tibillet-stock-new-keg", run: "click" },
        { trigger: ".tibillet-stock-left:contains('30 of 30')" },
        { trigger: ".tibillet-stock-new-keg", run: "click" },
        { trigger: ".tibillet-stock-empty", run: "click" },
        { trigger: ".tibillet-stock-left:contains('30 of 30')" },
        { trigger: ".tibillet-stock-leave", run: "click" },
        // where managers say so, a cashier is not offered it
        {
            trigger: "body:not(:has(.modal))",
            run: () => window.posmodel.config.update({ tibillet_stock_by: "manager" }),
        },
        ...menu(".tibillet-stock-menu"),
        { trigger: ".tibillet-stock-quiet:contains('a manager says')" },
        { trigger: ".tibillet-stock:not(:has(.tibillet-stock-to-loss))" },
        { trigger: ".tibillet-stock-leave", run: "click" },
        ...T.settled(),
    ],
});

const counted = (name, text) => [
    { trigger: `.tibillet-count-row:contains("${name}") input`, run: `edit ${text}` },
    { trigger: ".tibillet-count-head h1", run: () => document.activeElement.blur() },
];
/** A colleague counts one product while this page is open: signs in, counts, and leaves. */
const colleagueCounts = (name, quantity) => ({
    content: `a colleague counts ${quantity} of ${name}`,
    trigger: ".tibillet-count-head h1",
    run: async () => {
        const signIn = (login) =>
            rpc("/web/session/authenticate", { db: signedIn.db, login, password: login });
        const call = (method, ...args) =>
            rpc(`/web/dataset/call_kw/tibillet.stock.count/${method}`, {
                model: "tibillet.stock.count",
                method,
                args,
                kwargs: {},
            });
        await signIn("till_manager");
        const till = Number(new URLSearchParams(window.location.search).get("till")) || null;
        const { count_id: countId, rows } = await call("tibillet_stock_count", till);
        const { product_id: productId } = rows.find((one) => one.name === name);
        const answer = await call("tibillet_stock_counted", [countId], productId, quantity, 0);
        await signIn("till_cashier");
        if (!answer.ok || answer.row.counted !== quantity) {
            throw new Error(JSON.stringify(answer));
        }
    },
});
const row = (name, state) => `.tibillet-count-row:contains("${name}")[data-state="${state}"]`;

/** A cashier counts on a phone: half a keg by its fraction, and a colleague counts the same. */
registry.category("web_tour.tours").add("tibillet_stock_count", {
    steps: () => [
        ...counted("Bottle", "18"),
        { trigger: row("Bottle", "saved") },
        ...counted("Blonde, keg", "1 1/2"),
        { trigger: `${row("Blonde, keg", "saved")}:contains("kegs of 30 L")` },
        ...counted("Crisps", "a lot"),
        { trigger: `${row("Crisps", "wrong")}:contains("1/2")` },
        colleagueCounts("Crisps", 6),
        ...counted("Crisps", "4"),
        { trigger: `${row("Crisps", "asked")}:contains("Colleague has counted 6")` },
        { trigger: ".tibillet-count-add", run: "click" },
        { trigger: row("Crisps", "saved") },
        { trigger: "body:not(:has(.tibillet-count-difference))" },
        { trigger: ".tibillet-count-review", run: "click" },
        { trigger: "[data-line]:contains('Bottle') .tibillet-count-difference:contains('2')" },
        { trigger: "[data-line]:contains('Blonde, keg'):contains('expected 60')" },
        { trigger: ".tibillet-count-quiet:contains('Beer')" },
        // who counts does not adjust
        { trigger: ".tibillet-count:not(:has(.tibillet-count-apply))" },
        { trigger: ".tibillet-count-on", run: "click" },
        { trigger: row("Bottle", "saved") },
    ],
});

registry.category("web_tour.tours").add("tibillet_stock_count_applied", {
    steps: () => [
        { trigger: row("Bottle", "saved") },
        { trigger: ".tibillet-count-review", run: "click" },
        { trigger: ".tibillet-count-apply:disabled" },
        { trigger: "#tibillet_count_reason", run: "edit Closing of Friday" },
        { trigger: ".tibillet-count-apply:enabled", run: "click" },
        { trigger: ".tibillet-count-done:contains('3 of 3')" },
    ],
});
