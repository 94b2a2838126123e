import { describe, expect, test } from "@odoo/hoot";
import { basketLines, fromMinor, toMinor } from "@tibillet_pos_nfc/app/till/basket";
import { DeviceJournal } from "@tibillet_pos_nfc/app/till/device_journal";
import { Sounds } from "@tibillet_pos_nfc/app/till/sounds";
import {
    describe as describeState,
    keyLabel,
    LOOK_CODES,
    REFUSAL_CODES,
} from "@tibillet_pos_nfc/app/till/states";
import { SAME_TAP_MS, TapGate } from "@tibillet_pos_nfc/app/till/tap_gate";
import { LEAVE_MS, RETRY_MS, SLOW_MS, TillClient } from "@tibillet_pos_nfc/app/till/till_client";
import { UnsentOrders } from "@tibillet_pos_nfc/app/till/unsent_orders";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { MemoryStorage } from "./helpers";

describe("basket", () => {
    test("amounts are whole minor units", () => {
        expect(toMinor(0.1 + 0.2, 2)).toBe(30);
        expect(toMinor(1.005, 2)).toBe(100);
        expect(toMinor(-6, 2)).toBe(-600);
        expect(fromMinor(1999, 2)).toBe(19.99);
    });

    test("the lines add up to what the screen shows", () => {
        const lines = [
            { productId: 1, amount: 3.333 },
            { productId: 2, amount: 3.333 },
            { productId: 3, amount: 3.334 },
        ];
        const basket = basketLines(lines, 10, 2);
        expect(basket.reduce((sum, line) => sum + line.amount_minor, 0)).toBe(1000);
    });

    test("free lines are left out, returned ones name what they return", () => {
        const basket = basketLines(
            [
                { productId: 1, amount: 0 },
                { productId: 2, amount: -6, refundedLineId: 7 },
            ],
            -6,
            2
        );
        const unsaid = { qty: null, discount: null, seen_price: null };
        expect(basket).toEqual([
            { product_id: 2, amount_minor: -600, refunded_line_id: 7, ...unsaid },
        ]);
    });
});

describe("tap gate", () => {
    const tap = { uid: "04A1", basket: "order-1", amountMinor: 600, at: 1000 };

    test("two identical taps within five seconds are one", () => {
        const gate = new TapGate();
        expect(gate.admits(tap)).toBe(true);
        expect(gate.admits({ ...tap, at: tap.at + SAME_TAP_MS - 1 })).toBe(false);
        expect(gate.admits({ ...tap, at: tap.at + SAME_TAP_MS })).toBe(true);
    });

    test("another card, basket or amount asks for something new", () => {
        for (const other of [{ uid: "04B2" }, { basket: "order-2" }, { amountMinor: 500 }]) {
            const gate = new TapGate();
            gate.admits(tap);
            expect(gate.admits({ ...tap, ...other, at: tap.at + 1 })).toBe(true);
        }
    });

    test("after a refusal the same tap counts again", () => {
        const gate = new TapGate();
        gate.admits(tap);
        gate.forget();
        expect(gate.admits({ ...tap, at: tap.at + 1 })).toBe(true);
    });
});

