import { describe, expect, test } from "@odoo/hoot";
import { MAX_MINOR, readAmount } from "@tibillet_pos_nfc/app/cash/amount";
import { DrawerOpenings } from "@tibillet_pos_nfc/app/cash/drawer_openings";

describe("amounts as typed", () => {
    for (const [typed, minor] of [
        ["150,50", 15050],
        ["150.50", 15050],
        ["150,5", 15050],
        ["1 500,05", 150005],
        ["1\u202f500,05 €", 150005],
        ["1.500,05", 150005],
        ["1,500.05", 150005],
        ["0", 0],
        [150.5, 15050],
        ["1.500", null],
        ["12,345", null],
        ["-5", null],
        ["", null],
        ["abc", null],
        ["1e5", null],
        [undefined, null],
        [String(MAX_MINOR), null],
    ]) {
        test(`“${typed}”`, () => {
            expect(readAmount(typed)).toBe(minor);
        });
    }
});

describe("openings of the drawer", () => {
    function makeStorage() {
        const kept = new Map();
        return {
            getItem: (key) => kept.get(key) ?? null,
            setItem: (key, value) => kept.set(key, value),
        };
    }

    test("one that could not be sent goes with the next one", async () => {
        const sent = [];
        let online = false;
        const openings = new DrawerOpenings(makeStorage(), "till", async (reason) => {
            if (!online) {
                throw new Error("offline");
            }
            sent.push(reason);
            return { ok: true };
        });
        await openings.note("sale");
        expect(openings.waiting.map(({ reason }) => reason)).toEqual(["sale"]);
        online = true;
        await openings.note("other");
        expect(sent).toEqual(["sale", "other"]);
        expect(openings.waiting).toEqual([]);
    });

    test("one whose answer was lost is sent again with its own key", async () => {
        const keys = [];
        const openings = new DrawerOpenings(makeStorage(), "till", async (_reason, key) => {
            keys.push(key);
            if (keys.length === 1) {
                throw new Error("the answer is lost");
            }
            return { ok: true };
        });
        await openings.note("sale");
        await openings.note("sale");
        expect(keys.length).toBe(3);
        expect(keys[1]).toBe(keys[0]);
        expect(keys[2]).not.toBe(keys[0]);
    });
});
