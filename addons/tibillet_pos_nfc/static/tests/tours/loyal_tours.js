import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";
const OTHER = "04112233445566";

/** What the receipt of an order says of points. */
const receiptSays = (words) => ({
    content: `the receipt says ${words}`,
    trigger: "body",
    run: () => {
        const { models } = window.posmodel;
        const order = models["pos.order"].getAll().findLast((one) => one.finalized);
        const [told] = order.tibilletReceipts;
        const said = JSON.stringify(
            told.earned.map((part) => [part.amount_minor, part.total_minor])
        );
        if (said !== words) {
            throw new Error(`the receipt says ${said}`);
        }
    },
});

/** Points come with the payment, are said, and go back with the sale. */
tours.add("tibillet_loyal_points", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        ...T.add("Beer"),
        ...T.tap(GOOD),
        { trigger: ".tibillet-band-points:contains('+6 pts, 6 pts in all')" },
        ...T.free(),
        ...T.sent(),
        receiptSays("[[6,6]]"),
        { trigger: ".tibillet-undo", run: "click" },
        ...T.sees("undo_ask"),
        ...T.press("undo_now"),
        ...T.sees("undone"),
        { trigger: ".tibillet-band-points:contains('−6 pts, 0 pts left')" },
        ...T.settled(),
        { trigger: "body:not(:has(.tibillet-band))" },
        // a card that cannot pay earns nothing
        ...T.add("Beer"),
        ...T.tap(OTHER),
        ...T.sees("insufficient_funds"),
        { trigger: ".tibillet-band:not(:has(.tibillet-band-points))" },
        ...T.escapes(),
        ...T.noResidue(),
    ],
});

const page = (uid) => [
    { trigger: "body", run: () => T.till().openCardPage(uid) },
    { trigger: ".tibillet-page-head" },
];
const closed = () => [
    { trigger: ".tibillet-page-close", run: "click" },
    { trigger: "body:not(:has(.tibillet-page))" },
];

/** A cashier notes the holder's word, sees the offer at the tap, gives it in one touch. */
tours.add("tibillet_loyal_offer", {
    steps: () => [
        ...T.open(),
        { trigger: "body", run: () => T.till().pair("abcde-fgh12") },
        ...T.paired(),
        // a card without a name is asked nothing
        ...page(OTHER),
        { trigger: "[data-act='more']", run: "click" },
        { trigger: ".tibillet-page:not(:has([data-act='consent']))" },
        ...closed(),
        ...T.add("Beer"),
        ...T.tap(GOOD),
        ...T.free(),
        ...T.sent(),
        { trigger: "body:not(:has(.tibillet-band))" },
        ...page(GOOD),
        { trigger: ".tibillet-page:not(:has([data-act='offer']))" },
        { trigger: "[data-act='more']", run: "click" },
        { trigger: "[data-act='consent']", run: "click" },
        { trigger: "[data-step='consent']:contains('you may stop any day')" },
        { trigger: "[data-act='agree']", run: "click" },
        { trigger: ".tibillet-page-done:contains('Agreed to offers')" },
        ...closed(),
        ...T.add("Beer"),
        ...T.tap(GOOD),
        { trigger: ".tibillet-band-points:contains('A free drink')" },
        ...T.free(),
        ...T.sent(),
        { trigger: "body:not(:has(.tibillet-band))" },
        ...page(GOOD),
        { trigger: "[data-act='offer']:enabled", run: "click" },
        { trigger: ".tibillet-page-done:contains('A free drink')" },
        { trigger: ".tibillet-page [data-act='card']", run: "click" },
        { trigger: ".tibillet-page-balances:contains('Cadeau'):contains('3.00')" },
        { trigger: ".tibillet-page:not(:has([data-act='offer']))" },
        ...closed(),
        ...T.settled(),
    ],
});
