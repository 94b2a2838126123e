import { advanceTime, describe, expect, test } from "@odoo/hoot";
import { nextAmount, typeKey } from "@tibillet_pos_nfc/app/tap/amount_typed";
import { Completion } from "@tibillet_pos_nfc/app/tap/completion";
import { CustomerSide, TOLD_MS, cardActTold } from "@tibillet_pos_nfc/app/tap/customer_side";
import { Leaving, LEAVE_ROUTE } from "@tibillet_pos_nfc/app/tap/leaving";
import { TillClock } from "@tibillet_pos_nfc/app/tap/till_clock";
import { LookKey } from "@tibillet_pos_nfc/app/tap/look_key";
import { HoldKeeper } from "@tibillet_pos_nfc/app/till/hold_keeper";
import { TapHold } from "@tibillet_pos_nfc/app/till/tap_hold";
import { TapPayment } from "@tibillet_pos_nfc/app/till/tap_payment";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { BANK, CARDS, CASH, granted, makeParts, Order } from "../till/helpers";

const typed = (keys, decimals = 2) =>
    [...keys].reduce((text, key) => typeKey(text, key, decimals), "");

describe("an amount typed", () => {
    test("figures, one decimal sign, as many decimals as the currency has", () => {
        expect(typed("12")).toBe("12");
        expect(typed("12,5")).toBe("12.5");
        expect(typed("12,3456")).toBe("12.34");
        expect(typed("1,2,3")).toBe("1.23");
        expect(typed(",5")).toBe("0.5");
        expect(typed("007")).toBe("7");
        expect(typed("x7 -")).toBe("7");
        expect(typed("9".repeat(20))).toHaveLength(9);
    });

    test("a currency without decimals has no decimal sign", () => {
        expect(typed("12,5", 0)).toBe("125");
    });

    test("the last figure is erased; the rest is asked for again", () => {
        expect(typeKey("12.3", "back", 2)).toBe("12.");
        expect(typeKey("", "back", 2)).toBe("");
        expect(typeKey("12.3", "rest", 2)).toBe("");
    });

    test("never more than what is missing; nothing typed is the rest", () => {
        expect(nextAmount("10", 3400, 2)).toBe(1000);
        expect(nextAmount("100", 3400, 2)).toBe(3400);
        expect(nextAmount("", 3400, 2)).toBe(3400);
        expect(nextAmount("0.", 3400, 2)).toBe(3400);
        expect(nextAmount("4.35", 3400, 2)).toBe(435);
    });
});

/** A till with an order of 34.00 and a server that grants what a card has. */
function makeRound({ has = {}, release = () => ({ ok: true }) } = {}) {
    allowTranslations();
    const order = new Order({ price: 34 });
    const parts = makeParts({
        hold: (_credential, _act, { uid, upTo, lines, facts: how }) => {
            const total = lines.reduce((sum, line) => sum + line.amount_minor, 0);
            const paid = order.payment_ids
                .filter((line) => how.also.includes(line.transaction_id))
                .reduce((sum, line) => sum + Math.round(line.amount * 100), 0);
            const rest = total - paid - how.elsewhere_minor;
            const taken = Math.min(upTo ?? rest, has[uid] ?? 0);
            return taken
                ? { ...granted(taken), card: { tail: uid.slice(-4) }, rest_minor: rest - taken }
                : { ok: false, code: "insufficient_funds", missing_minor: upTo, rest_minor: rest };
        },
        release,
    });
    parts.order = order;
    parts.holds = new HoldKeeper({ ...parts, orders: () => [order], settle: () => {} });
    const remove = order.removePaymentline.bind(order);
    order.removePaymentline = (line) => {
        parts.holds.drop(line);
        remove(line);
    };
    parts.hold = new TapHold(parts);
    parts.pos = {
        config: { payment_method_ids: [CARDS, CASH, BANK] },
        navigate: (screen) => expect.step(screen),
    };
    parts.payment = new TapPayment({ ...parts, method: () => CARDS, finish: () => {} });
    parts.completion = new Completion({
        ...parts,
        finish: async () => expect.step("till is free"),
    });
    return parts;
}
const paid = ({ order }) =>
    order.payment_ids.map((line) => [line.payment_method_id.type, line.amount]);

