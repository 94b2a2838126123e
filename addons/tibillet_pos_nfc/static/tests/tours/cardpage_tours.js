import { registry } from "@web/core/registry";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";
const OTHER = "04112233445566";

/** The till, paired by the code that a manager gave; what is printed is kept for the tour. */
const start = () => [
    ...T.open(),
    { trigger: "body", run: () => T.till().pair("abcde-fgh12") },
    ...T.paired(),
    {
        content: "paper is kept instead of printed",
        trigger: "body",
        run: () => {
            window.printed = [];
            T.till().pos.env.services.printer.print = async (_paper, props) => {
                window.printed.push(props.receipt);
                return true;
            };
        },
    },
];

const page = (uid, words = "") => [
    { trigger: "body", run: () => T.till().openCardPage(uid) },
    { trigger: `.tibillet-page-head${words && `:contains("${words}")`}` },
];
const act = (name) => [{ trigger: `.tibillet-page [data-act="${name}"]:enabled`, run: "click" }];
const way = (name) => [{ trigger: `.tibillet-page [data-way="${name}"]:enabled`, run: "click" }];
const type = (id, text) => [{ trigger: `#tibillet_${id}`, run: `edit ${text}` }];
const done = (words) => [{ trigger: `.tibillet-page-done:contains("${words}")` }];
const refused = (words) => [{ trigger: `.tibillet-page-error:contains("${words}")` }];
const printed = (check) => [
    {
        trigger: "body",
        run: async () => {
            for (let tries = 0; !window.printed.some(check); tries++) {
                if (tries > 50) {
                    throw new Error(`printed: ${JSON.stringify(window.printed)}`);
                }
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
        },
    },
];
const close = () => [
    { trigger: ".tibillet-page-close", run: "click" },
    { trigger: "body:not(:has(.tibillet-page))" },
];
const tour = (name, ...steps) => tours.add(name, { steps: () => [...start(), ...steps.flat()] });

tour(
    "tibillet_cardpage_top_up",
    page(GOOD, "Anonymous"),
    [{ trigger: ".tibillet-page-balances:contains('20.00')" }],
    act("topup"),
    [
        { trigger: "[data-amount='1000']", run: "click" },
        { trigger: "[data-amount='1000'][aria-pressed='true']" },
    ],
    way("cash"),
    [
        { trigger: ".tibillet-receipt-topup:contains('2345')" },
        { trigger: ".receipt-screen, .feedback-screen, .tibillet-receipt-topup" },
    ]
);

tour(
    "tibillet_cardpage_one_payment",
    T.add("Beer"),
    page(GOOD),
    act("topup"),
    type("topup", "12,5"),
    way("order"),
    [{ trigger: "body:not(:has(.tibillet-page))" }],
    [{ trigger: ".orderline:contains('12.50')" }, { trigger: ".order-summary:contains('18.50')" }],
    [
        {
            content: "a top-up is neither doubled nor discounted",
            trigger: "body",
            run: () => {
                const line = window.posmodel
                    .getOrder()
                    .lines.find((one) => one.tibillet_operation_key);
                const answer = line.setQuantity(3);
                line.setDiscount(50);
                line.setUnitPrice(1);
                if (answer === true || line.qty !== 1 || line.priceIncl !== 12.5) {
                    throw new Error("the top-up has changed");
                }
            },
        },
    ],
    T.tap(GOOD),
    [
        { trigger: ".payment-screen .paymentline:contains('6.00')" },
        { trigger: ".payment-screen .paymentmethod:contains('Cash')", run: "click" },
        { trigger: ".button.next:enabled", run: "click" },
        { trigger: ".tibillet-receipt-topup:contains('2345')" },
    ]
);

tour(
    "tibillet_cardpage_not_by_card",
    page(OTHER),
    act("topup"),
    type("topup", "5"),
    way("order"),
    [{ trigger: "body:not(:has(.tibillet-page))" }],
    [{ trigger: ".orderline:contains('5.00')" }],
    T.tap(GOOD),
    T.sees("topup_by_card"),
    T.escapes(),
    T.noResidue()
);

tour(
    "tibillet_cardpage_refused",
    page(GOOD),
    act("topup"),
    type("topup", "abc"),
    way("cash"),
    refused("Type an amount"),
    type("topup", "140"),
    way("cash"),
    refused("130.00"),
    close(),
    T.noResidue(0)
);

tour(
    "tibillet_cardpage_refund",
    page(OTHER),
    act("refund"),
    [{ trigger: "[data-step='refund']:contains('7.40')" }],
    [{ trigger: "[data-way='bank_card']:disabled" }],
    way("cash"),
    done("Give"),
    act("print"),
    printed((paper) => paper.tail === "6789" && paper.key.length === 19 && paper.way),
    act("card"),
    [{ trigger: ".tibillet-page-balances:contains('1.20')" }],
    close(),
    T.settled()
);

tour(
    "tibillet_cardpage_transfer",
    page(OTHER),
    act("refund"),
    [{ trigger: "[data-way='cash']:disabled" }],
    way("transfer"),
    type("name", "Ada Vidal"),
    type("iban", "FR7630006000011234567890188"),
    act("transfer"),
    refused("IBAN"),
    type("iban", "FR7630006000011234567890189"),
    act("transfer"),
    done("leaves by transfer"),
    close(),
    T.settled()
);

tour(
    "tibillet_cardpage_give",
    page(OTHER),
    act("refund"),
    [{ trigger: "[data-step='refund']:not(:has([data-act='give-now']))" }],
    act("give"),
    act("give-now"),
    done("Thank you"),
    act("print"),
    printed((paper) => paper.note.includes("Donation of")),
    close(),
    T.settled()
);

tour(
    "tibillet_cardpage_gift",
    page(GOOD),
    act("more"),
    act("gift"),
    type("gift", "3"),
    act("give-gift"),
    refused("Write why"),
    type("why", "Thanks"),
    act("give-gift"),
    done("Given"),
    close(),
    T.settled()
);

tour(
    "tibillet_cardpage_cashier",
    page(GOOD),
    act("more"),
    [{ trigger: ".tibillet-page-list:not(:has([data-act='gift'])):not(:has([data-act='moves']))" }],
    close()
);

tour(
    "tibillet_cardpage_link",
    page(GOOD),
    act("link"),
    type("email", "ada@example.com"),
    act("link-now"),
    refused("type their name"),
    type("person", "Ada Vidal"),
    act("link-now"),
    done("Ada Vidal"),
    act("card"),
    [{ trigger: ".tibillet-page-holder:contains('Ada Vidal')" }],
    close(),
    T.settled()
);

tour(
    "tibillet_cardpage_lost",
    page(GOOD),
    act("lost"),
    act("block-now"),
    done("Blocked"),
    close(),
    page(GOOD, "Bring it back"),
    [{ trigger: ".tibillet-page:not(:has(.tibillet-page-balances)):not(:has([data-act]))" }],
    close(),
    T.settled()
);

tour(
    "tibillet_cardpage_replace",
    page(GOOD),
    act("more"),
    act("code"),
    printed((paper) => {
        window.claimCode = paper.code;
        return /^[2-9A-Z]{4}-[2-9A-Z]{4}$/.test(paper.code);
    }),
    close(),
    page(OTHER),
    act("more"),
    act("replace"),
    act("replace-now"),
    refused("Type the number"),
    type("old", "TEST2345"),
    [
        {
            trigger: "#tibillet_code_old",
            run(helpers) {
                return helpers.edit(window.claimCode);
            },
        },
    ],
    act("replace-now"),
    done("The new card is ready"),
    close(),
    T.settled()
);

tour(
    "tibillet_cardpage_by_number",
    [
        { trigger: ".pos-topheader button:has(.fa-bars)", run: "click" },
        { trigger: ".tibillet-by-number-item", run: "click" },
        { trigger: "#tibillet_card_number", run: "edit TEST234" },
        { trigger: ".tibillet-number-open:enabled", run: "click" },
        { trigger: ".tibillet-by-number [role='alert']:contains('No card here')" },
        { trigger: "#tibillet_card_number", run: "edit TEST2345" },
        { trigger: ".tibillet-number-open:enabled", run: "click" },
        { trigger: ".tibillet-page-typed" },
        { trigger: ".tibillet-page [data-act='refund']:disabled" },
    ],
    [
        { trigger: ".tibillet-page-asleep:contains('Not used for a long time')" },
        { trigger: ".tibillet-page-asleep:not(:has([data-act='keep']))" },
    ],
    close(),
    page(GOOD),
    act("keep"),
    done("It stays on the card"),
    act("card"),
    [{ trigger: ".tibillet-page:not(:has(.tibillet-page-asleep)) .tibillet-page-balances" }],
    close(),
    T.settled()
);
