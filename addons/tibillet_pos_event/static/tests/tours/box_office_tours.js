import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { registry } from "@web/core/registry";
import * as T from "@tibillet_pos_nfc/../tests/tours/till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";
const CONCERT = '.product-list article:contains("Concert")';
const concert = { trigger: CONCERT, run: "click" };
const confirm = { trigger: ".modal-footer .btn-primary", run: "click" };
const paid = () => [
    { trigger: ".pay-order-button", run: "click" },
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
];

let clicks = 0;

tours.add("tibillet_box_office", {
    steps: () =>
        [
            T.open(),
            {
                content: "clicks are counted from the event on the screen on",
                trigger: CONCERT,
                run: () => window.addEventListener("click", () => clicks++, true),
            },
            concert,
            { trigger: ".fast-pay-button", run: "click" },
            { trigger: ".receipt-screen .tibillet-ticket[data-number]" },
            {
                content: "sold in two clicks, the third is the next customer's",
                trigger: ".receipt-screen",
                run: () => {
                    if (clicks !== 2) {
                        throw new Error(`${clicks} clicks`);
                    }
                },
            },
            ReceiptScreen.clickNextOrder(),
            { trigger: ".product-screen:not(:has(.orderline))" },
        ].flat(Infinity),
});

tours.add("tibillet_box_office_asks", {
    steps: () =>
        [
            T.open(),
            concert,
            { trigger: ".o_event_configurator_popup .fa-plus", run: "click" },
            confirm,
            { trigger: ".o_event_registration_popup input:first", run: "edit Anna" },
            confirm,
            { trigger: '.orderline:contains("10.00")' },
            paid(),
        ].flat(Infinity),
});

const types = (...signs) =>
    signs.map((sign) => ({
        trigger: `.modal .numpad button:contains(/^${sign.replace(".", "\\.")}$/)`,
        run: "click",
    }));

tours.add("tibillet_box_office_price", {
    steps: () =>
        [
            T.open(),
            concert,
            { trigger: ".o_event_configurator_popup .fa-plus", run: "click" },
            confirm,
            { trigger: '.modal:contains("Type the price they choose")' },
            types("4"),
            { trigger: '.modal:contains("At least 5.00")' },
            { trigger: ".modal-footer .btn-primary:disabled" },
            types("⌫", "7", ".", "5"),
            { trigger: ".modal-footer .btn-primary:enabled", run: "click" },
            { trigger: '.orderline:contains("7.50")' },
            paid(),
        ].flat(Infinity),
});

// -- a card pays -------------------------------------------------------------------------------

const asked = [];

/** Which questions go to the server, oldest first. */
const listens = () => ({
    content: "what the server is asked",
    trigger: "body",
    run: () => {
        const { data } = window.posmodel;
        const { server } = T.till();
        const [seats, money] = [data.call, server.call];
        data.call = function (_model, method) {
            asked.push(method);
            return seats.apply(this, arguments);
        };
        server.call = function (method) {
            asked.push(method);
            return money.apply(this, arguments);
        };
    },
});

/** The line's seats go back; these are taken by somebody else. */
const ranOut = (taken) => ({
    content: "the time is over",
    trigger: '.orderline:contains("10.00")',
    run: async () => {
        const { data, models, session } = window.posmodel;
        const [line] = window.posmodel.getOrder().lines;
        await data.call("pos.session", "tibillet_seats_drop", [[session.id], [line.uuid]]);
        if (taken) {
            const rate = models["event.event.ticket"].getAll()[0];
            const args = [[session.id], "elsewhere", rate.id, false, taken];
            const answer = await data.call("pos.session", "tibillet_seats_hold", args);
            if (!answer.ok) {
                throw new Error(answer.message);
            }
        }
        asked.length = 0;
    },
});

const basket = () => [
    ...T.begin(),
    listens(),
    concert,
    { trigger: '.orderline:contains("10.00")' },
];

const paidByCard = () => [
    T.tap(GOOD),
    { trigger: ".receipt-screen .tibillet-ticket[data-number]" },
    {
        content: "the seats were kept before the card was asked",
        trigger: "body",
        run: () => {
            const [kept, held] = ["tibillet_seats_keep", "tibillet_hold"].map((method) =>
                asked.indexOf(method)
            );
            if (kept < 0 || held < 0 || kept > held) {
                throw new Error(asked.join(", "));
            }
        },
    },
    T.sent(),
];

tours.add("tibillet_seats_tap", {
    steps: () => [basket(), paidByCard()].flat(Infinity),
});

tours.add("tibillet_seats_tap_again", {
    steps: () => [basket(), ranOut(0), paidByCard()].flat(Infinity),
});

tours.add("tibillet_seats_tap_gone", {
    steps: () =>
        [
            basket(),
            ranOut(2),
            T.tap(GOOD),
            { trigger: '.modal:contains("sold out")' },
            confirm,
            {
                content: "the card was not asked, the basket is as it was",
                trigger: '.orderline:contains("10.00")',
                run: () => {
                    const order = window.posmodel.getOrder();
                    if (asked.includes("tibillet_hold") || order.payment_ids.length) {
                        throw new Error(asked.join(", "));
                    }
                },
            },
        ].flat(Infinity),
});

// -- the event's form ----------------------------------------------------------------------------

tours.add("tibillet_box_office_form", {
    steps: () => [
        {
            content: "clicks are counted from the event's form on",
            trigger: ".o_form_view button[name='action_tibillet_sell']",
            run: () => window.addEventListener("click", () => clicks++, true),
        },
        { trigger: ".o_form_view button[name='action_tibillet_sell']", run: "click" },
        { trigger: ".modal:contains('12.00')" },
        { trigger: ".modal footer button[name='action_cash']", run: "click" },
        {
            content: "sold and numbered in two clicks",
            trigger: ".o_notification:contains('Tickets')",
            run: () => {
                if (clicks > 3) {
                    throw new Error(`${clicks} clicks`);
                }
            },
        },
    ],
});
