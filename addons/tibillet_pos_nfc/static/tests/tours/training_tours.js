import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";

/** The till after a reload: the cashier may have to say who they are again. */
const backAtTheTill = () => [
    {
        trigger: ".open-register-btn, .product-screen",
        run: () => document.querySelector(".open-register-btn")?.click(),
    },
    { trigger: ".product-screen" },
    { trigger: "body", run: () => (T.till().sounds.muted = true) },
];

const menu = (item) => [
    { trigger: ".pos-topheader button:has(.fa-bars)", run: "click" },
    { trigger: item, run: "click" },
];

tours.add("tibillet_training", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        ...T.add("Beer"),
        ...menu(".tibillet-train"),
        { trigger: ".modal-footer .btn-primary", run: "click", expectUnloadPage: true },
        ...backAtTheTill(),
        { trigger: ".tibillet-training-banner" },
        {
            content: "a real card pays with practice money",
            trigger: ".product-screen",
            run: () => window.posmodel.addNewOrder(),
        },
        ...T.add("Beer"),
        ...T.tap(GOOD),
        ...T.sees("paid", "6.00"),
        ...T.free(),
        {
            content: "the customer's side is told that this is practice",
            trigger: ".tibillet-undo:contains('6.00')",
            run: () => {
                const told = window.posmodel.getOrder();
                const path = "@point_of_sale/app/customer_display/customer_display_adapter";
                // this bundle is loaded in the backend too, where there is no till
                const { CustomerDisplayPosAdapter } = odoo.loader.modules.get(path);
                const adapter = new CustomerDisplayPosAdapter();
                adapter.formatOrderData(told);
                if (adapter.data.tibilletTraining !== true) {
                    throw new Error("the customer is not told that this is training");
                }
            },
        },
        {
            content: "undone as ever: the practice money is back",
            trigger: ".tibillet-undo:contains('6.00')",
            run: "click",
        },
        ...T.press("undo_now"),
        ...T.sees("undone", "6.00"),
        { trigger: "body:not(:has(.tibillet-undo))" },
        { trigger: "body:not(:has(.tibillet-band))" },
        ...T.tap("04F00000000002"), // with an empty basket: its page
        { trigger: ".tibillet-page:contains('Practice money'):contains('50.00')" },
        { trigger: ".tibillet-page-key[data-act='topup']:disabled" },
        { trigger: ".tibillet-page-close", run: "click" },
        { trigger: "body:not(:has(.tibillet-page-head))" },
        ...T.add("Cider"),
        ...T.tap(GOOD),
        ...T.sees("age_needed", "Cider"),
        ...T.press("age_seen"),
        ...T.sees("paid", "4.00"),
        ...T.free(),
        ...T.add("Beer"),
        ...T.tap("04F00000000003"),
        ...T.sees("insufficient_funds", "5.00"),
        ...T.press("cash"),
        { trigger: ".paymentline:contains('TiBillet'):contains('1.00')" },
        { trigger: ".button.next.validation, .validation-button", run: "click" },
        { trigger: ".receipt-screen .tibillet-receipt-training" },
        { trigger: ".tibillet-training-banner" },
        { trigger: ".receipt-screen .button.next", run: "click" },
        {
            content: "the server is asked to write: it is not",
            trigger: ".product-screen",
            run: async () => {
                const error = await window.posmodel.data.orm
                    .write("pos.session", [window.posmodel.session.id], { opening_notes: "no" })
                    .catch((refused) => refused);
                if (!error?.data?.message) {
                    throw new Error("training wrote to the server");
                }
            },
        },
        ...menu(".dropdown-item:contains('Close Register')"),
        { trigger: ".modal .btn-primary", run: "click" },
        {
            content: "out again: the basket of before is there",
            trigger: ".tibillet-training-leave",
            run: "click",
            expectUnloadPage: true,
        },
        ...backAtTheTill(),
        { trigger: "body:not(:has(.tibillet-training-banner))" },
        { trigger: ".orderline:contains('Beer')" },
    ],
});
