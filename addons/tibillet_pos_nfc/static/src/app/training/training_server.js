import { _t } from "@web/core/l10n/translation";

/** What each practice card begins with, in hundredths, whose it is, whether it is refused. */
const CARDS = [
    { uid: "04F00000000001", start: 2000 },
    { uid: "04F00000000002", start: 5000, isMember: true },
    { uid: "04F00000000003", start: 100 },
    { uid: "04F00000000004", start: 2000, refusal: "card_blocked" },
    { uid: "04F00000000005", start: 2000, refusal: "card_lost" },
];
const START = 2000;

/**
 * Stands in for the server while a cashier practises: answers taps in the server's own words,
 * with money that exists in this page only. Any card may be tapped; none is ever touched.
 */
export class TrainingServer {
    /**
     * @param {Object} parts
     * @param {number} parts.decimals of the till's currency
     * @param {(productIds: number[], seen: {age: boolean, isMember: boolean}) => Object|null}
     *     [parts.lawRefusal] the law of the goods, as the till's own screen knows it
     * @param {(isMember: boolean) => {id: number, name: string}|null} [parts.listFor] what a
     *     card opens
     * @param {(uuid: string) => Array<{key: string, amount: string, method: string,
     *     isCash: boolean}>} [parts.paymentsOf] an order of this page
     */
    constructor({
        decimals,
        lawRefusal = () => null,
        listFor = () => null,
        paymentsOf = () => [],
    }) {
        Object.assign(this, { decimals, lawRefusal, listFor, paymentsOf });
        this.balances = new Map();
        this.holds = new Map();
        this.undone = new Map();
    }

    /** The cards of the practice drawer. */
    get cards() {
        return CARDS.map((card, index) => ({
            uid: card.uid,
            name: nameOf(card, index + 1),
            left_minor: this.left(card.uid),
        }));
    }

    left(uid) {
        if (!this.balances.has(uid)) {
            const start = CARDS.find((card) => card.uid === uid)?.start ?? START;
            this.balances.set(uid, Math.round((start * 10 ** this.decimals) / 100));
        }
        return this.balances.get(uid);
    }

    /** One RPC of the till: same names, same order of arguments, same answers. */
    async call(method, args) {
        const acts = {
            tibillet_lookup: ([, uid]) => this.lookup(uid),
            tibillet_hold: ([, , key, uid, lines, upTo, facts]) =>
                this.hold(key, uid, lines, upTo, facts || {}),
            tibillet_renew: ([, keys]) => ({ ok: true, code: "renewed", renewed: keys, lost: [] }),
            tibillet_void: ([, , key]) => this.void(key),
            tibillet_release: ([, given]) => this.release(given),
            tibillet_card_page: ([, uid]) => this.cardPage(uid),
            tibillet_undo: ([, , key, order]) => this.undo(key, order),
        };
        return acts[method] ? acts[method](args) : refusal("not_allowed");
    }

    lookup(uid) {
        const refused = CARDS.find((card) => card.uid === uid)?.refusal;
        return refused ? refusal(refused) : { ok: true, code: "card", ...this.describe(uid) };
    }

    hold(key, uid, lines, upTo, facts = {}) {
        const known = this.holds.get(key);
        if (known) {
            return known.answer;
        }
        const seen = this.lookup(uid);
        const refused = seen.ok ? this.refusedBy(uid, facts) : seen;
        if (refused) {
            return refused;
        }
        return this.take(key, uid, lines, upTo, facts);
    }

    /** What the server answers before any money is looked at: prices first, then the law. */
    refusedBy(uid, { reprice, pricelist_id: at, product_ids: sold = [], age_seen: age }) {
        const isMember = Boolean(CARDS.find((card) => card.uid === uid)?.isMember);
        const list = reprice && this.listFor(isMember);
        if (list && list.id !== at) {
            const message = _t("This card opens the prices of “%s”.", list.name);
            return { ok: false, code: "other_prices", message, pricelist_id: list.id };
        }
        return this.lawRefusal(sold, { age: Boolean(age), isMember });
    }