describe("one order paid by several", () => {
    test("cards for an amount or the rest, and cash, until nothing is missing", async () => {
        const till = makeRound({ has: { AAAA: 2000, BBBB: 700, CCCC: 5000 } });
        const { completion, band, payment } = till;
        completion.open({ order: till.order, direct: true });
        expect([band.shown.code, band.shown.amount]).toEqual(["other_card", "34.00 €"]);
        for (const key of "10") {
            completion.type(key);
        }
        expect([band.shown.amount, band.shown.next]).toEqual(["34.00 €", "10.00 €"]);
        await payment.waiting.onCard("AAAA", 1000);
        expect([band.shown.amount, band.shown.next]).toEqual(["24.00 €", ""]);
        expect(band.shown.text).toBe("Card ···AAAA paid 10.00 €.");
        await payment.waiting.onCard("BBBB", 2000);
        expect([band.shown.amount, band.shown.text]).toEqual([
            "17.00 €",
            "Card ···BBBB paid 7.00 €, all it had.",
        ]);
        completion.type("6");
        expect(completion.payPart("cash", till.order)).toBe(true);
        till.order.payment_ids.at(-1).payment_status = "done"; // Odoo's cash has no status
        completion.open({ order: till.order, direct: true });
        expect(band.shown.amount).toBe("11.00 €");
        expect(band.shown.paid.map((part) => part.amount)).toEqual(["10.00 €", "7.00 €", "6.00 €"]);
        await payment.waiting.onCard("CCCC", 3000);
        expect(paid(till)).toEqual([
            ["pay_later", 10],
            ["pay_later", 7],
            ["cash", 6],
            ["pay_later", 11],
        ]);
        expect.verifySteps(["till is free"]);
        expect([completion.context, payment.waiting]).toEqual([null, null]);
        const asked = till.asked
            .filter(([name]) => name === "hold")
            .map(([, , , request]) => request);
        expect(asked.map(({ upTo }) => upTo)).toEqual([1000, 2400, 1100]);
        expect(asked.map(({ facts }) => [facts.also.length, facts.elsewhere_minor])).toEqual([
            [0, 0],
            [1, 0],
            [2, 600],
        ]);
        expect(till.sounds.played).toEqual(["yes", "look", "yes"]);
    });

    test("given up: one request, no line left, and it is said", async () => {
        const till = makeRound({ has: { AAAA: 1000, BBBB: 1000 } });
        till.completion.open({ order: till.order, direct: true });
        await till.payment.waiting.onCard("AAAA", 1000);
        await till.payment.waiting.onCard("BBBB", 2000);
        await till.completion.giveUp({ order: till.order, direct: true });
        const [[, , acts], ...more] = till.asked.filter(([name]) => name === "release");
        expect([acts.length, more.length]).toEqual([2, 0]);
        expect([paid(till), till.journal.acts]).toEqual([[], []]);
        expect([till.band.shown.code, till.band.shown.title]).toEqual([
            "given_up",
            "20.00 € given back",
        ]);
        expect.verifySteps(["ProductScreen"]);
    });

    test("given up out of touch: the acts are kept, the cashier waits a second", async () => {
        const till = makeRound({ has: { AAAA: 1000 }, release: () => new Promise(() => {}) });
        till.completion.open({ order: till.order, direct: false });
        await till.payment.waiting.onCard("AAAA", 1000);
        const given = till.completion.giveUp({ order: till.order, direct: false });
        await advanceTime(1000);
        await given;
        expect(till.band.shown.code).toBe("given_up_later");
        expect(till.journal.pending("void")).toHaveLength(1);
        expect(paid(till)).toEqual([]);
    });

    test("what a server has not taken in is told again, not forgotten", async () => {
        let limited = true;
        const till = makeRound({
            has: { AAAA: 1000 },
            release: () => (limited ? { ok: false, code: "rate_limited" } : { ok: true }),
        });
        till.completion.open({ order: till.order });
        await till.payment.waiting.onCard("AAAA", 1000);
        await till.completion.giveUp({ order: till.order });
        expect(till.journal.pending("void")).toHaveLength(1);
        limited = false;
        expect(await till.holds.settleVoids()).toBe(true);
        expect(till.journal.acts).toEqual([]);
    });

    test("a card with nothing on it leaves what others have paid", async () => {
        const till = makeRound({ has: { AAAA: 1000 } });
        till.completion.open({ order: till.order });
        await till.payment.waiting.onCard("AAAA", 1000);
        await till.payment.waiting.onCard("DEAD", 2000);
        expect(paid(till)).toEqual([["pay_later", 10]]);
        expect(till.band.shown.code).toBe("insufficient_funds");
        expect([...till.band.shown.keys]).toEqual([
            "other_card",
            "cash",
            "bank",
            "remove",
            "give_up",
        ]);
    });

    test("another order on the screen: the next card is not for this one", async () => {
        const till = makeRound({ has: { AAAA: 1000 } });
        till.completion.open({ order: till.order });
        till.completion.keepFor(till.order);
        expect(till.payment.waiting).not.toBe(null);
        till.completion.keepFor(new Order({ uuid: "another" }));
        expect([till.completion.context, till.payment.waiting]).toEqual([null, null]);
    });

    test("two identical taps within five seconds are one", async () => {
        const till = makeRound({ has: { AAAA: 3000 } });
        till.completion.open({ order: till.order });
        till.completion.type("5");
        await till.payment.waiting.onCard("AAAA", 1000);
        till.completion.type("5");
        await till.payment.waiting.onCard("AAAA", 5999);
        expect(paid(till)).toEqual([["pay_later", 5]]);
        await till.payment.waiting.onCard("AAAA", 6000);
        expect(paid(till)).toEqual([
            ["pay_later", 5],
            ["pay_later", 5],
        ]);
    });
});

