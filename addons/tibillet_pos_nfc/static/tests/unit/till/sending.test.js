import { describe, expect, test } from "@odoo/hoot";
import { RPCError } from "@web/core/network/rpc";
import { HoldKeeper } from "@tibillet_pos_nfc/app/till/hold_keeper";
import { OrderSender } from "@tibillet_pos_nfc/app/till/order_sender";
import { CARDS, CASH, makeParts, Order } from "./helpers";

const gone = () => Promise.reject(new Error("gone"));

describe("pairing", () => {
    test("the credential stays in this browser; a refusal changes nothing", async () => {
        const parts = makeParts({
            pair: (code) =>
                code === "GOOD"
                    ? { ok: true, credential: "4.new", device: { id: 4 }, last_seq: 2 }
                    : { ok: false, message: "no" },
        });
        parts.pairing.unpair();
        expect([parts.state.paired, parts.journal.isPaired]).toEqual([false, false]);
        expect((await parts.pairing.pair("BAD")).message).toBe("no");
        expect(parts.state.paired).toBe(false);
        await parts.pairing.pair("GOOD");
        expect([parts.state.paired, parts.journal.credential]).toEqual([true, "4.new"]);
        expect(parts.pairing.device).toEqual({ id: 4 });
    });
});

describe("holds", () => {
    function makeHolds(server) {
        const parts = makeParts(server);
        const orders = [];
        const holds = new HoldKeeper({
            ...parts,
            orders: () => orders,
            settle: () => expect.step("settle"),
        });
        return { ...parts, orders, holds };
    }
    function held(orders, key, { method = CARDS, amount = 6, ...values } = {}) {
        const order = new Order({ uuid: `order-${key}`, ...values });
        const { data: line } = order.addPaymentline(method);
        line.update({ transaction_id: key, amount, payment_status: "done" });
        orders.push(order);
        return line;
    }

    test("those of open and unsent orders are renewed, no others", async () => {
        const { holds, orders, unsent, asked } = makeHolds();
        held(orders, "open");
        held(orders, "sent", { finalized: true });
        held(orders, "unsent", { finalized: true });
        unsent.add("order-unsent");
        held(orders, "back", { amount: -6 });
        held(orders, "cash", { method: CASH });
        await holds.renew();
        expect(asked).toEqual([["renew", "3.secret", ["open", "unsent"]]]);
    });

    test("one that ran out is told and its line may be tried again", async () => {
        const { holds, orders, unsent, band } = makeHolds({
            renew: () => ({ lost: ["open", "unsent"] }),
        });
        const open = held(orders, "open");
        const over = held(orders, "unsent", { finalized: true });
        unsent.add("order-unsent");
        await holds.renew();
        expect([open.payment_status, open.transaction_id]).toEqual(["retry", ""]);
        expect(band.shown.code).toBe("hold_expired");
        // this sale took place: late capture or a shortfall records it
        expect([over.payment_status, over.transaction_id]).toEqual(["done", "unsent"]);
    });

    test("out of touch nothing is lost, without a pairing nothing is asked", async () => {
        const { holds, orders, pairing, asked } = makeHolds({ renew: gone });
        const line = held(orders, "open");
        await holds.renew();
        expect(line.transaction_id).toBe("open");
        pairing.unpair();
        await holds.renew();
        expect(asked).toHaveLength(1);
    });

    test("a hold is given back once", () => {
        const { holds, orders, journal } = makeHolds();
        const line = held(orders, "k");
        holds.drop(line);
        holds.drop(line);
        holds.drop(held(orders, "cash", { method: CASH }));
        expect(journal.pending("void")).toHaveLength(1);
        expect.verifySteps(["settle"]);
    });

    test("a void is repeated until it is heard; a hold that never arrived is told too", async () => {
        let away = true;
        const { holds, journal, asked } = makeHolds({
            release: () => (away ? gone() : { ok: true }),
        });
        journal.allot("hold", "k");
        journal.allot("hold", "other");
        journal.allot("void", "k");
        await holds.settleVoids();
        expect(journal.acts).toHaveLength(3);
        away = false;
        await holds.settleVoids();
        expect(asked.at(-1)).toEqual(["call", "tibillet_hold", ["3.secret", 1, "k", "", [], null]]);
        expect(journal.acts.map((act) => act.key)).toEqual(["other"]);
    });

    test("a hold whose number was refused again is told later", async () => {
        let answer = { ok: false, code: "rate_limited", unnumbered: true };
        const { holds, journal } = makeHolds({ call: () => answer });
        journal.allot("hold", "k");
        journal.allot("void", "k");
        expect(await holds.settleVoids()).toBe(false);
        expect(journal.acts).toHaveLength(2);
        answer = { ok: false, code: "hold_resolved" };
        expect(await holds.settleVoids()).toBe(true);
        expect(journal.acts).toEqual([]);
    });

    test("after a reload, taps that nobody waits for are given up", () => {
        const { holds, orders, journal } = makeHolds();
        held(orders, "kept");
        for (const key of ["kept", "lost"]) {
            journal.allot("hold", key);
        }
        holds.abandonUnanswered();
        holds.abandonUnanswered();
        expect(journal.pending("hold").map((act) => act.key)).toEqual(["lost"]);
        expect(journal.pending("void").map((act) => act.key)).toEqual(["lost"]);
    });
});

