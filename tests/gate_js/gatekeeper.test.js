import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Clock } from "../../addons/tibillet_event/static/gate/clock.js";
import { Gatekeeper } from "../../addons/tibillet_event/static/gate/gatekeeper.js";
import { Queue } from "../../addons/tibillet_event/static/gate/queue.js";
import { Server } from "../../addons/tibillet_event/static/gate/server.js";
import { Signatures } from "../../addons/tibillet_event/static/gate/signatures.js";
import { InMemory } from "../../addons/tibillet_event/static/gate/store.js";

const made = JSON.parse(readFileSync(process.env.GATE_FIXTURES, "utf-8"));
const DEVICE = { id: "d1", secret: "s3cret" };

/** Answers as the protocol says; `down` as a network that is gone. */
class Fake {
    down = false;
    status = 200;
    asked = [];
    decided = new Map();
    revoked = false;
    slow = 0;
    takes = (scan) => Boolean(scan);

    fetch = async (url, { body, headers, signal }) => {
        const door = url.split("/").pop();
        const sent = JSON.parse(body);
        this.asked.push([door, sent, headers.Authorization]);
        if (this.slow) {
            await new Promise((resolve, reject) => {
                const timer = setTimeout(resolve, this.slow);
                signal.addEventListener("abort", () => {
                    clearTimeout(timer);
                    reject(signal.reason);
                });
            });
        }
        if (this.down) {
            throw new TypeError("Failed to fetch");
        }
        const answer = { now: made.now, ...this[door](sent) };
        return { status: this.status, json: async () => answer };
    };

    redeem({ nonce }) {
        return this.revoked
            ? { ok: false, code: "device_revoked" }
            : { ok: true, code: "entry", nonce, count: 1, counts: { in: 1 } };
    }

    sync({ scans }) {
        const taken = scans.filter(this.takes);
        taken.forEach((scan) => this.decided.set(scan.nonce, scan));
        const rows = taken.map(({ nonce }) => ({ nonce, code: "entry", conflict: false }));
        return { ok: true, taken: rows, revoked: this.revoked };
    }

    state({ config }) {
        const news =
            config === "c1" ? {} : { config: { ...structuredClone(made.config), version: "c1" } };
        return { ok: true, guests: 1, counts: { in: 0 }, ...news };
    }

    guests() {
        return { ok: true, version: 1, full: true, rows: made.guests, gone: [] };
    }
}

async function phone(fake, store = new InMemory()) {
    const clock = new Clock(() => made.now);
    const server = new Server(clock, { fetch: fake.fetch });
    const parts = { store, queue: new Queue(store), server, clock };
    const self = new Gatekeeper({ ...parts, signatures: new Signatures() });
    await self.load();
    server.device ||= DEVICE;
    return self;
}

async function ready(fake, store) {
    const self = await phone(fake, store);
    assert.equal(await self.sync(), true);
    return self;
}

test("online: the server decides, by header and by nothing else", async () => {
    const fake = new Fake();
    const self = await ready(fake);
    const answer = await self.scan({ text: made.texts.good });
    assert.deepEqual([answer.code, answer.offline], ["entry", false]);
    const [door, , header] = fake.asked.at(-1);
    assert.deepEqual([door, header], ["redeem", "TiBillet-Gate d1.s3cret"]);
    assert.equal(await self.queue.length, 0);
});

test("network gone: same nonce in the queue; reload; back: the queue empties", async () => {
    const fake = new Fake();
    const store = new InMemory();
    const self = await ready(fake, store);
    fake.down = true;
    const answer = await self.scan({ text: made.texts.good });
    assert.deepEqual([answer.code, answer.offline], ["entry", true]);
    assert.equal(fake.asked.at(-1)[1].nonce, answer.nonce);
    assert.equal(await self.sync(), false);
    assert.equal(await self.queue.length, 1);
    const reloaded = await phone(fake, store);
    assert.equal((await reloaded.scan({ text: made.texts.good })).code, "already_used");
    fake.down = false;
    assert.equal(await reloaded.sync(), true);
    assert.equal(await reloaded.queue.length, 0);
    assert.equal(fake.decided.get(answer.nonce).decided, "entry");
    assert.equal(fake.decided.size, 2);
});

test("a ticket let in online is known when the network goes", async () => {
    const fake = new Fake();
    const self = await ready(fake);
    await self.scan({ text: made.texts.good });
    fake.down = true;
    assert.equal((await self.scan({ text: made.texts.good })).code, "already_used");
});