describe("the page is closed", () => {
    function makeLeaving() {
        const till = makeRound({ has: { AAAA: 1000 } });
        const orders = [till.order];
        const leaving = new Leaving({
            ...till,
            orders: () => orders,
            session: () => 12,
            beacon: (url, body) => expect.step([url, JSON.parse(body)]),
        });
        return { ...till, orders, leaving };
    }

    test("what cards have set aside is given back with the last word", async () => {
        const { order, leaving, completion, payment, journal } = makeLeaving();
        completion.open({ order });
        await payment.waiting.onCard("AAAA", 1000);
        const key = order.payment_ids[0].transaction_id;
        leaving.leave();
        const told = { session: 12, device: "3.secret", acts: [{ seq: 2, key }] };
        expect.verifySteps([[LEAVE_ROUTE, told]]);
        expect(journal.pending("void")).toHaveLength(1);
        order.payment_ids[0].pos_order_id = order;
        expect(leaving.forgetLines()).toBe(true);
        expect(order.payment_ids).toEqual([]);
        expect(leaving.forgetLines()).toBe(false);
    });

    test("a question without answer too; a paid order and a table's bill keep theirs", async () => {
        const { order, orders, leaving, completion, payment, journal } = makeLeaving();
        completion.open({ order });
        await payment.waiting.onCard("AAAA", 1000);
        order.finalized = true;
        leaving.leave();
        order.finalized = false;
        order.table_id = { id: 1 };
        leaving.leave();
        expect.verifySteps([]);
        orders.length = 0;
        const { seq } = journal.allot("hold", "asked");
        leaving.leave();
        const acts = [{ seq: seq + 1, key: "asked" }];
        expect.verifySteps([[LEAVE_ROUTE, { session: 12, device: "3.secret", acts }]]);
    });
});

