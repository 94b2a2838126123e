import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decodeBase45 } from "../../addons/tibillet_event/static/gate/base45.js";
import { newNonce } from "../../addons/tibillet_event/static/gate/bytes.js";
import { decodeCbor } from "../../addons/tibillet_event/static/gate/cbor.js";
import { Clock } from "../../addons/tibillet_event/static/gate/clock.js";
import { readTicket } from "../../addons/tibillet_event/static/gate/cose.js";
import { decide } from "../../addons/tibillet_event/static/gate/decide.js";
import { digestOf, handleOf } from "../../addons/tibillet_event/static/gate/guests.js";
import { Queue } from "../../addons/tibillet_event/static/gate/queue.js";
import { Signatures } from "../../addons/tibillet_event/static/gate/signatures.js";
import { openStore } from "../../addons/tibillet_event/static/gate/store.js";

// Written by tests/gate_js/test_gate_js.py with the libraries that the server signs with.
const made = JSON.parse(readFileSync(process.env.GATE_FIXTURES, "utf-8"));
const NOW = made.now;

async function phone(changes = {}, indexed = null) {
    const config = { ...structuredClone(made.config), ...changes };
    const store = await openStore(indexed);
    const queue = new Queue(store);
    await store.write(made.guests.map(([handle, box]) => ["put", "guests", { handle, box }]));
    const known = {
        config,
        now: NOW,
        signatures: new Signatures(),
        box: async (handle) => (await store.get("guests", handle))?.box,
        own: (handle) => queue.own(handle),
    };
    return { config, known, queue, store };
}

async function code(text, changes = {}, scan = {}, more = {}) {
    const { known } = await phone(changes);
    return (await decide({ text, ...scan }, { ...known, ...more })).code;
}

test("the server's own text is read to the same values", async () => {
    const ticket = readTicket(made.texts.good);
    assert.deepEqual(ticket.payload, made.payload);
    assert.equal(ticket.kid, made.config.keys[0].kid);
    assert.equal(await handleOf(made.texts.good), made.handles.good);
    assert.equal(await digestOf(made.texts.good), made.digests.good);
});

for (const native of [true, false]) {
    test(`a signature is checked, native ${native}`, async () => {
        const checker = new Signatures({ native });
        const { signature, signed } = readTicket(made.texts.good);
        const [key] = made.config.keys;
        assert.equal(await checker.check(key, signature, signed), true);
        for (const index of [0, 31, 32, 63]) {
            const wrong = Uint8Array.from(signature);
            wrong[index] ^= 1;
            assert.equal(await checker.check(key, wrong, signed), false);
        }
        assert.equal(await checker.check(made.other_key, signature, signed), false);
        assert.equal(await checker.check({ ...key, kty: "EC" }, signature, signed), false);
    });
}

test("a good ticket enters, with the words of its box", async () => {
    const { known } = await phone();
    const answer = await decide({ text: made.texts.good }, known);
    assert.equal(answer.code, "entry");
    assert.equal(answer.ok, true);
    assert.equal(answer.name, "Ana Perez");
    assert.equal(answer.rate, "Plein");
    assert.equal(answer.warn, false);
});

for (const [name, wanted] of Object.entries(made.refused)) {
    test(`refused: ${name} is ${wanted}`, async () => {
        assert.equal(await code(made.texts[name]), wanted);
    });
}

test("a text that is cut anywhere is no ticket", async () => {
    const { good } = made.texts;
    for (let length = 0; length < good.length; length++) {
        const cut = await code(good.slice(0, length));
        assert.equal(cut, "unknown", `cut at ${length}`);
    }
    assert.equal(await code(good + "0"), "unknown");
    assert.equal(await code(good.toLowerCase()), "unknown");
});

test("hours of the list", async () => {
    const list = made.config.list;
    assert.equal(await code(made.texts.good, { list: { ...list, opens: NOW + 1 } }), "too_early");
    assert.equal(await code(made.texts.good, { list: { ...list, closes: NOW - 1 } }), "too_late");
});

test("an event that was moved: its hours of now, not those of the former print", async () => {
    const event = made.config.events["7"];
    const moved = (opens, closes) => ({ events: { 7: { ...event, opens, closes } } });
    const hour = 3600e3;
    const { early } = made.texts;
    assert.equal(await code(early, moved(NOW - hour, NOW + hour)), "entry");
    assert.equal(await code(made.texts.good, moved(NOW + hour, NOW + 2 * hour)), "too_early");
    const list = { ...made.config.list, opens: NOW - hour, closes: NOW + hour };
    const both = { ...moved(NOW + hour, NOW + 2 * hour), list };
    assert.equal(await code(made.texts.good, both), "entry");
});

test("a ticket of before the yearly key, and one of last year", async () => {
    assert.equal(await code(made.texts.good, { keys: [made.other_key] }), "signature");
    assert.equal(await code(made.texts.good, {}, {}, { now: NOW + 400 * 86400e3 }), "too_late");
});

test("a key of another purpose or place opens no ticket", async () => {
    const [key] = made.config.keys;
    for (const more of [{ purpose: "receipt" }, { place: 2 }]) {
        assert.equal(await code(made.texts.good, { keys: [{ ...key, ...more }] }), "signature");
    }
    const right = { ...key, purpose: "ticket", place: 1 };
    assert.equal(await code(made.texts.good, { keys: [right] }), "entry");
});

test("on the list of revoked ones", async () => {
    const revoked = { digests: [made.digests.good], issued: NOW };
    assert.equal(await code(made.texts.good, { revoked }), "cancelled");
});