    take(key, uid, lines, upTo, { also = [], elsewhere_minor: elsewhere = 0 }) {
        const total = lines.reduce((sum, line) => sum + line.amount_minor, 0);
        const paid = also.reduce((sum, other) => sum + (this.holds.get(other)?.asked || 0), 0);
        const due = Math.max(0, total - paid - elsewhere);
        const left = this.left(uid);
        let asked = total > 0 ? Math.min(upTo ?? due, due) : total;
        if (asked > left && (upTo === null || upTo === undefined || !left)) {
            return {
                ...refusal("insufficient_funds"),
                missing_minor: asked - left,
                rest_minor: due,
            };
        }
        asked = Math.min(asked, left); // of an amount, as much as there is

        this.balances.set(uid, this.left(uid) - asked);
        const answer = {
            ok: true,
            code: asked < 0 ? "back" : "held",
            message: "",
            amount_minor: asked,
            missing_minor: Math.max(0, total - asked),
            rest_minor: Math.max(0, due - asked),
            split: [this.describeAmount(Math.abs(asked))],
            expires_at: "",
            ...this.describe(uid),
        };
        if (asked < 0) {
            answer.left_minor += asked; // as the server's: what is promised back is not there yet
        }
        this.holds.set(key, { uid, asked, answer });
        return answer;
    }

    void(key) {
        const known = this.holds.get(key);
        if (known) {
            this.balances.set(known.uid, this.left(known.uid) + known.asked);
            this.holds.delete(key);
        }
        return { ok: true, code: "voided", message: "" };
    }

    /** An order of this page: its cards have their practice money back, the rest is told. */
    undo(key, order) {
        const before = this.undone.get(order);
        if (before) {
            return before.key === key ? before.answer : refusal("undone_before");
        }
        const payments = this.paymentsOf(order);
        if (!payments.length) {
            return refusal("not_allowed");
        }
        const back = payments.map((payment) => this.holds.get(payment.key)?.asked || 0);
        payments.forEach((payment) => this.void(payment.key));
        const total = back.reduce((sum, asked) => sum + asked, 0);
        const answer = {
            ok: true,
            code: "undone",
            message: total ? _t("Practice money is back on the card.") : "",
            split: total ? [this.describeAmount(total)] : [],
            todo: payments
                .filter((_payment, index) => !back[index])
                .map(({ amount, method, isCash }) =>
                    isCash
                        ? _t("Take %s from the drawer and give it back.", amount)
                        : _t(
                              "Give %(amount)s back on the terminal of “%(method)s”: this screen does not do it.",
                              { amount, method }
                          )
                ),
        };
        this.undone.set(order, { key, answer });
        return answer;
    }

    release(given) {
        given.forEach(({ key }) => this.void(key));
        return { ok: true, code: "released", message: "", kept: [] };
    }

    cardPage(uid) {
        const seen = this.lookup(uid);
        return seen.ok
            ? {
                  ...seen,
                  card: {
                      ...seen.card,
                      holder: "",
                      look: "yes",
                      sentence: _t("Practice card: nothing is written."),
                  },
                  balances: seen.left.map((row) => ({ ...row, held_minor: 0 })),
                  asleep: [],
                  loads: [],
                  gifts: [],
                  may: {},
              }
            : seen;
    }

    describe(uid) {
        const amount = this.describeAmount(this.left(uid));
        return {
            card: { id: 0, tail: uid.slice(-4), state: "anonymous", named: false },
            left: [amount],
            left_minor: amount.value_minor,
            rights: [],
            notice: false,
        };
    }

    describeAmount(minor) {
        return {
            asset: "training",
            name: _t("Practice money"),
            unit: "",
            scale: this.decimals,
            amount_minor: minor,
            value_minor: minor,
        };
    }
}

function nameOf({ refusal: refused, isMember }, number) {
    if (refused) {
        return _t("Practice card %(number)s, refused", { number });
    }
    return isMember
        ? _t("Practice card %(number)s, of a member", { number })
        : _t("Practice card %(number)s", { number });
}

function refusal(code) {
    const sentences = {
        not_allowed: notInTraining,
        undone_before: () => _t("This sale was undone before."),
    };
    return { ok: false, code, message: sentences[code]?.() || "" };
}

/** @returns {string} why something does not happen */
export function notInTraining() {
    return _t("This till is in training: nothing is written. Leave training to do this.");
}
