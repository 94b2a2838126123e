import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import * as T from "@tibillet_pos_nfc/../tests/tours/till_tour_utils";

const CARD = "04A1B2C3D4E5F6";
const tours = registry.category("web_tour.tours");

const start = () => [...T.open(), ...T.paired()];
const page = () => [
    { trigger: "body", run: () => T.till().openCardPage(CARD) },
    { trigger: ".tibillet-page-days" },
];
const right = (name, left) => `.tibillet-page-days li[data-left='${left}']:contains('${name}')`;
const handOut = (name) => [
    { trigger: `.tibillet-page [data-right='${name}']:enabled`, run: "click" },
    { trigger: ".tibillet-page-said" },
];
const presence = () => [{ trigger: "[data-act='presence']:enabled", run: "click" }];
const close = () => [
    { trigger: ".tibillet-page-close", run: "click" },
    { trigger: "body:not(:has(.tibillet-page))" },
];
/** The right went back to the server. */
const isBack = () => ({
    trigger: "body:not(:has(.orderline))",
    run: async () => {
        for (let round = 0; window.posmodel.tibilletRightsWaiting?.size; round++) {
            if (round > 80) {
                throw new Error("the right did not go back");
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    },
});

tours.add("tibillet_day_rights", {
    steps: () =>
        [
            ...start(),
            ...page(),
            { trigger: ".tibillet-page:not(:has([data-right]))" },
            ...presence(),
            { trigger: ".tibillet-page-said:contains('welcome')" },
            { trigger: right("Drinks", 2) },
            { trigger: `${right("Way in", 1)}:not(:has(button))` },
            ...handOut("Meal"),
            { trigger: right("Meal", 0) },
            { trigger: ".tibillet-page [data-right='Meal']:disabled" },
            ...close(),
            { trigger: ".orderline:contains('Crisps') .tibillet-offered:contains('Meal')" },
            { trigger: ".order-summary .total:contains('0.00')" },
            {
                content: "two of it are not one right, and it is not paid",
                trigger: "body",
                run: () => {
                    const [line] = window.posmodel.getOrder().lines;
                    line.setDiscount(0);
                    if (line.setQuantity(2) === true || line.qty !== 1 || line.discount !== 100) {
                        throw new Error("a right was stretched");
                    }
                },
            },
            {
                content: "the line is taken out",
                trigger: "body",
                run: () => {
                    const order = window.posmodel.getOrder();
                    order.removeOrderline(order.lines[0]);
                },
            },
            isBack(),
            ...page(),
            { trigger: right("Meal", 1) },
            ...handOut("Meal"),
            ...close(),
            { trigger: ".pay-order-button", run: "click" },
            PaymentScreen.clickValidate(),
            { trigger: ".receipt-screen .tibillet-offered:contains('Meal')" },
            ...T.sent(),
        ].flat(Infinity),
});

tours.add("tibillet_day_rights_offline", {
    steps: () => [
        ...start(),
        ...page(),
        {
            content: "the network goes",
            trigger: right("Meal", 1),
            run: () => {
                const { server } = T.till();
                const call = server.call;
                server.call = function (method) {
                    return method.startsWith("tibillet_right")
                        ? Promise.reject(new ConnectionLostError("gone"))
                        : call.apply(this, arguments);
                };
            },
        },
        { trigger: "[data-right='Meal']:enabled", run: "click" },
        { trigger: ".tibillet-page-error:contains('Without network')" },
        ...close(),
        { trigger: "body:not(:has(.orderline))" },
    ],
});

/** Nothing is beside the screen, and keys are large enough for a thumb. */
const looked = {
    content: "looked at",
    trigger: ".tibillet-page",
    run: ({ anchor }) => {
        const { clientWidth } = document.documentElement;
        for (const one of anchor.querySelectorAll("button, li")) {
            const { left, right: end, height } = one.getBoundingClientRect();
            if (left < 0 || end > clientWidth + 1 || height < 48) {
                throw new Error(`${one.textContent}: ${left}–${end}, ${height} high`);
            }
        }
        const english = anchor.innerText.match(/\b(left|taken|hand out|rights of|shift|leaves)\b/i);
        if (english) {
            throw new Error(`“${english[0]}” is English`);
        }
    },
};

tours.add("tibillet_day_rights_french", {
    steps: () => [
        ...start(),
        ...page(),
        ...presence(),
        { trigger: ".tibillet-page-days h3:contains('Droits du jour')" },
        looked,
        { trigger: ".tibillet-page [data-act='right']:enabled:first", run: "click" },
        { trigger: ".tibillet-page-said:contains('Dans le panier')" },
        looked,
    ],
});
