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
    staff_card: () => [
        _t("Staff card"),
        _t("Nothing was taken: a staff card pays only when asked."),
        ["pay_anyway", "card_page", "close"],
    ],
    goods_gone: () => [
        _t("No longer sold here"),
        _t("Nothing was taken. Take the article off; the rest of the basket is kept."),
        ["close"],
    ],
    sold_out: () => [
        _t("Sold out"),
        _t("Nothing was taken. Take the article off, or put it back in sale."),
        ["back_in_sale", "remove", "close"],
    ],
    price_below_nothing: () => [
        _t("A price below nothing"),
        _t("Nothing was taken. Correct the discount; the basket is kept."),
        ["close"],
    ],
    price_changed: () => [
        _t("The price has changed"),
        _t("Nothing was taken: choose which price is paid."),
        ["new_price", "keep_price", "close"],
    ],
    never_mixed: () => [
        _t("Not paid with the rest"),
        _t("Nothing was taken. Sell what is priced in minutes or points on its own."),
        ["close"],
    ],
    asset_by_card: () => [
        _t("Paid by a card alone"),
        _t("This basket is priced in no money: tap the card."),
        ["close"],
    ],
    asset_price_changed: () => [
        _t("The price has changed"),
        _t("Nothing was taken. Load the page again."),
        ["reload", "close"],
    ],
    happy_over: () => [
        _t("The happy hour is over"),
        _t("Nothing was taken and the basket is kept: take the usual prices."),
        ["usual_price", "close"],
    ],
    till_closed: () => [
        _t("The session was closed"),
        _t("Nothing was taken and the basket is kept. Load the page again to open a new one."),
        ["reload", "close"],
    ],
    till_closed_unsent: () => [
        _t("The session was closed"),
        _t("The sale is kept on this till: it goes by itself once the till is open again."),
        ["reload", "close"],
    ],
    clock_off: () => [
        _t("This till's clock is wrong"),
        _t("Sales bear the server's time. Set the date and time of this machine."),
        ["close"],
    ],
    given_up: () => [
        _t("Everything is given back"),
        _t("The cards have their money again and the basket is kept."),
        ["close"],
    ],
    given_up_later: () => [
        _t("Given up, the server is away"),
        _t("The basket is kept. The cards get their money back by themselves, in five minutes."),
        ["close"],
    ],
    closed_meanwhile: () => [
        _t("The page was closed before the end"),
        _t("What the cards had set aside is back on them. The basket is kept: tap them again."),
        ["close"],
    ],
    look_now: () => [_t("Tap the card to look at"), _t("Nothing will be taken."), ["leave"]],
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
    locked: () => [
        _t("This till is locked"),
        _t("Nothing was taken. Say who is at the till, then tap again."),
        ["close"],
    ],
    topup_by_card: () => [
        _t("A top-up is paid with money"),
        _t("A card pays goods only. Nothing was taken: take cash or a bank card."),
        ["cash", "bank", "close"],
    ],
    other_card: () => [_t("Tap the next card"), "", ["cash", "bank", "give_up"]],
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
    "invalid",
    "goods_gone",
    "sold_out",
    "price_below_nothing",
    "price_changed",
    "happy_over",
    "never_mixed",
    "asset_by_card",
    "asset_price_changed",
    "till_closed",
];

/** Keys of a refusal while others have paid a part: it is completed, or given up whole. */
export function withGivingUp(keys) {
    return [...new Set(["other_card", ...keys.filter((key) => key !== "close"), "give_up"])];
}

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
            keys: ["other_card", "cash", "bank", "give_up"],
        };
    }
    const look = code in LOOK_AGAIN;
    const [title, text, keys] = (LOOK_AGAIN[code] || STATES[code] || STATES.not_allowed)();
    const state = { code, tone: look ? "look" : "no", title, text, keys };
    if (SAID_BY_SERVER.includes(code)) {
        state.text = message || text;
    }
    if (code === "given_up" && paid) {
        state.title = _t("%(amount)s given back", { amount: paid });
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
        give_up: _t("Give up"),
        pay_anyway: _t("Pay with it"),
        card_page: _t("Look at the card"),
        new_price: _t("New price"),
        keep_price: _t("Former price"),
        usual_price: _t("Usual prices"),
        reload: _t("Load again"),
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
        back_in_sale: _t("Back in sale"),
    }[key];
}
