import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import { registry } from "@web/core/registry";
import * as T from "@tibillet_pos_nfc/../tests/tours/till_tour_utils";

const CONCERT = '.product-list article:contains("Concert")';
const concert = { trigger: CONCERT, run: "click" };
const confirm = { trigger: ".modal-footer .btn-primary", run: "click" };

const ENGLISH = /\b(seats?|left|sold out|unlimited|tickets? for|available|cancel|confirm)\b/i;

/** What is beside the screen; nothing once the page has come to rest. */
const beside = (anchor) => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const { left, right } = anchor.getBoundingClientRect();
    return scrollWidth > clientWidth || left < -1 || right > clientWidth + 1
        ? `${left}–${right} of ${clientWidth}, page ${scrollWidth}`
        : "";
};

/** Nothing is beside the screen, and no word of English is on it. */
const looked = (name, within) => ({
    content: `looked at: ${name}`,
    trigger: within,
    run: async ({ anchor }) => {
        const until = Date.now() + 5000;
        while (beside(anchor) && Date.now() < until) {
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        const english = anchor.innerText.match(ENGLISH);
        const wrong = beside(anchor) || (english && `“${english[0]}” is English`);
        if (wrong) {
            throw new Error(`${name}: ${wrong}`);
        }
    },
});

/** The other till, the website: whoever was faster. */
const goneElsewhere = {
    content: "the last seats go elsewhere, and this till does not hear of it",
    trigger: "body",
    run: async () => {
        const { data, models, session } = window.posmodel;
        const rate = models["event.event.ticket"].getAll()[0];
        const args = [[session.id], "elsewhere", rate.id, false, 2];
        const answer = await data.call("pos.session", "tibillet_seats_hold", args);
        if (!answer.ok) {
            throw new Error(answer.message);
        }
    },
};

const chosen = [
    concert,
    { trigger: '.modal-title:contains("Concert")' },
    { trigger: ".o_event_configurator_popup .fa-plus:first", run: "click" },
];

registry.category("web_tour.tours").add("tibillet_seats_french", {
    steps: () =>
        [
            T.open(),
            { trigger: `${CONCERT}:contains("3 place")` },
            looked("articles", ".product-list"),
            chosen,
            { trigger: '.modal-title:contains("Concert : il en reste 3")' },
            { trigger: '.o_event_configurator_popup:contains("12,00")' }, // as in the basket
            looked("rates", ".modal-dialog"),
            confirm,
            { trigger: "body:not(:has(.modal))" },
            goneElsewhere,
            chosen,
            confirm,
            { trigger: '.modal:contains("Pas de places"):contains("complet")' },
            looked("refused", ".modal-dialog"),
            confirm,
            { trigger: "body:not(:has(.modal))" },
            {
                content: "the basket is as it was",
                trigger: "body",
                run: () => {
                    const { lines } = window.posmodel.getOrder();
                    if (lines.length !== 1 || lines[0].qty !== 1) {
                        throw new Error("another basket");
                    }
                },
            },
            {
                trigger: CONCERT,
                run: async () => {
                    // the till hears of it: what is left stands on the article
                    const { data, models } = window.posmodel;
                    const event = models["event.event"].getAll()[0];
                    await data.read("event.event", [event.id], ["seats_available"]);
                },
            },
            { trigger: `${CONCERT}:contains("Complet")` },
            concert,
            { trigger: '.modal:contains("est complet")' },
            looked("full", ".modal-dialog"),
            confirm,
            { trigger: ".pay-order-button, .pay-button", run: "click" },
            PaymentScreen.clickPaymentMethod("Cash"),
            looked("payment", ".payment-screen"),
            PaymentScreen.clickValidate(),
            { trigger: '.receipt-screen button:contains("Imprimer les billets")' },
            looked("tickets", ".receipt-screen"),
        ].flat(Infinity),
});