describe("device journal", () => {
    const paired = { credential: "3.secret", device: { id: 3, name: "Bar" }, last_seq: 4 };

    test("acts are numbered from the server's last, and survive a reload", () => {
        const storage = new MemoryStorage();
        const journal = new DeviceJournal(storage, "db.1");
        expect(journal.isPaired).toBe(false);
        journal.pair(paired);
        expect(journal.allot("hold", "k1", { order: "o" }).seq).toBe(5);
        const reloaded = new DeviceJournal(storage, "db.1");
        expect(reloaded.credential).toBe("3.secret");
        expect(reloaded.acts).toEqual([{ seq: 5, kind: "hold", key: "k1", order: "o" }]);
        expect(reloaded.allot("void", "k1").seq).toBe(6);
    });

    test("a number that was never written is given back, or told as given up", () => {
        const journal = new DeviceJournal(new MemoryStorage(), "db.1");
        journal.pair(paired);
        const first = journal.allot("hold", "a");
        journal.answered(first.seq, { ok: false, unnumbered: true });
        expect([journal.acts, journal.allot("hold", "b").seq]).toEqual([[], first.seq]);
        const last = journal.allot("stock", "c", { method: "tibillet_loss" });
        journal.answered(first.seq, { ok: false, unnumbered: true });
        expect(journal.pending("void")).toEqual([{ seq: first.seq, kind: "void", key: "b" }]);
        journal.answered(last.seq, { ok: false, unnumbered: true, repeated: true });
        expect(journal.pending("void").map((act) => act.seq)).toEqual([first.seq, last.seq]);
        const next = journal.allot("hold", "d");
        expect(next.seq).toBe(last.seq + 1);
        journal.answered(next.seq, { ok: false, code: "card_blocked" });
        expect([journal.pending("hold"), journal.allot("hold", "e").seq]).toEqual([
            [],
            next.seq + 1,
        ]);
    });

    test("an act is repeated until it is settled", () => {
        const journal = new DeviceJournal(new MemoryStorage(), "db.1");
        journal.pair(paired);
        const act = journal.allot("hold", "k1");
        journal.allot("void", "k1");
        journal.settle(act.seq);
        expect(journal.pending("hold")).toEqual([]);
        expect(journal.pending("void")).toHaveLength(1);
    });

    test("tills of other databases and other tills have their own", () => {
        const storage = new MemoryStorage();
        new DeviceJournal(storage, "db.1").pair(paired);
        expect(new DeviceJournal(storage, "db.2").isPaired).toBe(false);
    });

    test("pairing again never counts backwards", () => {
        const journal = new DeviceJournal(new MemoryStorage(), "db.1");
        journal.pair(paired);
        journal.allot("hold", "k1");
        journal.pair({ ...paired, credential: "3.new" });
        expect(journal.allot("hold", "k2").seq).toBe(6);
        journal.pair({ ...paired, device: { id: 9 }, last_seq: 0 });
        expect(journal.acts).toEqual([]);
        expect(journal.allot("hold", "k3").seq).toBe(1);
    });

    test("a storage that holds rubbish is an empty one", () => {
        const storage = new MemoryStorage();
        storage.setItem("tibillet_till.db.1", "{rubbish");
        expect(new DeviceJournal(storage, "db.1").isPaired).toBe(false);
    });
});

test("unsent orders are kept until the server has them", () => {
    const storage = new MemoryStorage();
    const unsent = new UnsentOrders(storage, "db.1");
    unsent.add("a");
    unsent.add("a");
    unsent.add("b");
    unsent.remove("a");
    expect(new UnsentOrders(storage, "db.1").uuids).toEqual(["b"]);
});

