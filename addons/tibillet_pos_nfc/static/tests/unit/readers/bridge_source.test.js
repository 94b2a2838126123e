import { advanceTime, animationFrame, beforeEach, expect, mockDate, test } from "@odoo/hoot";
import {
    ASKED_MS,
    BridgeSource,
    PATIENCE_MS,
    RATE_LIMITED_MS,
    RETRY_MS,
    TOKEN_KEY,
} from "@tibillet_pos_nfc/app/readers/bridge_source";
import { follow } from "./helpers";

const UID = "04A1B2C3D4E5F6";
let sockets;

class FakeSocket extends EventTarget {
    constructor(url, protocols) {
        super();
        Object.assign(this, { url, protocols, sent: [], closed: false });
        sockets.push(this);
    }
    send(text) {
        this.sent.push(JSON.parse(text));
    }
    close() {
        this.closed = true;
    }
    open() {
        this.dispatchEvent(new Event("open"));
    }
    say(message) {
        this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
    }
    end(code = 1006) {
        this.dispatchEvent(new CloseEvent("close", { code }));
    }
}

class Storage {
    values = new Map();
    getItem(key) {
        return this.values.get(key) ?? null;
    }
    setItem(key, value) {
        this.values.set(key, value);
    }
    removeItem(key) {
        this.values.delete(key);
    }
}

/** A browser's answers; `undefined` for a name it does not know. */
function permissions(states) {
    const asked = [];
    const status = Object.assign(new EventTarget(), { state: "" });
    return {
        asked,
        states,
        change(name, state) {
            states[name] = state;
            status.dispatchEvent(new Event("change"));
        },
        async query({ name }) {
            asked.push(name);
            if (!states[name]) {
                throw new TypeError(name);
            }
            status.state = states[name];
            return status;
        },
    };
}

async function makeSource({ token = "ABCDE", states = {} } = {}) {
    const storage = new Storage();
    if (token) {
        storage.setItem(TOKEN_KEY, token);
    }
    const asked = permissions(states);
    const source = follow(
        new BridgeSource({ storage, permissions: asked, Socket: FakeSocket, url: "ws://here" })
    );
    source.start();
    await animationFrame();
    return { source, storage, asked };
}

async function makeReady(options) {
    const made = await makeSource(options);
    sockets[0].open();
    sockets[0].say({ type: "hello", readers: ["ACR122U"] });
    expect.verifySteps(["status ready"]);
    return made;
}

beforeEach(() => {
    sockets = [];
    mockDate("2026-11-21 20:00:00");
});

const now = () => new Date().toISOString();

test("pairs with its first word, never in the address", async () => {
    await makeSource({ token: "KV72P-JGK64" });
    expect(sockets.length).toBe(1);
    expect(sockets[0].url).toBe("ws://here");
    expect(sockets[0].protocols).toEqual(["tibillet.nfc.v1"]);
    expect(sockets[0].sent).toEqual([]);
    sockets[0].open();
    expect(sockets[0].sent).toEqual([{ type: "pair", token: "KV72P-JGK64" }]);
    expect.verifySteps([]);
});

test("without a token nobody is called and the browser asks nothing", async () => {
    const { source, asked } = await makeSource({ token: "" });
    expect(sockets.length).toBe(0);
    expect(asked.asked).toEqual([]);
    expect.verifySteps(["status bridge_unpaired"]);
    source.pair("  ABCDE ");
    await animationFrame();
    sockets[0].open();
    expect(sockets[0].sent[0].token).toBe("ABCDE");
    sockets[0].say({ type: "hello", readers: ["ACR122U"] });
    expect.verifySteps(["status ready"]);
    source.unpair();
    expect(sockets[0].closed).toBe(true);
    expect.verifySteps(["status bridge_unpaired"]);
});

