import { _t } from "@web/core/l10n/translation";

/** What each practice card begins with, in hundredths, and whether it is refused. */
const CARDS = [
    { uid: "04F00000000001", start: 2000 },
    { uid: "04F00000000002", start: 5000 },
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
     * @param {{decimals: number}} money of the till's currency
     */
    constructor({ decimals }) {
        this.decimals = decimals;
        this.balances = new Map();
        this.holds = new Map();
    }

    /** The cards of the practice drawer. */
    get cards() {
        return CARDS.map(({ uid, refusal: refused }, index) => ({
            uid,
            name: refused
                ? _t("Practice card %(number)s, refused", { number: index + 1 })
                : _t("Practice card %(number)s", { number: index + 1 }),
            left_minor: this.left(uid),
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
        };
        return acts[method] ? acts[method](args) : refusal("not_allowed");
    }

    lookup(uid) {
        const refused = CARDS.find((card) => card.uid === uid)?.refusal;
        return refused ? refusal(refused) : { ok: true, code: "card", ...this.describe(uid) };
    }

    hold(key, uid, lines, upTo, { also = [], elsewhere_minor: elsewhere = 0 } = {}) {
        const known = this.holds.get(key);
        if (known) {
            return known.answer;
        }
        const seen = this.lookup(uid);
        if (!seen.ok) {
            return seen;
        }
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

function refusal(code) {
    return { ok: false, code, message: code === "not_allowed" ? notInTraining() : "" };
}

/** @returns {string} why something does not happen */
export function notInTraining() {
    return _t("This till is in training: nothing is written. Leave training to do this.");
}
