import { describe, expect, test } from "@odoo/hoot";
import { onlyReads } from "@tibillet_pos_nfc/app/training/training_guard";
import {
    isTraining,
    MemoryStorage,
    setTraining,
} from "@tibillet_pos_nfc/app/training/training_mode";
import { TrainingServer } from "@tibillet_pos_nfc/app/training/training_server";

const UID = "04F00000000001";
const SHORT = "04F00000000003";

function makeServer() {
    const server = new TrainingServer({ decimals: 2 });
    let seq = 0;
    const hold = (uid, amount, { upTo = null, key = `k${++seq}` } = {}) =>
        server.call("tibillet_hold", ["secret", seq, key, uid, [{ amount_minor: amount }], upTo]);
    return { server, hold };
}

describe("practice money", () => {
    test("a tap pays and says what is left", async () => {
        const { hold } = makeServer();
        const answer = await hold(UID, 600);
        expect([answer.ok, answer.amount_minor, answer.left_minor]).toEqual([true, 600, 1400]);
        expect(answer.split[0].amount_minor).toBe(600);
    });

    test("a key is answered once, whatever is asked again", async () => {
        const { server, hold } = makeServer();
        await hold(UID, 600, { key: "a" });
        await hold(UID, 600, { key: "a" });
        expect(server.left(UID)).toBe(1400);
    });

    test("short: the missing part is told, and a part may be taken", async () => {
        const { server, hold } = makeServer();
        const short = await hold(SHORT, 600);
        expect([short.ok, short.code, short.missing_minor]).toEqual([
            false,
            "insufficient_funds",
            500,
        ]);
        const part = await hold(SHORT, 600, { upTo: 100 });
        expect([part.amount_minor, part.missing_minor, server.left(SHORT)]).toEqual([100, 500, 0]);
    });

    test("what is given up is back", async () => {
        const { server, hold } = makeServer();
        await hold(UID, 600, { key: "a" });
        await server.call("tibillet_void", ["secret", 2, "a"]);
        await server.call("tibillet_void", ["secret", 3, "a"]);
        expect(server.left(UID)).toBe(2000);
    });

    test("a return goes back to the card", async () => {
        const { server, hold } = makeServer();
        const back = await hold(UID, -300);
        expect([back.code, back.amount_minor, back.left_minor]).toEqual(["back", -300, 2000]);
        expect(server.left(UID)).toBe(2300);
    });

    test("some cards are there to be refused, and the rest is not done in training", async () => {
        const { server, hold } = makeServer();
        for (const [uid, code] of [
            ["04F00000000004", "card_blocked"],
            ["04F00000000005", "card_lost"],
        ]) {
            expect((await hold(uid, 100)).code).toBe(code);
        }
        const other = await server.call("tibillet_pair", []);
        expect([other.ok, other.code, Boolean(other.message)]).toEqual([
            false,
            "not_allowed",
            true,
        ]);
        expect(server.cards).toHaveLength(5);
    });
});

describe("nothing leaves the browser", () => {
    test("only what reads goes out", () => {
        const call = (method) => [`/web/dataset/call_kw/pos.order/${method}`, { method }];
        for (const method of ["load_data", "read", "search_read", "get_closing_control_data"]) {
            expect(onlyReads(...call(method))).toBe(true);
        }
        for (const method of ["sync_from_ui", "create", "write", "unlink", "try_cash_in_out"]) {
            expect(onlyReads(...call(method))).toBe(false);
        }
        expect(onlyReads("/web/dataset/call_kw/res.partner/write")).toBe(false);
        expect(onlyReads("/pos/something")).toBe(false);
        expect(onlyReads("/web/session/get_session_info")).toBe(true);
    });

    test("the journal is written to a storage that forgets", () => {
        const real = { getItem: () => null, known: "1" };
        const memory = new MemoryStorage(real);
        memory.setItem("more", 2);
        expect([memory.getItem("known"), memory.getItem("more")]).toEqual(["1", "2"]);
        expect(real.more).toBe(undefined);
        memory.removeItem("known");
        expect([memory.getItem("known"), real.known]).toEqual([null, "1"]);
    });

    test("training is entered and left by its own word only", () => {
        const storage = new MemoryStorage({});
        expect(isTraining(storage)).toBe(false);
        setTraining(true, storage);
        expect(isTraining(storage)).toBe(true);
        setTraining(false, storage);
        expect(isTraining(storage)).toBe(false);
    });
});