test("tells cards, removals and errors", async () => {
    const { source } = await makeReady();
    const cards = [];
    source.addEventListener("card", ({ detail }) => cards.push(detail));
    const at = now();
    sockets[0].say({ type: "card", uid: UID, atr: "3B", reader: "ACR122U", at });
    sockets[0].say({ type: "removed", reader: "ACR122U" });
    sockets[0].say({ type: "error", code: "two_cards", reader: "ACR122U" });
    sockets[0].say({ type: "error", code: "card_withdrawn", reader: "ACR122U" });
    expect.verifySteps([`card ${UID}`, "removed", "error two_cards", "error card_withdrawn"]);
    expect(cards).toEqual([{ uid: UID, reader: "ACR122U", at: Date.parse(at) }]);
});

test("a tap that slept in the browser is not the next customer's", async () => {
    await makeReady();
    const at = now();
    await advanceTime(11000);
    sockets[0].say({ type: "card", uid: UID, reader: "ACR122U", at });
    expect.verifySteps(["error card_withdrawn"]);
});

test("tells when the last reader goes and when one comes", async () => {
    await makeReady();
    sockets[0].say({ type: "error", code: "reader_unplugged", reader: "ACR122U" });
    sockets[0].say({ type: "hello", readers: [] });
    expect.verifySteps(["error reader_unplugged", "status reader_unplugged"]);
    sockets[0].say({ type: "hello", readers: ["ACR122U"] });
    expect.verifySteps(["status ready"]);
});

test("no bridge: says so once, and asks again ever more slowly", async () => {
    await makeSource();
    for (const [index, delay] of [...RETRY_MS, RETRY_MS.at(-1)].entries()) {
        sockets[index].end();
        expect.verifySteps(index ? [] : ["status bridge_absent"]);
        // Real time passes as well on a busy machine: well before the delay, then at its end.
        await advanceTime(delay * 0.5);
        expect(sockets.length).toBe(index + 1);
        await advanceTime(delay * 0.5);
        await animationFrame();
        expect(sockets.length).toBe(index + 2);
    }
    sockets.at(-1).open();
    sockets.at(-1).say({ type: "hello", readers: ["ACR122U"] });
    expect.verifySteps(["status ready"]);
});

test("a bridge that restarts is back without a word", async () => {
    await makeReady();
    sockets[0].end(1001);
    await advanceTime(RETRY_MS[0]);
    await animationFrame();
    expect.verifySteps([]);
    sockets[1].open();
    sockets[1].say({ type: "hello", readers: ["ACR122U"] });
    expect.verifySteps(["status ready"]);
});

test("a bridge that goes for good is missed at the second try", async () => {
    await makeReady();
    sockets[0].end();
    await advanceTime(RETRY_MS[0]);
    await animationFrame();
    sockets[1].end();
    expect.verifySteps(["status bridge_absent"]);
});

test("a wrong token is not tried again, a new one is", async () => {
    const { source } = await makeSource();
    sockets[0].open();
    sockets[0].say({ type: "error", code: "not_allowed" });
    sockets[0].end(4401);
    expect.verifySteps(["status bridge_unpaired"]);
    await advanceTime(120000);
    expect(sockets.length).toBe(1);
    source.pair("FGHJK");
    await animationFrame();
    sockets[1].open();
    expect(sockets[1].sent[0].token).toBe("FGHJK");
});

test("a bridge that hears nobody for a minute is left alone for one", async () => {
    await makeSource();
    sockets[0].open();
    sockets[0].say({ type: "error", code: "rate_limited" });
    sockets[0].end(4429);
    expect.verifySteps(["status bridge_absent"]);
    await advanceTime(RATE_LIMITED_MS - 1);
    expect(sockets.length).toBe(1);
    await advanceTime(1);
    await animationFrame();
    expect(sockets.length).toBe(2);
});

test("silence where no leave is needed: nobody is there, after two seconds", async () => {
    await makeSource();
    await advanceTime(PATIENCE_MS - 100);
    expect.verifySteps([]);
    await advanceTime(100);
    await animationFrame();
    expect.verifySteps(["status bridge_absent"]);
    expect(sockets[0].closed).toBe(true);
});

test("silence while the browser asks: says so, and leaves the question on the screen", async () => {
    const { source, asked } = await makeSource({ states: { "loopback-network": "prompt" } });
    await advanceTime(PATIENCE_MS);
    await animationFrame();
    expect.verifySteps(["status permission_asked"]);
    expect(source.permission).toBe("asked");
    expect(sockets[0].closed).toBe(false);
    asked.change("loopback-network", "granted");
    await animationFrame();
    sockets.at(-1).open();
    sockets.at(-1).say({ type: "hello", readers: ["ACR122U"] });
    expect.verifySteps(["status ready"]);
    expect(source.permission).toBe("granted");
});