test("a slow server is not waited for", async () => {
    const fake = new Fake();
    const self = await ready(fake);
    fake.slow = 20000;
    const began = Date.now();
    const scans = [made.texts.good, made.texts.replaced].map((text) => self.scan({ text }));
    const answers = await Promise.all(scans);
    assert.ok(Date.now() - began < 2500, "two scans waited for each other");
    assert.deepEqual(
        answers.map(({ code, offline }) => [code, offline]),
        [
            ["entry", true],
            ["replaced", true],
        ]
    );
});

test("too many questions and a broken server are as no network", async () => {
    for (const status of [429, 502]) {
        const fake = new Fake();
        const self = await ready(fake);
        fake.status = status;
        assert.equal((await self.scan({ text: made.texts.good })).offline, true);
        assert.equal(await self.sync(), false);
        assert.equal(await self.queue.length, 1);
    }
});

test("revoked: it says so, and its queue is still handed in", async () => {
    const fake = new Fake();
    const store = new InMemory();
    const self = await ready(fake, store);
    fake.down = true;
    await self.scan({ text: made.texts.good });
    Object.assign(fake, { down: false, revoked: true });
    assert.equal((await self.scan({ text: made.texts.unlisted })).code, "device_revoked");
    const reloaded = await phone(fake, store);
    assert.equal(reloaded.revoked, true);
    await reloaded.sync();
    assert.equal(fake.decided.size, 1);
    assert.equal(await reloaded.queue.length, 0);
    assert.notEqual(fake.asked.at(-1)[0], "state");
});

test("what the server did not take stays", async () => {
    const fake = new Fake();
    const self = await ready(fake);
    fake.down = true;
    await self.scan({ text: made.texts.good });
    await self.scan({ text: made.texts.unlisted });
    fake.down = false;
    fake.takes = ({ text }) => text === made.texts.good;
    assert.equal(await self.sync(), false);
    const left = await self.queue.waiting();
    assert.deepEqual(
        left.map(({ text }) => text),
        [made.texts.unlisted]
    );
});

test("age offline: nothing is queued before the answer, then once with its nonce", async () => {
    const fake = new Fake();
    const self = await ready(fake);
    self.config.list.age = 18;
    fake.down = true;
    const first = await self.scan({ text: made.texts.good });
    assert.deepEqual([first.code, await self.queue.length], ["age_needed", 0]);
    const { nonce } = first;
    const second = await self.scan({ text: made.texts.good, ageSeen: true, nonce });
    assert.deepEqual([second.code, second.nonce], ["entry", nonce]);
    const [row] = await self.queue.waiting();
    assert.deepEqual([row.nonce, row.age_seen], [nonce, true]);
});

test("a card or a name without network: said, nothing decided", async () => {
    const fake = new Fake();
    const self = await ready(fake);
    fake.down = true;
    assert.equal((await self.scan({ uid: "04a1b2c3" })).code, "offline");
    assert.equal(await self.queue.length, 0);
});

test("the camera's same code within two seconds is one scan", async () => {
    const self = await phone(new Fake());
    let now = 0;
    self.clock.own = () => now;
    assert.equal(self.again("a"), false);
    now = 1500;
    assert.equal(self.again("a"), true);
    assert.equal(self.again("b"), false);
    now = 3501;
    assert.equal(self.again("a"), false);
});

test("waits longer after each failure, a minute at most; an old list is known", async () => {
    const fake = new Fake();
    const self = await ready(fake);
    fake.down = true;
    const waits = [];
    for (let count = 0; count < 7; count++) {
        waits.push(self.waitMs);
        await self.sync();
    }
    assert.deepEqual(waits, [2000, 4000, 8000, 16000, 32000, 60000, 60000]);
    assert.equal(self.old, false);
    self.clock.own = () => made.now + 86_400_001;
    assert.equal(self.old, true);
});

test("a phone that is an hour ahead says when it scanned, and by how much it is wrong", async () => {
    const fake = new Fake();
    const self = await phone(fake);
    self.clock.own = () => made.now + 3_600_000;
    await self.sync();
    fake.down = true;
    const { handle } = await self.scan({ text: made.texts.good });
    const [row] = await self.queue.waiting();
    assert.deepEqual([row.at, row.clock_offset], [made.now + 3_600_000, 3_600_000]);
    assert.equal((await self.queue.own(handle)).at, made.now);
});
