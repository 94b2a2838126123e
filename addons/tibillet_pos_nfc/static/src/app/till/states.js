import { _t } from "@web/core/l10n/translation";

/**
 * What the till says in each state: tone, title, sentence, and the keys that lead out.
 *
 * The title is what happened; the sentence is what was not lost and what to do now.
 * `_t` is called when a state is shown, once the language is loaded.
 */
const PAY_OTHERWISE = ["other_card", "cash", "bank"];

const STATES = {
    card_unknown: () => [
        _t("Unknown card"),
        _t("This card is not known here. Nothing was taken."),
        PAY_OTHERWISE,
    ],
    not_our_card: () => [
        _t("Not one of our cards"),
        _t("This is a phone or a bank card. Nothing was taken: tap the card alone."),
        PAY_OTHERWISE,
    ],
    card_blocked: () => [
        _t("Blocked card"),
        _t("This card is blocked and its money is safe. Nothing was taken."),
        PAY_OTHERWISE,
    ],
    card_lost: () => [
        _t("Card reported lost"),
        _t("Keep this card for its holder: the money on it is safe. Nothing was taken."),
        PAY_OTHERWISE,
    ],
    wallet_frozen: () => [
        _t("Frozen wallet"),
        _t("A manager froze this wallet. Nothing was taken: ask at the desk."),
        PAY_OTHERWISE,
    ],
    asset_not_accepted: () => [
        _t("Not accepted here"),
        _t("What this card holds is not taken here. Nothing was taken."),
        PAY_OTHERWISE,
    ],
    limit_exceeded: () => [
        _t("Limit reached"),
        _t("This is more than the card may move. Nothing was taken."),
        [...PAY_OTHERWISE, "remove"],
    ],
    not_for_this: () => [
        _t("Not for this basket"),
        _t("The money on this card cannot buy one of these goods. Nothing was taken."),
        [...PAY_OTHERWISE, "remove"],
    ],
    age_needed: () => [
        _t("Age to be checked"),
        _t("One of these goods is for adults only. Nothing was taken."),
        ["age_seen", "remove", "close"],
    ],
    not_allowed: () => [_t("Not allowed"), _t("Nothing was taken."), ["close"]],
    rate_limited: () => [
        _t("Too many taps at once"),
        _t("Nothing was taken. Wait a few seconds and tap again."),
        ["close"],
    ],
    hold_expired: () => [
        _t("The payment ran out"),
        _t("The money is back on the card. Tap it again to pay."),
        ["close"],
    ],
    hold_resolved: () => [
        _t("This payment is over"),
        _t("It cannot be used again. Tap the card to pay."),
        ["close"],
    ],
    asset_archived: () => [
        _t("Currency no longer in use"),
        _t("What this card holds has ended. Nothing was taken."),
        PAY_OTHERWISE,
    ],
    key_conflict: () => [
        _t("This tap was counted already"),
        _t("Nothing more was taken. Start the payment again."),
        ["close"],
    ],
    invalid: () => [
        _t("This could not be read"),
        _t("Nothing was taken. Tap the card again."),
        ["close"],
    ],
    order_refused: () => [
        _t("The order was not recorded"),
        _t("The order is kept on this till with its reason. Open it to finish."),
        ["open_order", "close"],
    ],
};

