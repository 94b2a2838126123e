import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const GOOD = "04A1B2C3D4E5F6";
const OTHER = "04112233445566";

/** The browser takes its time to store the order that was just paid. */
const slowStorage = {
    content: "the browser's own storage is slow",
    trigger: "body",
    run: () => {
        const { data } = window.posmodel;
        const store = data.synchronizeLocalDataInIndexedDB;
        window.tibilletStored = 0;
        data.synchronizeLocalDataInIndexedDB = async function () {
            await new Promise((resolve) => setTimeout(resolve, 1500));
            const stored = await store.apply(this, arguments);
            window.tibilletStored++;
            return stored;
        };
    },
};

const stored = {
    content: "the paid order is stored",
    trigger: "body",
    run: async () => {
        for (let i = 0; !window.tibilletStored; i++) {
            if (i > 100) {
                throw new Error("the order was never stored");
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    },
};

registry.category("web_tour.tours").add("tibillet_next_customer_before_storage", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        slowStorage,
        ...T.add("Beer"),
        ...T.tap(GOOD),
        ...T.free(),
        {
            content: "nothing was stored yet: the next customer is served meanwhile",
            trigger: "body",
            run: () => {
                if (window.tibilletStored) {
                    throw new Error("this tour has to be faster than the storage");
                }
            },
        },
        ...T.add("Beer"),
        stored,
        {
            content: "the next basket is still the one on screen, and the only open one",
            trigger: ".orderline:contains('Beer')",
            run: () => {
                const open = window.posmodel.models["pos.order"].filter((o) => !o.finalized);
                if (open.length !== 1 || open[0].uuid !== window.posmodel.getOrder().uuid) {
                    throw new Error(`${open.length} baskets are open`);
                }
            },
        },
        ...T.tap(OTHER),
        ...T.free(),
        ...T.sent(),
    ],
});