describe("the key to look at a card", () => {
    function press(target, key, more = {}) {
        target.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true, ...more }));
    }

    test("the next card is looked at, once", () => {
        const till = makeRound();
        const lookKey = new LookKey(till);
        const target = new EventTarget();
        lookKey.start(target);
        press(target, "F3");
        press(target, "F2", { ctrlKey: true });
        expect(lookKey.takes()).toBe(false);
        press(target, "F2");
        expect(till.band.shown.code).toBe("look_now");
        expect([lookKey.takes(), lookKey.takes()]).toEqual([true, false]);
        press(target, "F2");
        lookKey.forget();
        expect(lookKey.takes()).toBe(false);
    });

    test("a locked till looks at no card", () => {
        const till = makeRound();
        const lookKey = new LookKey(till);
        till.isLocked = true;
        lookKey.press();
        expect([till.band.shown.code, lookKey.takes()]).toEqual(["locked", false]);
        till.isLocked = false;
        lookKey.press();
        expect([till.band.shown.code, lookKey.takes()]).toEqual(["look_now", true]);
    });

    test("not while a card is asked, nor by a till that is not paired", () => {
        const till = makeRound();
        const lookKey = new LookKey(till);
        till.state.busy = true;
        lookKey.press();
        expect([till.band.shown, lookKey.takes()]).toEqual([null, false]);
        till.state.busy = false;
        till.pairing.unpair();
        lookKey.press();
        expect([till.band.shown.code, lookKey.takes()]).toEqual(["not_paired", false]);
    });
});

describe("the customer's side", () => {
    function makeSide() {
        const told = [];
        let uuid = "one";
        const side = new CustomerSide({
            post: ({ tibillet }) => told.push(tibillet),
            send: () => Promise.reject(new Error("no display")),
            orderUuid: () => uuid,
        });
        return { side, told, go: (next) => (uuid = next) };
    }

    test("the amount before, what was paid and is left after", async () => {
        const { side, told } = makeSide();
        side.follow({ code: "tap_now", tone: "wait", title: "Tap the card", amount: "6.00 €" });
        side.follow({ code: "paid", tone: "yes", title: "Paid 6.00 €", left: "14.00 €" });
        expect(told).toEqual([
            { tone: "wait", title: "Tap the card", amount: "6.00 €", rest: "" },
            { tone: "yes", title: "Paid 6.00 €", left: "14.00 €" },
        ]);
        side.follow(null);
        await advanceTime(TOLD_MS - 1);
        expect(told).toHaveLength(2);
        await advanceTime(1);
        expect(told.at(-1)).toBe(null);
    });

    test("a part for the next card, beside the rest", () => {
        const { side, told } = makeSide();
        const band = { code: "other_card", tone: "wait", title: "Tap", completes: true };
        side.follow({ ...band, amount: "24.00 €", next: "10.00 €" });
        expect([told[0].amount, told[0].rest]).toEqual(["10.00 €", "24.00 €"]);
    });

    test("why a card is refused is not for the queue to read", () => {
        const { side, told } = makeSide();
        for (const code of ["card_lost", "wallet_frozen", "staff_card", "card"]) {
            side.follow({ code, tone: "no", title: code });
        }
        expect(told).toEqual([]);
        side.follow({ code: "insufficient_funds", tone: "no", title: "2.00 € is missing" });
        expect(told).toHaveLength(1);
    });

    test("a refund is told, with what is left when that is one figure", () => {
        const { side, told } = makeSide();
        const left = [{ name: "Token", amount: "4.00 €" }];
        const receipt = { title: "Refund", amount: "6.00 €", left };
        side.follow(cardActTold(receipt));
        side.follow(cardActTold({ ...receipt, left: [...left, { name: "Fed", amount: "1 €" }] }));
        expect(told).toEqual([
            { tone: "yes", title: "Refund", amount: "6.00 €", left: "4.00 €" },
            { tone: "yes", title: "Refund", amount: "6.00 €", left: "" },
        ]);
    });

    test("a claim code is for the holder's paper, not for the customer's side", () => {
        const { side, told } = makeSide();
        side.follow(cardActTold({ title: "Claim code", code: "ABCD-EFGH", left: [] }));
        side.follow(cardActTold(undefined));
        expect(told).toEqual([]);
    });

    test("the next customer's first article takes the last one's answer away", () => {
        const { side, told } = makeSide();
        side.follow({ code: "paid", tone: "yes", title: "Paid 6.00 €", left: "14.00 €" });
        side.seesOrder({ uuid: "one", lines: [1] });
        side.seesOrder({ uuid: "two", lines: [] });
        expect(told).toHaveLength(1);
        side.seesOrder({ uuid: "two", lines: [1] });
        expect(told.at(-1)).toBe(null);
    });
});

