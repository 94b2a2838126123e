/**
 * A phone without network: what its page decides about texts, with the rules and the guest list
 * that the server gave it. Reads a file of one JSON object (`{config, guests, now, native,
 * scans}`) and writes the codes, and the queue that it will hand in.
 */

import { readFileSync } from "node:fs";
import process from "node:process";

import { Clock } from "../static/gate/clock.js";
import { Gatekeeper } from "../static/gate/gatekeeper.js";
import { Queue } from "../static/gate/queue.js";
import { Server } from "../static/gate/server.js";
import { Signatures } from "../static/gate/signatures.js";
import { InMemory } from "../static/gate/store.js";

const { config, guests, now, native, scans } = JSON.parse(readFileSync(process.argv[2], "utf-8"));

const store = new InMemory();
const clock = new Clock(() => now);
const gone = () => Promise.reject(new TypeError("Failed to fetch"));
const server = new Server(clock, { fetch: gone });
const queue = new Queue(store);
const signatures = new Signatures({ native });
const keeper = new Gatekeeper({ store, queue, server, clock, signatures });
await keeper.load();
Object.assign(keeper, { config, guests: 1, syncedAt: now });
await store.write(guests.map(([handle, box]) => ["put", "guests", { handle, box }]));

const answers = {};
for (const [name, scan] of Object.entries(scans)) {
    const { ok, code, warn = false, detail = "", instruction = "" } = await keeper.scan(scan);
    answers[name] = { ok, code, warn, detail, instruction };
}
const waiting = await store.all("queue");
const inside = (await store.all("used")).filter((one) => one.inside).length;
process.stdout.write(JSON.stringify({ answers, waiting, inside }));
