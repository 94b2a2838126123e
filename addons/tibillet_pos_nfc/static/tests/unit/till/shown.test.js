import { advanceTime, describe, expect, test } from "@odoo/hoot";
import { YES_MS } from "@tibillet_pos_nfc/app/till/till_band";
import { TillReader } from "@tibillet_pos_nfc/app/till/till_reader";
import { makeParts } from "./helpers";

describe("band", () => {
    test("yes goes away by itself, a refusal stays", async () => {
        const { band } = makeParts();
        band.show({ code: "paid", tone: "yes" });
        await advanceTime(YES_MS - 1);
        expect(band.shown.code).toBe("paid");
        await advanceTime(1);
        expect(band.shown).toBe(null);
        band.show({ code: "card_lost", tone: "no" });
        await advanceTime(100 * YES_MS);
        expect(band.shown.code).toBe("card_lost");
    });

    test("the time of a yes does not take away what came after it", async () => {
        const { band } = makeParts();
        band.show({ code: "paid", tone: "yes" });
        await advanceTime(YES_MS - 1);
        band.show({ code: "card_lost", tone: "no" });
        await advanceTime(YES_MS);
        expect(band.shown.code).toBe("card_lost");
    });

    test("an answer is heard, a wait and a card are not", () => {
        const { band, sounds } = makeParts();
        for (const tone of ["yes", "wait", "no", "card", "look"]) {
            band.show({ code: tone, tone });
        }
        expect(sounds.played).toEqual(["yes", "no", "look"]);
    });

    test("only what it names is closed", () => {
        const { band } = makeParts();
        band.show({ code: "card_lost", tone: "no" });
        band.closeIf(["tap_now"]);
        expect(band.shown.code).toBe("card_lost");
        band.closeIf(["tap_now", "card_lost"]);
        expect(band.shown).toBe(null);
    });
});

describe("reader of the till", () => {
    function makeReader({ wanted = "both", format = "hex", simulated = false } = {}) {
        const parts = makeParts();
        const reader = new TillReader({
            ...parts,
            config: { tibillet_reader: wanted, tibillet_wedge_format: format },
            isSimulated: () => simulated,
            onCard: ({ uid }) => expect.step(uid),
        });
        return { ...parts, reader };
    }
    const told = ({ reader, band }, code) => {
        band.close();
        reader.onStatus({ code, source: "bridge" });
        return band.shown?.code ?? null;
    };

    test("a bridge that is absent matters only where it is the one reader", () => {
        expect(told(makeReader({ wanted: "bridge" }), "bridge_absent")).toBe("bridge_absent");
        expect(told(makeReader({ wanted: "both" }), "bridge_absent")).toBe(null);
        expect(told(makeReader({ wanted: "bridge", simulated: true }), "bridge_absent")).toBe(null);
        expect(told(makeReader({ wanted: "both" }), "reader_unplugged")).toBe("reader_unplugged");
    });

    test("a reader that works again takes its own sentence away, no other", () => {
        const parts = makeReader({ wanted: "bridge" });
        parts.reader.onStatus({ code: "reader_unplugged", source: "bridge" });
        expect(parts.reader.isAway(parts.state.reader)).toBe(true);
        parts.reader.onStatus({ code: "ready", source: "bridge" });
        expect(parts.reader.isAway(parts.state.reader)).toBe(false);
        expect(parts.band.shown).toBe(null);
        parts.band.show({ code: "card_lost", tone: "no" });
        parts.reader.onStatus({ code: "ready", source: "bridge" });
        expect(parts.band.shown.code).toBe("card_lost");
    });

    test("what is not for people is not told, nor anything while a tap is answered", () => {
        const { reader, band, state } = makeReader();
        reader.onError("bad_frame");
        expect(band.shown).toBe(null);
        state.busy = true;
        reader.onError("two_cards");
        expect(band.shown).toBe(null);
        state.busy = false;
        reader.onError("two_cards");
        expect(band.shown.code).toBe("two_cards");
    });

    test("each setting has its sources; a card reaches the till from any", () => {
        const { reader } = makeReader({ wanted: "wedge", simulated: true });
        reader.start();
        expect(reader.bridge).toBe(undefined);
        expect([...reader.service.sources.keys()].map((source) => source.name)).toEqual([
            "wedge",
            "simulated",
        ]);
        reader.simulated.tap("04A1B2C3D4E5F6");
        reader.retry();
        reader.simulated.tap("DEADBEEF");
        reader.service.stop();
        reader.simulated.tap("DEADBEEF");
        expect.verifySteps(["04A1B2C3D4E5F6", "DEADBEEF"]);
    });

    test("a reader that types is read as the till is set", () => {
        const { reader } = makeReader({ wanted: "wedge", format: "decimal_reversed" });
        reader.start();
        for (const key of [..."4022250974", "Enter"]) {
            window.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
        }
        reader.service.stop();
        expect.verifySteps(["DEADBEEF"]);
    });
});