describe("orders", () => {
    function makeSender(sync = async () => {}) {
        const parts = makeParts();
        const known = {};
        const orders = new OrderSender({
            ...parts,
            orderOf: (uuid) => known[uuid],
            store: async () => expect.step("stored"),
            sync: (order) => {
                expect.step(`sent ${order.uuid}`);
                return sync(order);
            },
        });
        const order = (known["order-1"] = new Order({ finalized: true, state: "paid" }));
        order.addPaymentline(CARDS).data.setPaymentStatus("done");
        return { ...parts, orders, order, known };
    }
    const tick = () => new Promise((resolve) => setTimeout(resolve));

    test("an order is numbered once, by a paired till", () => {
        const { orders, order, journal, pairing } = makeSender();
        orders.stamp(order);
        orders.stamp(order);
        expect(order.tibillet_device_seq).toBe(1);
        expect(order.tibillet_device_id).toEqual({ id: 3 });
        expect(journal.pending("order")).toHaveLength(1);
        pairing.unpair();
        const other = new Order({ uuid: "order-2" });
        orders.stamp(other);
        expect(other.tibillet_device_seq).toBe(undefined);
    });

    test("it is stored before it is sent, and told when it is there", async () => {
        let arrive;
        const { orders, order, state, unsent, journal } = makeSender(
            () => new Promise((resolve) => (arrive = resolve))
        );
        orders.stamp(order);
        await orders.sendBehind(order, async () => expect.step("printed"));
        expect.verifySteps(["stored", "sent order-1"]);
        expect([state.unsent, unsent.has("order-1")]).toEqual([1, true]);
        orders.resend(); // on its way already
        arrive();
        await tick();
        expect.verifySteps(["printed"]);
        expect([state.unsent, unsent.uuids, journal.acts]).toEqual([0, [], []]);
    });

    test("out of touch it stays, and goes by itself later", async () => {
        let away = true;
        const { orders, order, state } = makeSender(() => (away ? gone() : Promise.resolve()));
        await orders.sendBehind(order);
        await tick();
        expect([state.unsent, order.state]).toEqual([1, "paid"]);
        away = false;
        orders.resend();
        await tick();
        expect(state.unsent).toBe(0);
        expect.verifySteps(["stored", "sent order-1", "sent order-1"]);
    });

    test("refused, it is a draft again and its card line says why", async () => {
        const { orders, order, state, band } = makeSender(() => {
            throw Object.assign(new RPCError(), { data: { message: "no stock" } });
        });
        await orders.sendBehind(order);
        await tick();
        const [line] = order.payment_ids;
        expect([order.state, line.payment_status, line.tibillet_reason]).toEqual([
            "draft",
            "retry",
            "no stock",
        ]);
        expect([band.shown.code, band.shown.text]).toEqual(["order_refused", "no stock"]);
        expect(state.unsent).toBe(0);
        expect.verifySteps(["stored", "sent order-1"]);
    });

    test("a server that is busy says nothing about the order: it stays and is sent again", async () => {
        const answers = [
            "psycopg2.errors.LockNotAvailable",
            "odoo.http.SessionExpiredException",
            "odoo.exceptions.ConcurrencyError",
        ];
        const { orders, order, state } = makeSender(async () => {
            if (answers.length) {
                throw Object.assign(new RPCError(), { data: { name: answers.shift() } });
            }
        });
        await orders.sendBehind(order);
        for (let tries = 0; tries < 3; tries++) {
            await tick();
            expect([state.unsent, order.state]).toEqual([1, "paid"]);
            orders.resend();
        }
        await tick();
        expect(state.unsent).toBe(0);
        expect.verifySteps(["stored", ...Array(4).fill("sent order-1")]);
    });

    test("several are sent one after the other; a later turn takes over", async () => {
        const arrive = [];
        const { orders, known, unsent } = makeSender(
            () => new Promise((resolve) => arrive.push(resolve))
        );
        known["order-2"] = new Order({ uuid: "order-2", finalized: true, state: "paid" });
        unsent.add("order-1");
        unsent.add("order-2");
        orders.resend();
        orders.resend();
        await tick();
        expect.verifySteps(["sent order-1"]);
        arrive.shift()();
        await tick();
        expect.verifySteps(["sent order-2"]);
        arrive.shift()();
        await tick();
        expect(unsent.uuids).toEqual([]);
    });

    test("after a reload, what is no paid order any more is forgotten", () => {
        const { orders, order, unsent } = makeSender(() => new Promise(() => {}));
        unsent.add("order-1");
        unsent.add("order-gone");
        orders.resend();
        expect(unsent.uuids).toEqual(["order-1", "order-gone"]);
        orders.resend({ fromReload: true });
        expect(unsent.uuids).toEqual(["order-1"]);
        expect(order.finalized).toBe(true);
        expect.verifySteps(["sent order-1"]);
    });

    test("an order that went Odoo's way is told by what it became", () => {
        const { orders, order, journal, known } = makeSender();
        for (const uuid of ["order-1", "order-open", "order-gone"]) {
            journal.allot("order", uuid);
        }
        known["order-open"] = new Order({ uuid: "order-open" });
        orders.settleOthers();
        expect(journal.acts.map((act) => act.key)).toEqual(["order-1", "order-open"]);
        order.isSynced = true;
        orders.settleOthers();
        expect(journal.acts.map((act) => act.key)).toEqual(["order-open"]);
    });
});