describe("till client", () => {
    /** A clock that the test turns: `wait(ms)` resolves when `pass(ms)` reaches it. */
    function clock() {
        const waiting = [];
        let now = 0;
        return {
            wait: (ms) => new Promise((resolve) => waiting.push([now + ms, resolve])),
            async pass(ms) {
                now += ms;
                waiting.filter(([at]) => at <= now).forEach(([, resolve]) => resolve());
                for (let i = 0; i < 10; i++) {
                    await Promise.resolve();
                }
            },
        };
    }
    const act = { seq: 1, key: "k" };
    const request = { uid: "04", lines: [] };

    test("a quick answer is asked for once", async () => {
        let asked = 0;
        const client = new TillClient(async () => ({ ok: true, n: ++asked }), clock());
        expect(await client.hold("c", act, request)).toEqual({ ok: true, n: 1 });
        expect(asked).toBe(1);
    });

    test("after three seconds it asks again, with the same number and key", async () => {
        const time = clock();
        const asked = [];
        const client = new TillClient((method, args) => {
            asked.push(JSON.stringify(args));
            return asked.length === 1 ? new Promise(() => {}) : Promise.resolve({ ok: true });
        }, time);
        const states = [];
        const answer = client.hold("c", act, request, { onWait: (state) => states.push(state) });
        await time.pass(SLOW_MS - 1);
        expect(asked).toHaveLength(1);
        await time.pass(1);
        expect(await answer).toEqual({ ok: true });
        expect(asked[1]).toBe(asked[0]);
        expect(states).toEqual(["server_slow"]);
    });

    test("after ten seconds the cashier may leave, not before", async () => {
        const time = clock();
        const states = [];
        let leave;
        const left = new Promise((resolve) => (leave = resolve));
        const client = new TillClient(() => new Promise(() => {}), time);
        const answer = client.hold("c", act, request, {
            onWait: (state) => states.push(state),
            left,
        });
        await time.pass(SLOW_MS);
        await time.pass(LEAVE_MS - SLOW_MS - 1);
        expect(states).toEqual(["server_slow"]);
        await time.pass(1);
        expect(states).toEqual(["server_slow", "may_leave"]);
        leave();
        expect((await answer).left).toBe(true);
    });

    test("a lost connection is tried once more, then told", async () => {
        const time = clock();
        let asked = 0;
        const client = new TillClient(
            async () => {
                asked++;
                throw new Error("gone");
            },
            { ...time, isConnectionLost: () => true }
        );
        const answer = client.hold("c", act, request);
        await time.pass(0);
        await time.pass(RETRY_MS);
        expect(await answer).toEqual({ ok: false, code: "server_gone" });
        expect(asked).toBe(2);
    });

    test("an error of the server is no silence", async () => {
        const client = new TillClient(async () => {
            throw new Error("refused");
        }, clock());
        await expect(client.hold("c", act, request)).rejects.toThrow(/refused/);
    });
});

describe("states", () => {
    test("each code has a tone, a title, a sentence and one key to leave", () => {
        for (const code of [...REFUSAL_CODES, ...LOOK_CODES]) {
            const state = describeState(code, { missing: "2,30 €" });
            expect(["no", "look"]).toInclude(state.tone, { message: code });
            expect(state.title.length).toBeGreaterThan(3, { message: code });
            const waits = ["tap_now", "other_card"].includes(code);
            expect(waits || state.text.length > 10).toBe(true, { message: code });
            if (code !== "server_slow") {
                expect(state.keys.length).toBeGreaterThan(0, { message: code });
            }
            for (const key of state.keys) {
                expect(Boolean(keyLabel(key))).toBe(true, { message: `${code}: ${key}` });
            }
        }
    });

    test("what is missing is said", () => {
        allowTranslations();
        expect(describeState("insufficient_funds", { missing: "2,30 €" }).title).toMatch(/2,30 €/);
    });

    test("a code of tomorrow is a refusal with a way out", () => {
        const state = describeState("something_new", { message: "why" });
        expect([state.tone, state.keys.length > 0]).toEqual(["no", true]);
    });

    test("one may leave a slow server after a while", () => {
        expect(describeState("server_slow").keys).toEqual([]);
        expect(describeState("server_slow", { mayLeave: true }).keys).toEqual(["leave"]);
    });
});

describe("sounds", () => {
    function deaf() {
        const notes = [];
        const node = () => ({
            frequency: {},
            gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} },
            connect: (next) => next,
            start: () => notes.push("note"),
            stop() {},
        });
        const context = { currentTime: 0, createOscillator: node, createGain: node };
        return { notes, makeContext: () => context, vibrate() {} };
    }

    test("two notes for yes, one for no, two to look again", () => {
        for (const [tone, count] of [
            ["yes", 2],
            ["no", 1],
            ["look", 2],
            ["card", 0],
        ]) {
            const tools = deaf();
            new Sounds({ storage: new MemoryStorage(), ...tools }).play(tone);
            expect(tools.notes).toHaveLength(count);
        }
    });

    test("a muted device stays silent, also after a reload", () => {
        const storage = new MemoryStorage();
        new Sounds({ storage, ...deaf() }).muted = true;
        const tools = deaf();
        new Sounds({ storage, ...tools }).play("yes");
        expect(tools.notes).toHaveLength(0);
    });
});
