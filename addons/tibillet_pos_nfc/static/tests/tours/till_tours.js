import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import * as T from "./till_tour_utils";

const tours = registry.category("web_tour.tours");
const GOOD = "04A1B2C3D4E5F6";
const SHORT = "04112233445566";

const start = () => [...T.open(), ...T.paired(), ...T.add("Beer")];

// -- one tour per state that the server answers ---------------------------------------------

const REFUSALS = {
    insufficient_funds: [SHORT, "remove"],
    card_unknown: ["04FFFFFFFFFFFF", null],
    not_our_card: ["08A1B2C3", null],
    card_blocked: [GOOD, null],
    card_lost: [GOOD, null],
    wallet_frozen: [GOOD, null],
    asset_not_accepted: [SHORT, null],
    limit_exceeded: [GOOD, "remove"],
};
for (const [code, [uid, key]] of Object.entries(REFUSALS)) {
    tours.add(`tibillet_state_${code}`, {
        steps: () => [
            ...start(),
            ...T.tap(uid),
            ...T.sees(code),
            ...(key ? T.press(key) : T.escapes()),
            ...T.noResidue(),
        ],
    });
}

// -- one tour per state of the reader ----------------------------------------------------------

for (const code of ["two_cards", "card_withdrawn"]) {
    tours.add(`tibillet_state_${code}`, {
        steps: () => [
            ...start(),
            { trigger: "body", run: () => T.till().simulated.fail(code) },
            ...T.sees(code),
            ...T.escapes(),
            ...T.noResidue(),
            ...T.tap(GOOD),
            ...T.free(),
            ...T.sent(),
        ],
    });
}
for (const code of ["reader_unplugged", "bridge_absent", "permission_refused"]) {
    tours.add(`tibillet_state_${code}`, {
        steps: () => [
            ...start(),
            {
                content: "the bridge is the only reader of this till",
                trigger: "body",
                run: () => {
                    window.posmodel.config.tibillet_reader = "bridge";
                    T.till().isSimulated = false;
                    T.till().bridge.setStatus(code);
                },
            },
            ...T.sees(code),
            { trigger: ".tibillet-status[data-reader='look']" },
            ...T.escapes(),
            ...T.noResidue(),
            {
                content: "it works again: the bar says so, nothing else appears",
                trigger: "body",
                run: () => T.till().bridge.setStatus("ready"),
            },
            { trigger: ".tibillet-status[data-reader='yes']" },
        ],
    });
}

/** What each of them says, in the language of whoever signed in. */
const LINKING = {
    bridge_unpaired: {
        en: ["The reader is not linked", "Type once the code"],
        fr: ["Le lecteur n’est pas relié", "Tapez une fois le code"],
    },
    permission_asked: {
        en: ["The browser asks for your permission", "Answer “Allow”"],
        fr: ["Le navigateur demande votre accord", "Autoriser"],
    },
};

function says(code) {
    return LINKING[code][user.lang.slice(0, 2)].flatMap((words) => T.sees(code, words));
}

/** A browser that asks the cashier before it lets a page speak to this machine. */
function askedBrowser(bridge) {
    const status = Object.assign(new EventTarget(), { state: "prompt" });
    bridge.permissions = { query: async () => status };
    bridge.Socket = class extends EventTarget {
        constructor() {
            super();
            if (status.state === "granted") {
                setTimeout(() => this.dispatchEvent(new Event("open")));
            }
        }
        send() {
            const data = JSON.stringify({ type: "hello", readers: ["a reader"] });
            this.dispatchEvent(new MessageEvent("message", { data }));
        }
        close() {}
    };
    return () => {
        status.state = "granted";
        status.dispatchEvent(new Event("change"));
    };
}

