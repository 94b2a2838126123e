import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { giftsTold } from "@tibillet_pos_nfc/app/gift/gifts";
import { offersTold } from "@tibillet_pos_nfc/app/loyal/offers";
import { pointsTold } from "@tibillet_pos_nfc/app/loyal/points";
import { orderBasket } from "./basket";
import { describe, withGivingUp } from "./states";
import { failed } from "./till_client";
import { isWallet } from "./wallet_method";

/** Whether a card may have paid although no yes has come: then it is taken back. */
export function isUnknown({ code, unnumbered, repeated }) {
    return ["server_slow", "server_gone"].includes(code) || Boolean(unnumbered && repeated);
}

/** An answer older than this may be of a hold that has run out. */
const ASLEEP_MS = 240000;

/**
 * One tap, one question to the server: may this card pay this line?
 *
 * Nothing here decides what a card may pay. On yes the line says what paid it; on no the order is
 * as it was and the band says why; without an answer the question itself is taken back.
 */
export class TapHold {
    /** What the last card paid of an order that several pay. */
    told = "";

    /**
     * @param {Object} parts
     * @param {{busy: boolean}} parts.state
     * @param {import("./device_journal").DeviceJournal} parts.journal
     * @param {import("./till_client").TillClient} parts.client
     * @param {import("./tap_gate").TapGate} parts.gate
     * @param {import("./till_band").TillBand} parts.band
     * @param {import("./till_money").TillMoney} parts.money
     * @param {import("./till_pairing").TillPairing} parts.pairing
     * @param {import("./hold_keeper").HoldKeeper} parts.holds
     * @param {import("../law/law").Law} [parts.law] what the law of the goods asks of the till
     * @param {import("../law/prices").Prices} [parts.prices] what a card lowers
     * @param {import("../tap/till_clock").TillClock} [parts.clock]
     * @param {import("../stock/stock").Stock} [parts.stock] since when goods are in the basket
     */
    constructor(parts) {
        const { state, journal, client, gate, band, money, pairing, holds } = parts;
        const { law = null, prices = null, clock = null, stock = null } = parts;
        this.stock = stock;
        this.clock = clock;
        this.state = state;
        this.journal = journal;
        this.client = client;
        this.gate = gate;
        this.band = band;
        this.money = money;
        this.pairing = pairing;
        this.holds = holds;
        this.law = law;
        this.prices = prices;
        this.leaving = null;
    }

    /**
     * Set the line's amount aside on the card.
     *
     * @param {{direct?: boolean, upTo?: number|null}} [how] from the product screen; at most this
     * @returns {Promise<boolean>} whether the card paid the line
     */
    async take(order, line, uid, how = {}) {
        if (!this.fits(order, line)) {
            return false;
        }
        const { direct = false, upTo = null, completes = false, kept = false } = how;
        const { asked: wanted = !direct || completes, asksPrices = true } = how;
        const lines = orderBasket(order, this.money.decimals);
        const total = lines.reduce((sum, item) => sum + item.amount_minor, 0);
        const asked = upTo ?? this.money.toMinor(line.getAmount());
        this.holds.drop(line); // what a former try of this line still holds goes back first
        const act = this.journal.allot("hold", uuidv4(), { order: order.uuid });
        line.update({ transaction_id: act.key, tibillet_device_id: this.pairing.device });
        line.setPaymentStatus("waiting");
        const facts = {
            ...this.law?.facts(order),
            ...this.stock?.facts(order),
            ...(asksPrices && this.prices?.facts(order)),
            asked: wanted,
            kept,
            ...this.others(order, line),
        };
        const request = { uid, lines, upTo: asked === total ? null : Math.abs(asked), facts };
        const context = { order, line, uid, direct, asked, completes, how, facts, lines };
        const answer = await this.ask(act, request);
        if (!order.payment_ids.includes(line)) {
            // taken off while the server was asked: what it set aside goes back
            this.journal.answered(act.seq, answer);
            if (answer.ok) {
                this.holds.giveUp(act.key);
            }
            this.band.close();
            return false;
        }
        if (answer.code === "other_prices") {
            this.journal.settle(act.seq);
            const lists = answer.pricelist_ids || [answer.pricelist_id];
            return this.takeAtOtherPrices(context, lists, asked === total, upTo);
        }
        if (answer.ok) {
            this.granted(context, act, answer);
            return true;
        }
        this.refused(context, act, answer);
        return false;
    }

    /** The card lowers the prices: the basket shows it, then the same card is asked for that. */
    takeAtOtherPrices({ order, line, uid, how }, listIds, whole, upTo) {
        line.update({ transaction_id: "", tibillet_device_id: undefined });
        line.setPaymentStatus("pending");
        this.prices.apply(order, listIds);
        if (whole || line.getAmount() > order.totalDue) {
            line.setAmount(order.totalDue);
        }
        const most = upTo === null ? null : Math.min(upTo, this.money.toMinor(order.totalDue));
        return this.take(order, line, uid, { ...how, upTo: most, asksPrices: false });
    }

    /** What else pays this order: keys of our cards, and the sum of everything else. */
    others(order, line) {
        const done = order.payment_ids.filter((other) => other !== line && other.isDone());
        const ours = done.filter(
            (other) =>
                isWallet(other.payment_method_id) && other.amount > 0 && this.holds.isOurs(other)
        );
        const elsewhere = done
            .filter((paid) => !ours.includes(paid))
            .reduce((sum, paid) => sum + this.money.toMinor(paid.getAmount()), 0);
        return {
            also: ours.map((paid) => paid.transaction_id),
            // money pays what goes onto a card first: no card may
            elsewhere_minor: Math.max(0, elsewhere - this.money.toMinor(order.tibilletTopUps || 0)),
        };
    }

