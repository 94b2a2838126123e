import { after, expect, getFixture, test, tick } from "@odoo/hoot";
import { WebNfcSource } from "@tibillet_pos_nfc/app/readers/web_nfc_source";
import { follow } from "./helpers";

/** The browser's reader, as far as it goes without a chip; `refusal` is how `scan` ends. */
function makeReader(refusal = "") {
    return class FakeReader extends EventTarget {
        static scans = [];

        async scan({ signal }) {
            FakeReader.scans.push(this);
            this.signal = signal;
            if (refusal) {
                throw new DOMException("no", refusal);
            }
        }
    };
}

function makeSource(Reader, state = "granted") {
    const permissions = {
        query: async ({ name }) => {
            if (!state || name !== "nfc") {
                throw new TypeError("unknown permission");
            }
            return { state };
        },
    };
    const source = follow(new WebNfcSource({ Reader, permissions, target: getFixture() }));
    after(() => source.stop());
    return source;
}

async function touch() {
    getFixture().dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await tick();
}

function read(reader, serialNumber) {
    reader.dispatchEvent(Object.assign(new Event("reading"), { serialNumber }));
}

test("a phone that may read does so at once", async () => {
    const Reader = makeReader();
    await makeSource(Reader).start();
    expect.verifySteps(["status ready"]);
    read(Reader.scans[0], "04:a2:3b:1c:9f:61:80");
    expect.verifySteps(["card 04a23b1c9f6180"]);
});

test("leave is asked after a touch, once", async () => {
    const Reader = makeReader();
    await makeSource(Reader, "prompt").start();
    expect.verifySteps(["status nfc_touch"]);
    expect(Reader.scans).toHaveLength(0);
    await touch();
    await touch();
    expect(Reader.scans).toHaveLength(1);
    expect.verifySteps(["status ready"]);
});

test("a browser that does not know the question is asked by reading", async () => {
    const Reader = makeReader();
    await makeSource(Reader, "").start();
    expect.verifySteps(["status nfc_touch"]);
    await touch();
    expect.verifySteps(["status ready"]);
});

test("no chip, no leave, switched off: each says so", async () => {
    await makeSource(undefined).start();
    expect.verifySteps(["status nfc_absent"]);
    await makeSource(makeReader(), "denied").start();
    expect.verifySteps(["status nfc_refused"]);
    for (const [name, code] of [
        ["NotAllowedError", "nfc_refused"],
        ["NotSupportedError", "nfc_absent"],
        ["NotReadableError", "nfc_off"],
        ["SomethingNew", "nfc_off"],
    ]) {
        await makeSource(makeReader(name)).start();
        expect.verifySteps([`status ${code}`]);
    }
});

test("a card that left too early is an error", async () => {
    const Reader = makeReader();
    await makeSource(Reader).start();
    Reader.scans[0].dispatchEvent(new Event("readingerror"));
    expect.verifySteps(["status ready", "error card_withdrawn"]);
});

test("stopped, it hears nothing more and asks nothing", async () => {
    const Reader = makeReader();
    const source = makeSource(Reader);
    await source.start();
    source.stop();
    expect(Reader.scans[0].signal.aborted).toBe(true);
    read(Reader.scans[0], "04:a2:3b:1c");
    const waiting = makeSource(Reader, "prompt");
    await waiting.start();
    waiting.stop();
    await touch();
    expect(Reader.scans).toHaveLength(1);
    expect.verifySteps(["status ready", "status nfc_touch"]);
});

test("started again, it reads again", async () => {
    const Reader = makeReader();
    const source = makeSource(Reader);
    await source.start();
    await source.start();
    read(Reader.scans[0], "04:a2:3b:1c");
    read(Reader.scans[1], "04:a2:3b:1c");
    expect.verifySteps(["status ready", "status ready", "card 04a23b1c"]);
});
