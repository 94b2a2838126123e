import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";

const sale = () => [...T.add("Beer"), ...T.tap(GOOD), ...T.free(), ...T.sent()];

/** A cashier pairs with the code that a manager gave. */
const pairedByCode = () => [
    { trigger: "body", run: () => T.till().pair("abcde-fgh12") },
    ...T.paired(),
];

/** One touch on the bar, one on the band. */
const twoTouches = () => [
    { trigger: ".tibillet-undo:contains('6.00')", run: "click" },
    ...T.sees("undo_ask", "6.00"),
    ...T.press("undo_now"),
];

tours.add("tibillet_undo_last_sale", {
    steps: () => [
        ...T.open(),
        ...pairedByCode(),
        ...sale(),
        ...twoTouches(),
        ...T.sees("undone", "6.00"),
        { trigger: "body:not(:has(.tibillet-undo))" },
        ...T.settled(),
    ],
});

tours.add("tibillet_undo_kept", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        ...sale(),
        { trigger: ".tibillet-undo", run: "click" },
        ...T.sees("undo_ask"),
        ...T.escapes(),
        { trigger: ".tibillet-undo" },
    ],
});

/** A cashier who names an older sale is refused, with who may. */
tours.add("tibillet_undo_older_by_a_cashier", {
    steps: () => [
        ...T.open(),
        ...pairedByCode(),
        ...sale(),
        {
            trigger: "body",
            run: () => (T.till().olderSale = { ...T.till().state.lastSale }),
        },
        ...sale(),
        { trigger: "body", run: () => T.till().undo.offer(T.till().olderSale) },
        ...T.sees("undo_ask"),
        ...T.press("undo_now"),
        ...T.sees("not_allowed", "Call a manager"),
        ...T.escapes(),
        { trigger: ".pos-rightheader .fa-bars", run: "click" },
        { trigger: ".pos-burger-menu-items:not(:has(.tibillet-charged-twice))" },
        { trigger: ".pos-rightheader .fa-bars", run: "click" },
        ...paidOrders(),
        { trigger: ".ticket-screen .order-row", run: "click" },
        { trigger: ".control-buttons:not(:has(.tibillet-undo-order))" },
    ],
});

function paidOrders() {
    return [
        { trigger: ".orders-button", run: "click" },
        { trigger: ".pos-search-bar .filter", run: "click" },
        { trigger: ".pos-search-bar .filter ul li:contains('Paid')", run: "click" },
    ];
}

tours.add("tibillet_undo_older_by_a_manager", {
    steps: () => [
        ...T.open(),
        ...T.paired(),
        { trigger: ".pos-rightheader .fa-bars", run: "click" },
        { trigger: ".tibillet-charged-twice:contains('Charged twice?')" },
        { trigger: ".pos-rightheader .fa-bars", run: "click" },
        ...sale(),
        { trigger: "body", run: () => T.till().undo.forget() },
        { trigger: "body:not(:has(.tibillet-undo))" },
        ...paidOrders(),
        { trigger: ".ticket-screen .order-row", run: "click" },
        { trigger: ".tibillet-undo-order", run: "click" },
        { trigger: ".modal textarea, .modal input", run: "edit Charged twice" },
        { trigger: ".modal .btn-primary", run: "click" },
        ...T.sees("undo_ask", "6.00"),
        ...T.press("undo_now"),
        ...T.sees("undone", "6.00"),
        ...T.settled(),
    ],
});