describe("a clock that is wrong", () => {
    const DAY = 86400000;
    const NOW = Date.UTC(2026, 10, 21, 22, 40);

    function makeClock() {
        let now = NOW;
        const clock = new TillClock({ now: () => now, onOff: () => expect.step("told") });
        return { clock, later: (ms) => (now += ms) };
    }

    function makePaid(date = "2026-11-21 22:40:00") {
        return new Order({ date_order: date });
    }

    test("a day behind: the order bears the server's time, both are kept", () => {
        const { clock, later } = makeClock();
        later(200);
        clock.learn(NOW + DAY + 100, NOW);
        expect([clock.offset, clock.isOff]).toEqual([DAY, true]);
        const order = makePaid();
        clock.correct(order);
        clock.correct(order);
        expect([order.date_order, order.tibillet_device_date]).toEqual([
            "2026-11-22 22:40:00",
            "2026-11-21 22:40:00",
        ]);
        clock.learn(NOW + DAY, NOW);
        expect.verifySteps(["told"]);
    });

    test("a day ahead", () => {
        const { clock } = makeClock();
        clock.learn(NOW - DAY, NOW);
        const order = makePaid();
        clock.correct(order);
        expect(order.date_order).toBe("2026-11-20 22:40:00");
        expect.verifySteps(["told"]);
    });

    test("two minutes are let pass; an answer without time changes nothing", () => {
        const { clock } = makeClock();
        clock.learn(NOW + 119000, NOW);
        clock.learn(undefined, NOW);
        const order = makePaid();
        clock.correct(order);
        expect([order.date_order, order.tibillet_device_date]).toEqual([
            "2026-11-21 22:40:00",
            undefined,
        ]);
        clock.learn(NOW, NOW);
        expect([clock.isOff, clock.offset]).toEqual([false, 0]);
    });
});

describe("a tablet that sleeps during the answer", () => {
    async function wake(sleptMs, again) {
        const till = makeRound();
        const { order } = till;
        const answers = [
            async () => {
                await advanceTime(sleptMs);
                return { ...granted(3400), rest_minor: 0 };
            },
            () => again,
        ];
        const acts = [];
        till.client.hold = (_credential, act) => {
            acts.push(`${act.seq} ${act.key}`);
            return answers[acts.length - 1]();
        };
        const { data: line } = order.addPaymentline(CARDS);
        const yes = await till.hold.take(order, line, "AAAA", { direct: true });
        return { ...till, yes, acts, line };
    }

    test("asleep for a minute: the answer counts", async () => {
        const { yes, acts } = await wake(60000);
        expect([yes, acts.length]).toEqual([true, 1]);
    });

    test("asleep too long: asked again with the same key, the server says", async () => {
        const over = { ok: false, code: "hold_expired", message: "" };
        const { yes, acts, band, line } = await wake(300000, over);
        expect([yes, acts.length, acts[0] === acts[1]]).toEqual([false, 2, true]);
        expect([band.shown.code, line.transaction_id]).toEqual(["hold_expired", ""]);
    });

    test("asleep too long, and still held: it is paid", async () => {
        const { yes, acts } = await wake(300000, { ...granted(3400), rest_minor: 0 });
        expect([yes, acts.length]).toEqual([true, 2]);
    });
});