test("a question that nobody answers is put again", async () => {
    await makeSource({ states: { "loopback-network": "prompt" } });
    await advanceTime(PATIENCE_MS);
    await animationFrame();
    await advanceTime(ASKED_MS);
    expect(sockets[0].closed).toBe(true);
    await advanceTime(RETRY_MS[0]);
    await animationFrame();
    expect(sockets.length).toBe(2);
    expect.verifySteps(["status permission_asked", "status bridge_absent"]);
});

test("refused: nothing is opened until the browser says otherwise", async () => {
    const { asked } = await makeSource({ states: { "loopback-network": "denied" } });
    expect.verifySteps(["status permission_refused"]);
    await advanceTime(120000);
    expect(sockets.length).toBe(0);
    asked.change("loopback-network", "granted");
    await animationFrame();
    expect(sockets.length).toBe(1);
});

test("refused while waiting", async () => {
    const { asked } = await makeSource({ states: { "loopback-network": "prompt" } });
    asked.states["loopback-network"] = "denied";
    await advanceTime(PATIENCE_MS);
    await animationFrame();
    expect.verifySteps(["status permission_refused"]);
    expect(sockets[0].closed).toBe(true);
});

test("asks under the newer name, then the older, and works where there is neither", async () => {
    const older = await makeSource({ states: { "local-network-access": "denied" } });
    expect(older.asked.asked).toEqual(["loopback-network", "local-network-access"]);
    expect.verifySteps(["status permission_refused"]);
    const neither = await makeSource();
    expect(neither.source.permission).toBe("none");
    expect(sockets.length).toBe(1);
    const source = follow(
        new BridgeSource({
            storage: neither.storage,
            permissions: undefined,
            Socket: FakeSocket,
        })
    );
    source.permissions = undefined; // plain http: there is no such object
    source.start();
    await animationFrame();
    expect(sockets.length).toBe(2);
});

test("stopped, it lets go and says nothing more", async () => {
    const { source } = await makeReady();
    source.stop();
    expect(sockets[0].closed).toBe(true);
    sockets[0].say({ type: "card", uid: UID, reader: "ACR122U", at: now() });
    sockets[0].end();
    await advanceTime(10000);
    expect(sockets.length).toBe(1);
    expect.verifySteps([]);
    source.start();
    await animationFrame();
    expect(sockets.length).toBe(2);
});

test("stopped while the browser is being asked, it opens nothing", async () => {
    const source = new BridgeSource({
        storage: { getItem: () => "ABCDE" },
        permissions: permissions({}),
        Socket: FakeSocket,
    });
    source.start();
    source.stop();
    await animationFrame();
    expect(sockets.length).toBe(0);
});

test("reads what is stored in a card", async () => {
    const { source } = await makeReady();
    const first = source.readNdef();
    const second = source.readNdef();
    expect(sockets[0].sent.slice(1)).toEqual([{ type: "read_ndef" }, { type: "read_ndef" }]);
    sockets[0].say({ type: "ndef", uid: UID, message: "D1", records: [{ uri: "https://x" }] });
    sockets[0].say({ type: "error", code: "card_withdrawn", about: "read_ndef" });
    expect((await first).records[0].uri).toBe("https://x");
    await expect(second).rejects.toThrow("card_withdrawn");
    expect.verifySteps([]);
    const third = source.readNdef();
    sockets[0].end();
    await expect(third).rejects.toThrow("bridge_absent");
    await expect(source.readNdef()).rejects.toThrow("bridge_absent");
});

test("beeps when there is somebody to", async () => {
    const { source } = await makeReady();
    source.beep();
    source.beep(false);
    expect(sockets[0].sent.slice(1)).toEqual([
        { type: "beep", ok: true },
        { type: "beep", ok: false },
    ]);
    source.stop();
    source.beep();
    expect(sockets[0].sent.length).toBe(3);
});
