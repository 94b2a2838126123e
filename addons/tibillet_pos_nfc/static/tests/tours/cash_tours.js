import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const BURGER = ".pos-topheader .dropdown-toggle:has(.fa-bars), .pos-topheader button:has(.fa-bars)";
const step = (name) => `.tibillet-cash-body[data-step='${name}']`;

const drawer = () => [
    { trigger: BURGER, run: "click" },
    { trigger: ".tibillet-drawer", run: "click" },
    { trigger: step("menu") },
];

const bag = (amount, number, witness) => [
    { trigger: ".tibillet-cash-to-bag", run: "click" },
    { trigger: "#tibillet_bag_amount", run: `edit ${amount}` },
    { trigger: "#tibillet_bag_number", run: `edit ${number}` },
    { trigger: "#tibillet_bag_witness", run: `edit ${witness}` },
    { trigger: ".tibillet-cash-drop:enabled", run: "click" },
];

const loose = (amount) => [
    { trigger: step("count") },
    {
        content: "nothing says what should be there",
        trigger: `.tibillet-cash:not(:has(.tibillet-cash-figures, .tibillet-cash-amount))`,
    },
    { trigger: ".tibillet-cash-loose", run: `edit ${amount}` },
    { trigger: ".tibillet-cash-counted:enabled", run: "click" },
    { trigger: step("counted") },
];

tours.add("tibillet_story_15_shift_change", {
    steps: () => [
        ...T.open(),
        ...drawer(),
        ...bag("800,00", "0417", "Luc"),
        { trigger: `${step("bagged")}:contains('0417')` },
        { trigger: ".tibillet-cash-leave", run: "click" },
        ...drawer(),
        { trigger: ".tibillet-cash-bags li:contains('0417')" },
        { trigger: ".tibillet-cash-to-count", run: "click" },
        { trigger: ".tibillet-cash-coin input[data-value='5000']", run: "edit 1" },
        { trigger: ".tibillet-cash-coin input[data-value='1000']", run: "edit 4" },
        ...loose("9"),
        { trigger: ".tibillet-cash-result[data-look='look']:contains('1.00')" },
        { trigger: ".tibillet-cash-next", run: "click" },
        { trigger: `${step("accept")} .tibillet-cash-amount:contains('99.00')` },
        { trigger: ".tibillet-cash-person", run: "edit Luc" },
        { trigger: ".tibillet-cash-accept:enabled", run: "click" },
        { trigger: "body:not(:has(.tibillet-cash))" },
        ...T.add("Beer"),
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".paymentmethod:contains('Cash')", run: "click" },
        { trigger: ".payment-screen .validation-button", run: "click" },
        { trigger: ".receipt-screen" },
    ],
});

tours.add("tibillet_cash_close", {
    steps: () => [
        ...T.open(),
        { trigger: BURGER, run: "click" },
        { trigger: "body", run: () => window.posmodel.closeSession() },
        ...loose("149,50"),
        { trigger: ".tibillet-cash-result[data-look='look']" },
        { trigger: ".tibillet-cash-close", run: "click" },
        {
            content: "what was counted stands in Odoo's closing, without difference",
            trigger: ".close-pos-popup .cash-difference:contains(/^\\D*0[.,]00\\D*$/)",
        },
        {
            trigger: ".close-pos-popup .modal-footer .btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "body:not(:has(.close-pos-popup))" },
    ],
});

tours.add("tibillet_cash_float", {
    steps: () => [
        { trigger: ".open-register-btn", run: "click" },
        { trigger: ".opening-cash-section input", run: "edit lots" },
        { trigger: ".opening-cash-section input", run: "edit 150,50" },
        { trigger: ".modal-footer .btn-primary:enabled", run: "click" },
        { trigger: ".product-screen" },
        { trigger: "body:not(:has(.opening-cash-section))" },
        ...drawer(),
        { trigger: ".tibillet-cash-to-move", run: "click" },
        { trigger: ".input-type:contains('Cash In')", run: "click" },
        { trigger: ".input-amount input", run: "edit 20,50" },
        { trigger: ".cash-reason", run: "edit Change" },
        { trigger: ".modal-footer .confirm:enabled", run: "click" },
        { trigger: "body:not(:has(.cash-reason))" },
    ],
});

tours.add("tibillet_cash_missing", {
    steps: () => [
        ...T.open(),
        ...drawer(),
        { trigger: ".tibillet-cash-missing:contains('Tablet 7'):contains('2')" },
        { trigger: ".tibillet-cash-leave", run: "click" },
        { trigger: "body:not(:has(.tibillet-cash))" },
    ],
});

tours.add("tibillet_cash_refused", {
    steps: () => [
        ...T.open(),
        ...drawer(),
        ...bag("100", "0417", "Luc"),
        { trigger: step("bagged") },
        { trigger: ".tibillet-cash-leave", run: "click" },
        ...drawer(),
        ...bag("50", "0417", "Luc"),
        { trigger: ".tibillet-cash-error:contains('0417')" },
        {
            content: "nothing typed is lost",
            trigger: "#tibillet_bag_amount",
            run: ({ anchor }) => {
                if (anchor.value !== "50") {
                    throw new Error(anchor.value);
                }
            },
        },
        { trigger: ".tibillet-cash-leave", run: "click" },
        ...drawer(),
        { trigger: ".tibillet-cash-to-count", run: "click" },
        { trigger: ".tibillet-cash-loose", run: "edit much" },
        { trigger: ".tibillet-cash-counted:disabled" },
        { trigger: ".tibillet-cash-leave", run: "click" },
        { trigger: "body:not(:has(.tibillet-cash))" },
    ],
});

tours.add("tibillet_live_page", {
    steps: () => [
        { trigger: ".tibillet-live-tile[data-name='amount']:contains('0')" },
        { trigger: ".tibillet-live-tile[data-name='cards']:contains('0')" },
        { trigger: ".tibillet-live-last" },
        // the evening that goes on now is shown first; today is one choice away, and back
        { trigger: ".tibillet-live-hours-text b:contains('Fest-noz')" },
        { trigger: ".tibillet-live-evening", run: "select 0" },
        { trigger: ".tibillet-live:not(:has(.tibillet-live-hours-text)) .tibillet-live-tile" },
        { trigger: ".tibillet-live-evenings", run: "click" },
        { trigger: ".o_list_view .o_data_cell:contains('Fest-noz')" },
    ],
});

tours.add("tibillet_live_refused", {
    steps: () => [
        { trigger: ".tibillet-live-error[role='alert']" },
        { trigger: ".tibillet-live:not(:has(.tibillet-live-tile))" },
    ],
});

tours.add("tibillet_live_empty", {
    steps: () => [{ trigger: ".tibillet-live-empty .btn-primary" }],
});