    /** A card pays goods: the line is lowered to them; a top-up alone is paid with money. */
    fits(order, line) {
        if (!order.tibilletTopUps || line.getAmount() <= 0) {
            return true;
        }
        const most = order.tibilletCardDue(line);
        if (most <= 0) {
            line.setPaymentStatus("retry");
            this.gate.forget();
            this.band.show({ ...describe("topup_by_card"), context: { order, missingMinor: 0 } });
            return false;
        }
        if (line.getAmount() > most) {
            line.setAmount(most);
        }
        return true;
    }

    async ask(act, request) {
        this.state.busy = true;
        const left = new Promise((resolve) => (this.leaving = resolve));
        const asked = Date.now();
        try {
            const answer = await this.client.hold(this.journal.credential, act, request, {
                left,
                onWait: (code) =>
                    this.band.show(describe("server_slow", { mayLeave: code === "may_leave" })),
            });
            const late = answer.ok && Date.now() - asked > ASLEEP_MS;
            if (!late) {
                this.clock?.learn(answer.now_ms, asked);
                return answer;
            }
            // The machine slept on the answer: whether it still holds, the server says.
            const again = await this.client.hold(this.journal.credential, act, request, { left });
            return { ...again, repeated: true };
        } catch (error) {
            return failed(error);
        } finally {
            this.state.busy = false;
            this.leaving = null;
        }
    }

    /** @returns {boolean} whether there was a question that the cashier could leave */
    leave() {
        const { leaving } = this;
        leaving?.();
        return Boolean(leaving);
    }

    granted({ line, order, asked, direct, completes, facts, lines }, act, answer) {
        this.journal.settle(act.seq);
        if (this.journal.pending("void").length) {
            this.holds.settle(); // the server answers again: tell it what was given up meanwhile
        }
        line.setAmount(this.money.fromMinor(answer.amount_minor));
        line.setPaymentStatus("done");
        order.uiState.tibilletLawful = String(facts?.product_ids ?? ""); // asked, and granted
        line.update({ card_no: answer.card.tail, card_type: "TiBillet" });
        line.can_be_reversed = false;
        // What is promised back comes to the card with its order: the receipt counts it in.
        const leftMinor = answer.left_minor - Math.min(0, answer.amount_minor);
        order.uiState.tibillet = {
            ...(order.uiState.tibillet || {}),
            [line.uuid]: {
                tail: answer.card.tail,
                split: answer.split,
                left: answer.left,
                leftMinor,
                earned: answer.earned || [],
                ...giftsTold(order, line, lines, answer),
            },
        };
        const missingMinor = Math.abs(asked) - Math.abs(answer.amount_minor);
        const restMinor = answer.rest_minor ?? Math.max(0, missingMinor);
        if (completes && restMinor > 0) {
            this.told = this.toldOf(answer, missingMinor);
            this.band.sounds.play(missingMinor > 0 ? "look" : "yes");
            return;
        }
        if (missingMinor > 0) {
            this.band.show({
                ...describe("partly_paid", {
                    missing: this.money.formatMinor(restMinor || missingMinor),
                    paid: this.money.formatMinor(answer.amount_minor),
                }),
                context: { order, direct, missingMinor: 0 },
            });
            return;
        }
        this.band.show({
            ...this.yes(asked < 0, Math.abs(answer.amount_minor)),
            left: this.money.formatMinor(leftMinor),
            split: answer.split.length > 1 ? answer.split : [],
            rights: answer.rights,
            points: [pointsTold(answer.earned), offersTold(answer.offers)]
                .filter(Boolean)
                .join(" · "),
            text: this.priceTold(order),
            keys: [],
            orderUuid: order.uuid,
        });
    }

    priceTold(order) {
        const told = this.prices?.told(order);
        return told ? _t("%(list)s: %(after)s instead of %(before)s", told) : "";
    }

    /** What the completion says of the card that just paid a part. */
    toldOf(answer, missingMinor) {
        const facts = {
            tail: answer.card.tail,
            amount: this.money.formatMinor(answer.amount_minor),
        };
        return missingMinor > 0
            ? _t("Card ···%(tail)s paid %(amount)s, all it had.", facts)
            : _t("Card ···%(tail)s paid %(amount)s.", facts);
    }

    yes(back, amountMinor) {
        const amount = this.money.formatMinor(amountMinor);
        return back
            ? { code: "back", tone: "yes", title: _t("Given back %(amount)s", { amount }) }
            : { code: "paid", tone: "yes", title: _t("Paid %(amount)s", { amount }) };
    }

    refused(context, act, answer) {
        const { order, line } = context;
        if (isUnknown(answer)) {
            this.holds.giveUp(act.key);
        } else {
            this.journal.answered(act.seq, answer);
        }
        if (answer.code !== "insufficient_funds") {
            this.gate.forget();
        }
        line.update({ transaction_id: "", tibillet_device_id: undefined });
        line.setPaymentStatus("retry");
        this.prices?.restore(order);
        line.tibillet_reason = answer.message || "";
        if (answer.unpaired) {
            this.pairing.unpair();
            this.band.show(describe("not_paired"));
            return;
        }
        if (answer.left) {
            this.band.close();
            return;
        }
        const missingMinor = answer.missing_minor || 0;
        const said = describe(answer.why || answer.code, {
            missing: this.money.formatMinor(missingMinor),
            message: answer.message,
        });
        this.band.show({
            ...said,
            keys: order.tibilletHeld > 0 ? withGivingUp(said.keys) : said.keys,
            context: {
                ...context,
                missingMinor: answer.code === "insufficient_funds" ? missingMinor : 0,
                templateIds: answer.template_ids,
            },
        });
    }
}