test("age, right, gate", async () => {
    const list = { ...made.config.list, age: 18 };
    assert.equal(await code(made.texts.good, { list }), "age_needed");
    assert.equal(await code(made.texts.good, { list }, { ageSeen: true }), "entry");
    const rate = made.config.rates["3"];
    const rates = { 3: { ...rate, right: true } };
    assert.equal(await code(made.texts.unlisted, { rates }), "needs_right");
    assert.equal(await code(made.texts.good, { rates }), "entry"); // the server looked: its box
    assert.equal(
        await code(made.texts.good, { rates: { 3: { ...rate, here: false } } }),
        "wrong_gate"
    );
});

test("signed well but not in the list: as the place decided", async () => {
    const { known } = await phone();
    const answer = await decide({ text: made.texts.unlisted }, known);
    assert.deepEqual([answer.code, answer.warn], ["entry", true]);
    const offline = { unknown: "refuse" };
    assert.equal(await code(made.texts.unlisted, { offline }), "not_on_list");
});

async function scanned(self, text, direction = "in") {
    const decision = await decide({ text, direction }, self.known);
    const scan = { nonce: newNonce(), text, direction, at: NOW, age_seen: false };
    await self.queue.add(scan, decision, "Nord");
    return decision;
}

test("the second time at the same phone", async () => {
    const self = await phone();
    assert.equal((await scanned(self, made.texts.good)).code, "entry");
    const again = await scanned(self, made.texts.good);
    assert.deepEqual([again.code, again.used_gate, again.used_at], ["already_used", "Nord", NOW]);
    assert.equal(await self.queue.length, 2);
});

test("in and out", async () => {
    const self = await phone({ list: { ...made.config.list, mode: "inout", entries: 2 } });
    const steps = ["out", "in", "in", "out", "in", "out", "in"];
    const codes = [];
    for (const step of steps) {
        codes.push((await scanned(self, made.texts.good, step)).code);
    }
    assert.deepEqual(codes, [
        "direction",
        "entry",
        "already_used",
        "exit",
        "entry",
        "exit",
        "already_used",
    ]);
});

test("out where nobody leaves by scan; several; free", async () => {
    assert.equal(await code(made.texts.good, {}, { direction: "out" }), "direction");
    const several = await phone({ list: { ...made.config.list, mode: "several", entries: 2 } });
    const codes = [];
    for (let count = 0; count < 3; count++) {
        codes.push((await scanned(several, made.texts.good)).code);
    }
    assert.deepEqual(codes, ["entry", "entry", "already_used"]);
    const free = await phone({ list: { ...made.config.list, mode: "free" } });
    await scanned(free, made.texts.good);
    assert.equal((await scanned(free, made.texts.good)).code, "entry");
});

test("what is stored yields no name, also with the queue's texts", async () => {
    const self = await phone();
    await scanned(self, made.texts.good);
    const kept = JSON.stringify(
        await Promise.all(["queue", "used", "guests", "meta"].map((name) => self.store.all(name)))
    );
    assert.ok(!kept.includes("Perez"));
    assert.ok(kept.includes(made.texts.good));
    assert.ok(!kept.includes(made.guests[0][1]), "the box whose text is there is gone");
    assert.equal((await scanned(self, made.texts.good)).code, "already_used");
});

test("only what the server took leaves the queue, oldest first, 200 at once", async () => {
    const { queue } = await phone();
    for (let at = 250; at > 0; at--) {
        await queue.add({ nonce: `n${at}`, text: "x", direction: "in", at }, { code: "unknown" });
    }
    const waiting = await queue.waiting();
    assert.equal(waiting.length, 200);
    assert.equal(waiting[0].nonce, "n1");
    await queue.taken(["n1", "n2"]);
    assert.equal(await queue.length, 248);
});

test("storage that is refused is said", async () => {
    const refusing = {
        open: () => {
            throw new Error("SecurityError");
        },
    };
    assert.equal((await openStore(refusing)).durable, false);
});

test("a box that was altered, or another ticket's, is not read", async () => {
    const { known } = await phone();
    const box = async () => made.guests[1][1];
    const answer = await decide({ text: made.texts.good }, { ...known, box });
    assert.deepEqual([answer.name, answer.warn], ["", true]);
});

test("base45 and CBOR refuse what is not written strictly", () => {
    assert.deepEqual([...decodeBase45("QED8WEX0")], [...Buffer.from("ietf!")]);
    for (const text of ["A", "GGW0", "::", "qed8", ":::", "QED8WEX"]) {
        assert.throws(() => decodeBase45(text), RangeError, text);
    }
    const bad = [
        "1801",
        "190001",
        "1b0020000000000000",
        "5f",
        "9f",
        "a201000100",
        "a202000100",
        "0000",
        "f6",
        "c000",
        "43ff",
        "9b00000000ffffffff",
        "8181818181818100",
        "",
        "a10100ff",
        "61ff",
    ];
    for (const hex of bad) {
        assert.throws(() => decodeCbor(Buffer.from(hex, "hex")), Error, hex);
    }
});

test("the clock keeps its distance from the server's", () => {
    const clock = new Clock(() => 1000);
    clock.contact(601000, 900, 1100);
    assert.equal(clock.now(), 601000);
    assert.equal(clock.drifts, true);
    clock.contact(1500, 1000, 1000);
    assert.equal(clock.drifts, false);
    clock.contact(undefined, 1, 1);
    assert.equal(clock.offset, 500);
});