tours.add("tibillet_states_of_linking", {
    steps: () => [
        ...start(),
        {
            content: "the bridge is the only reader of this till, and nobody typed its token",
            trigger: "body",
            run: () => {
                window.posmodel.config.tibillet_reader = "bridge";
                T.till().isSimulated = false;
                T.till().state.reader = "";
                T.till().retryReader();
            },
        },
        ...says("bridge_unpaired"),
        { trigger: ".tibillet-status[data-reader='look']" },
        ...T.escapes(),
        ...T.noResidue(),
        { trigger: ".tibillet-status", run: "click" },
        ...T.press("pair_reader"),
        {
            content: "the browser will ask before it speaks to the bridge",
            trigger: "#tibillet_token",
            run: () => (window.tibilletAllow = askedBrowser(T.till().bridge)),
        },
        { trigger: "#tibillet_token", run: "edit what-the-bridge-showed" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        ...says("permission_asked"),
        ...T.escapes(),
        ...T.noResidue(),
        {
            content: "the cashier allows it: the bar says so, nothing else appears",
            trigger: ".tibillet-status[data-reader='look']",
            run: () => window.tibilletAllow(),
        },
        { trigger: ".tibillet-status[data-reader='yes']" },
        ...T.noResidue(),
    ],
});

// -- a server that is slow, or gone ---------------------------------------------------------------

tours.add("tibillet_state_server_slow", {
    steps: () => [
        ...start(),
        {
            content: "the first answer is late: it is asked again with the same key",
            trigger: "body",
            run: () => {
                const { client } = T.till();
                const { call } = client;
                const asked = (window.tibilletAsked = []);
                client.call = (method, args) => {
                    asked.push([method, args[1], args[2]]);
                    return asked.length === 1 ? new Promise(() => {}) : call(method, args);
                };
                T.till().simulated.tap(GOOD);
            },
        },
        ...T.sees("server_slow"),
        ...T.free(),
        {
            trigger: "body",
            run: () => {
                const [first, second] = window.tibilletAsked.map((asked) => JSON.stringify(asked));
                if (first !== second) {
                    throw new Error(`asked with another key: ${first} then ${second}`);
                }
            },
        },
        ...T.sent(),
    ],
});

tours.add("tibillet_state_server_slow_left", {
    steps: () => [
        ...start(),
        {
            content: "no answer at all: after ten seconds the cashier may leave",
            trigger: "body",
            run: () => {
                const { client } = T.till();
                const { call } = client;
                client.call = (method, args) =>
                    method === "tibillet_hold" && args[3]
                        ? new Promise(() => {})
                        : call(method, args);
                T.till().simulated.tap(GOOD);
            },
        },
        ...T.sees("server_slow"),
        {
            content: "a step lasts ten seconds at most: wait for the tenth from here",
            trigger: ".tibillet-band:not(:has(.tibillet-key))",
            run: () => new Promise((resolve) => setTimeout(resolve, 5000)),
        },
        ...T.press("leave"),
        { trigger: "body:not(:has(.tibillet-band))" },
        {
            trigger: "body",
            run: async () => {
                for (let i = 0; T.till().journal.acts.length && i < 50; i++) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        ...T.noResidue(),
    ],
});

tours.add("tibillet_state_server_gone", {
    steps: () => [
        ...start(),
        {
            trigger: "body",
            run: () => {
                const { client } = T.till();
                client.tourCall = client.call;
                client.isConnectionLost = () => true;
                client.call = () => Promise.reject(new Error("gone"));
                T.till().simulated.tap(GOOD);
            },
        },
        ...T.sees("server_gone"),
        {
            content: "the server is back",
            trigger: "body",
            run: () => (T.till().client.call = T.till().client.tourCall),
        },
        ...T.press("retry"),
        ...T.free(),
        ...T.sent(),
        ...T.settled(),
    ],
});

// -- journeys ---------------------------------------------------------------------------------------

tours.add("tibillet_first_tap", {
    steps: () => [
        ...start(),
        ...T.tap(GOOD),
        ...T.sees("paid", "6.00"),
        ...T.free(),
        ...T.sent(),
        ...T.noResidue(0),
    ],
});

tours.add("tibillet_double_tap", {
    steps: () => [
        ...start(),
        {
            content: "two identical taps on one basket are one",
            trigger: "body",
            run: () => {
                T.till().simulated.tap(GOOD);
                T.till().simulated.tap(GOOD);
            },
        },
        ...T.free(),
        ...T.sent(),
        ...T.noResidue(0),
    ],
});

tours.add("tibillet_payment_screen", {
    steps: () => [
        ...start(),
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".paymentmethod:contains('TiBillet')", run: "click" },
        ...T.sees("tap_now", "6.00"),
        {
            content: "nobody may declare it paid",
            trigger: ".electronic_payment:not(:has(.send_force_done))",
        },
        ...T.press("leave"),
        { trigger: ".paymentline .send_payment_request:contains('Retry')", run: "click" },
        ...T.sees("tap_now"),
        ...T.tap(GOOD),
        { trigger: ".receipt-screen .tibillet-receipt-left:contains('14.00')" },
        { trigger: ".tibillet-receipt-tail:contains('2345')" },
        ...T.sent(),
        { trigger: ".receipt-screen .button.next", run: "click" },
        { trigger: ".product-screen" },
    ],
});

tours.add("tibillet_dropped_line", {
    steps: () => [
        ...start(),
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".paymentmethod:contains('TiBillet')", run: "click" },
        {
            content: "a smaller amount, so that the order is not finished",
            trigger: ".tibillet-band[data-code='tap_now']",
            run: () => window.posmodel.getOrder().payment_ids[0].setAmount(4),
        },
        ...T.tap(GOOD),
        { trigger: ".electronic_payment:contains('Successful')" },
        { trigger: ".paymentline:contains('4.00') .delete-button", run: "click" },
        { trigger: "body:not(:has(.paymentline))" },
        {
            trigger: "body",
            run: async () => {
                for (let i = 0; T.till().journal.acts.length && i < 50; i++) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        ...T.noResidue(),
    ],
});

tours.add("tibillet_dropped_in_flight", {
    steps: () => [
        ...start(),
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".paymentmethod:contains('TiBillet')", run: "click" },
        ...T.sees("tap_now"),
        {
            content: "the line is taken off while the server is asked",
            trigger: "body",
            run: () => {
                const [line] = window.posmodel.getOrder().payment_ids;
                T.till().simulated.tap(GOOD);
                window.posmodel.getOrder().removePaymentline(line);
            },
        },
        { trigger: "body:not(:has(.paymentline))" },
        ...T.settled(),
        ...T.noResidue(),
    ],
});

tours.add("tibillet_short_then_cash", {
    steps: () => [
        ...start(),
        ...T.tap(SHORT),
        ...T.sees("insufficient_funds", "4.80"),
        ...T.press("cash"),
        { trigger: ".paymentline:contains('TiBillet'):contains('1.20')" },
        { trigger: ".paymentline:contains('Cash'):contains('4.80')" },
        { trigger: ".button.next.validation, .validation-button", run: "click" },
        { trigger: ".receipt-screen" },
        ...T.sent(),
    ],
});

tours.add("tibillet_short_then_other_card", {
    steps: () => [
        ...start(),
        ...T.tap(SHORT),
        ...T.sees("insufficient_funds"),
        ...T.press("other_card"),
        ...T.sees("other_card", "4.80"),
        ...T.tap(GOOD),
        ...T.free(),
        ...T.sent(),
    ],
});

/** Orders do not get through; taps still do. */
function loseOrders() {
    const { data } = window.posmodel;
    const { call } = data;
    data.call = (model, method, ...rest) =>
        method === "sync_from_ui"
            ? Promise.reject(new ConnectionLostError("/web/dataset/call_kw"))
            : call.call(data, model, method, ...rest);
}

tours.add("tibillet_reload_unsent", {
    steps: () => [
        ...start(),
        { trigger: "body", run: loseOrders },
        ...T.tap(GOOD),
        ...T.free(),
        ...T.add("Crisps"),
        ...T.tap(GOOD),
        ...T.free(),
        { trigger: ".tibillet-status[data-reader='look']:contains('To send: 2')" },
        {
            content: "the page is loaded again, the network is back",
            trigger: ".tibillet-status",
            run: () => window.location.reload(),
            expectUnloadPage: true,
        },
        { trigger: ".product-screen" },
        ...T.sent(),
        ...T.settled(),
        ...T.noResidue(0),
    ],
});

tours.add("tibillet_pairing", {
    steps: () => [
        ...T.signIn(),
        { trigger: ".tibillet-status[data-reader='look']:contains('Not paired')", run: "click" },
        { trigger: ".tibillet-code", run: "edit WRONG-CODE1" },
        { trigger: ".tibillet-pair", run: "click" },
        { trigger: ".tibillet-pairing-error" },
        { trigger: ".tibillet-code", run: "edit abcde-fgh12" },
        { trigger: ".tibillet-pair", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".tibillet-status:not(:contains('Not paired'))" },
    ],
});

tours.add("tibillet_locked", {
    steps: () => [
        ...start(),
        { trigger: "body", run: () => window.posmodel.showLoginScreen() },
        { trigger: ".login-overlay" },
        ...T.tap(GOOD),
        ...T.sees("locked"),
        { trigger: ".tibillet-key[data-key='close']", run: "click" },
        { trigger: "body:not(:has(.tibillet-band, .tibillet-page))" },
        ...T.signIn(),
        { trigger: ".orderline:contains('Beer')" },
        ...T.noResidue(),
    ],
});

tours.add("tibillet_minimal_cashier", {
    steps: () => [
        ...start(),
        {
            content: "Odoo works the role out again each time it is asked for",
            trigger: ".product-screen",
            run: () => {
                window.posmodel.getCashier = function () {
                    this.user._role = "minimal";
                    return this.user;
                };
                window.posmodel.getCashier();
            },
        },
        { trigger: ".pay-order-button", run: "click" },
        { trigger: ".paymentmethod:contains('TiBillet')" },
        { trigger: "body:not(:has(.paymentmethod:contains('Slate')))" },
        { trigger: ".payment-screen .button.back, .payment-screen .back-button", run: "click" },
        {
            content: "the drawer is not theirs, nor cards by their number",
            trigger: ".pos-topheader .dropdown-toggle:has(.fa-bars)",
            run: "click",
        },
        {
            trigger:
                ".pos-burger-menu-items:has(.tibillet-why):not(:has(.tibillet-drawer)):not(:has(.tibillet-train))",
        },
    ],
});
