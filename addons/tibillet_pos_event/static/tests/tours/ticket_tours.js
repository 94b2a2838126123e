import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { add, open } from "@tibillet_pos_nfc/../tests/tours/till_tour_utils";
import { choose } from "./seat_tours";

const tours = registry.category("web_tour.tours");
const TICKET = ".tibillet-ticket[data-number]";
const onPaper = [];

/** What the browser would put on paper is kept instead. */
const paper = () => ({
    content: "paper",
    trigger: "body",
    run: () => {
        onPaper.length = 0;
        window.print = (el) => onPaper.push(el.textContent);
    },
});

const printed = (content, ...wanted) => ({
    content,
    trigger: "body",
    run: async () => {
        for (let round = 0; onPaper.length < wanted.length; round++) {
            if (round > 80) {
                throw new Error(`${onPaper.length} papers instead of ${wanted.length}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        wanted.forEach((words, at) => {
            if (!words.test(onPaper[at])) {
                throw new Error(`paper ${at}: ${onPaper[at]}`);
            }
        });
    },
});

const pays = () => [
    { trigger: ".pay-order-button", run: "click" },
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
];
const paid = () => [...pays(), ReceiptScreen.isShown()];

const ORIGINAL = /^(?!.*DUPLICATE).*Concert.*No\. /s;
const COPY = /DUPLICATE.*Concert.*No\. /s;
const key = { trigger: ".receipt-screen .tibillet-print-tickets:enabled", run: "click" };

tours.add("tibillet_tickets_printed", {
    steps: () =>
        [
            open(),
            paper(),
            add("Beer"),
            choose(),
            paid(),
            { trigger: `.receipt-screen ${TICKET}:contains("La Maison des Sons")` },
            { trigger: `${TICKET}:contains("PLATESV-D-2024-001234")` },
            { trigger: `${TICKET}:contains("20:30")` },
            { trigger: `${TICKET} .tibillet-ticket-number:contains("No.")` },
            { trigger: `${TICKET} .tibillet-ticket-code[src^='data:image/svg']` },
            { trigger: ".receipt-screen:not(:has(.o-event-badge))" },
            key,
            printed("the ticket", ORIGINAL),
            key,
            printed("printed again", ORIGINAL, COPY),
            { trigger: ".receipt-options .print", run: "click" },
            printed("the receipt beside", ORIGINAL, COPY, /Beer/),
        ].flat(Infinity),
});

/** The network is gone for the first questions after the sale. */
const noAnswer = (times) => ({
    content: "no network for tickets",
    trigger: "body",
    run: () => {
        const { data } = window.posmodel;
        const call = data.call;
        let left = times;
        data.call = function (model, method) {
            if (method === "tibillet_tickets" && left-- > 0) {
                return Promise.reject(new ConnectionLostError("gone"));
            }
            return call.apply(this, arguments);
        };
    },
});

tours.add("tibillet_tickets_late", {
    steps: () =>
        [
            open(),
            paper(),
            choose(),
            noAnswer(2),
            paid(),
            { trigger: '.tibillet-tickets-said:contains("Without network")' },
            key, // the second question is lost as well: told, with the key to print
            { trigger: '.o_notification:contains("Print the tickets")' },
            { trigger: '.o_notification button:contains("Print the tickets")', run: "click" },
            printed("the ticket", ORIGINAL),
            { trigger: `.receipt-screen ${TICKET}` },
            { trigger: ".receipt-screen:not(:has(.tibillet-tickets-said))" },
        ].flat(Infinity),
});

tours.add("tibillet_tickets_by_itself", {
    steps: () =>
        [open(), paper(), choose(), pays(), printed("both", /TOTAL|Total|10.00/, ORIGINAL)].flat(
            Infinity
        ),
});

tours.add("tibillet_tickets_of_orders", {
    steps: () =>
        [
            open(),
            paper(),
            choose(),
            paid(),
            ReceiptScreen.clickNextOrder(),
            Chrome.clickOrders(),
            TicketScreen.selectFilter("Paid"),
            { trigger: ".order-row:contains('10.00')", run: "click" },
            { trigger: ".ticket-screen .tibillet-print-tickets", run: "click" },
            printed("from the orders", ORIGINAL),
        ].flat(Infinity),
});