const LOOK_AGAIN = {
    card_act_done: () => [
        _t("This was done all the same"),
        _t("The server had done it when its answer was lost. Look at the card's page."),
        ["close"],
    ],
    two_cards: () => [_t("Two cards"), _t("Nothing was taken. Tap one card at a time."), ["close"]],
    card_withdrawn: () => [
        _t("Card withdrawn too early"),
        _t("Nothing was taken. Leave the card on the reader until the sound."),
        ["close"],
    ],
    reader_unplugged: () => [
        _t("Reader unplugged"),
        _t("The basket is kept. Plug the reader in again; it starts by itself."),
        ["cash", "bank", "close"],
    ],
    bridge_absent: () => [
        _t("Reader program not running"),
        _t("The basket is kept. Start the reader program on this machine, then try again."),
        ["retry_reader", "cash", "bank", "why", "close"],
    ],
    bridge_unpaired: () => [
        _t("The reader is not linked"),
        _t("The basket is kept. Type once the code that the reader program showed."),
        ["pair_reader", "cash", "bank", "why", "close"],
    ],
    permission_asked: () => [
        _t("The browser asks for your permission"),
        _t("The basket is kept. Answer “Allow” at the top of the window: the reader starts."),
        ["cash", "bank", "close"],
    ],
    permission_refused: () => [
        _t("The browser blocks the reader"),
        _t(
            "The basket is kept. Click the padlock beside the address, allow “local network”, then try again."
        ),
        ["retry_reader", "cash", "bank", "why", "close"],
    ],
    nfc_absent: () => [
        _t("This device cannot read cards by itself"),
        _t(
            "The basket is kept. A phone reads cards with Chrome on Android and its NFC chip; elsewhere plug a reader in and change the till's setting."
        ),
        ["cash", "bank", "why", "close"],
    ],
    nfc_touch: () => [
        _t("Touch the screen once"),
        _t("The basket is kept. The browser then asks for your leave to read cards."),
        ["close"],
    ],
    nfc_refused: () => [
        _t("The browser blocks the reader"),
        _t(
            "The basket is kept. Touch the padlock beside the address, allow “NFC”, then try again."
        ),
        ["retry_reader", "cash", "bank", "why", "close"],
    ],
    nfc_off: () => [
        _t("The phone's reader is off"),
        _t("The basket is kept. Switch NFC on in the phone's settings, then try again."),
        ["retry_reader", "cash", "bank", "why", "close"],
    ],
    server_slow: () => [
        _t("The server is slow"),
        _t("Still asking, with the same payment: nothing can be taken twice."),
        [],
    ],
    server_gone: () => [
        _t("The server does not answer"),
        _t("If anything was set aside, it goes back to the card by itself."),
        ["retry", "cash", "bank", "close"],
    ],
    undo_unsent: () => [
        _t("The sale is not undone yet"),
        _t("It has not reached the server. Nothing was changed: try again in a moment."),
        ["close"],
    ],
    undo_unknown: () => [
        _t("The server does not answer"),
        _t("The undo is asked again by itself. Give nothing back before this till says so."),
        ["close"],
    ],
    not_paired: () => [
        _t("This till is not paired"),
        _t("Nothing was taken. A manager pairs the till once, with a code."),
        ["pair", "close"],
    ],
    topup_by_card: () => [
        _t("A top-up is paid with money"),
        _t("A card pays goods only. Nothing was taken: take cash or a bank card."),
        ["cash", "bank", "close"],
    ],
    other_card: () => [_t("Tap the other card"), "", ["cash", "bank", "close"]],
    tap_now: () => [_t("Tap the card"), "", ["leave"]],
};

/** The server knows which of the goods, how much or why: its sentence is shown. */
const SAID_BY_SERVER = [
    "card_act_done",
    "not_allowed",
    "limit_exceeded",
    "order_refused",
    "not_for_this",
    "age_needed",
];

export const REFUSAL_CODES = ["insufficient_funds", ...Object.keys(STATES)];
export const LOOK_CODES = Object.keys(LOOK_AGAIN);

/**
 * @param {string} code of the ledger or of the screen
 * @param {Object} facts what the sentence needs
 * @returns {{code, tone: "no"|"look", title, text, keys: string[]}}
 */
export function describe(code, { missing = "", paid = "", message = "", mayLeave = false } = {}) {
    if (code === "insufficient_funds") {
        return {
            code,
            tone: "no",
            title: _t("%(amount)s is missing", { amount: missing }),
            text: _t("Nothing was taken. Complete with something else, or take goods off."),
            keys: ["other_card", "cash", "bank", "remove"],
        };
    }
    if (code === "partly_paid") {
        return {
            code,
            tone: "look",
            title: _t("%(amount)s still to pay", { amount: missing }),
            text: _t("The card paid %(amount)s, all it had. Complete with something else.", {
                amount: paid,
            }),
            keys: ["other_card", "cash", "bank"],
        };
    }
    const look = code in LOOK_AGAIN;
    const [title, text, keys] = (LOOK_AGAIN[code] || STATES[code] || STATES.not_allowed)();
    const state = { code, tone: look ? "look" : "no", title, text, keys };
    if (SAID_BY_SERVER.includes(code)) {
        state.text = message || text;
    }
    if (code === "server_slow" && mayLeave) {
        state.text = _t("No answer yet. You may leave: what was set aside goes back to the card.");
        state.keys = ["leave"];
    }
    return state;
}

export function keyLabel(key) {
    return {
        other_card: _t("Other card"),
        cash: _t("Cash"),
        bank: _t("Bank card"),
        remove: _t("Take goods off"),
        close: _t("Close"),
        retry: _t("Try again"),
        retry_reader: _t("Try again"),
        leave: _t("Leave"),
        pair: _t("Pair this till"),
        pair_reader: _t("Link the reader"),
        open_order: _t("See the order"),
        receipt: _t("Receipt"),
        why: _t("Why?"),
        undo_now: _t("Undo the sale"),
        age_seen: _t("Age seen"),
    }[key];
}
