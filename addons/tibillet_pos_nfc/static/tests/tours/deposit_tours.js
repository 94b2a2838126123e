import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";

const cupBack = (count) =>
    Array.from({ length: count }, (_cup, index) => [
        { trigger: ".tibillet-cup-back", run: "click" },
        {
            content: `${index + 1} back`,
            trigger: "body",
            run: async () => {
                for (let i = 0; ; i++) {
                    const lines = window.posmodel.getOrder().lines;
                    const back = lines.filter((line) => line.qty < 0);
                    if (back.length === 1 && back[0].qty === -(index + 1)) {
                        return;
                    }
                    if (i > 50) {
                        throw new Error(`back: ${back.map((line) => line.qty)}`);
                    }
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
            },
        },
    ]).flat();

const pairedByCode = () => [
    { trigger: "body", run: () => T.till().pair("abcde-fgh12") },
    ...T.paired(),
];

/** “3 beers + 3 cups − 2 cups” on one tap; the kitchen does not hear of the cups. */
tours.add("tibillet_deposit_netted", {
    steps: () => [
        ...T.open(),
        ...pairedByCode(),
        ...T.add("Beer"),
        ...T.add("Cup"),
        { trigger: ".product-list article:contains('Cup')", run: "click" },
        { trigger: ".product-list article:contains('Cup')", run: "click" },
        ...cupBack(2),
        {
            content: "no category of a kitchen's printer has the cup",
            trigger: "body",
            run: () => {
                const lines = window.posmodel.getOrder().lines;
                const ids = lines.map((line) => line.product_id.parentPosCategIds.length);
                if (!ids[0] || ids.slice(1).some(Boolean)) {
                    throw new Error(`categories: ${ids}`);
                }
            },
        },
        ...T.tap(GOOD),
        ...T.sees("paid", "7.00"),
        ...T.sent(),
    ],
});

/** Cups alone: the tap gives back; a cashier takes back so many and no more. */
tours.add("tibillet_deposit_back", {
    steps: () => [
        ...T.open(),
        ...pairedByCode(),
        ...cupBack(2),
        { trigger: ".tibillet-cup-back", run: "click" },
        ...T.sees("cups_back", "Call a manager"),
        ...T.escapes(),
        ...T.tap(GOOD),
        ...T.sees("back", "2.00"),
        ...T.sent(),
    ],
});

tours.add("tibillet_deposit_back_by_a_manager", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        ...cupBack(3),
        ...T.tap(GOOD),
        ...T.sees("back", "3.00"),
        ...T.sent(),
    ],
});
