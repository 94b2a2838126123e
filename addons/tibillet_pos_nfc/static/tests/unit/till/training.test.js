import { describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { Law } from "@tibillet_pos_nfc/app/law/law";
import { enterTraining } from "@tibillet_pos_nfc/app/training/training_doors";
import { onlyReads } from "@tibillet_pos_nfc/app/training/training_guard";
import {
    isTraining,
    MemoryStorage,
    setTraining,
} from "@tibillet_pos_nfc/app/training/training_mode";
import { TrainingServer } from "@tibillet_pos_nfc/app/training/training_server";

const UID = "04F00000000001";
const SHORT = "04F00000000003";

const MEMBER = "04F00000000002";

function makeServer(parts = {}) {
    const server = new TrainingServer({ decimals: 2, ...parts });
    let seq = 0;
    const hold = (uid, amount, { upTo = null, key = `k${++seq}`, facts = null } = {}) => {
        const lines = [{ amount_minor: amount }];
        return server.call("tibillet_hold", ["secret", seq, key, uid, lines, upTo, facts]);
    };
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

describe("what a tap is told beside the money", () => {
    const law = new Law({ config: { tibillet_members_only: false } });
    const goods = {
        1: { name: "Cider", tibillet_alcohol: true },
        2: { name: "Key", tibillet_right_code: "member" },
        3: { name: "Juice" },
    };
    const lawRefusal = (ids, seen) =>
        law.refusalOf(
            ids.map((id) => goods[id]),
            seen
        );

    test("an age is asked for before practice money is taken, and once it was seen it pays", async () => {
        allowTranslations();
        const { server, hold } = makeServer({ lawRefusal });
        const asked = await hold(UID, 400, { facts: { product_ids: [3, 1], age_seen: false } });
        expect([asked.ok, asked.code, server.left(UID)]).toEqual([false, "age_needed", 2000]);
        expect(asked.message).toInclude("Cider");
        const seen = await hold(UID, 400, { facts: { product_ids: [3, 1], age_seen: true } });
        expect([seen.ok, server.left(UID)]).toEqual([true, 1600]);
    });

    test("what is for members is sold to the member's card alone", async () => {
        const { hold } = makeServer({ lawRefusal });
        const facts = { product_ids: [2] };
        expect((await hold(UID, 100, { facts })).code).toBe("not_for_this");
        expect((await hold(MEMBER, 100, { facts })).ok).toBe(true);
    });

    test("a card opens its prices first, and pays at them when asked again", async () => {
        const listFor = (isMember) =>
            isMember ? { id: 8, name: "Members" } : { id: 7, name: "Cards" };
        const { server, hold } = makeServer({ listFor });
        const facts = { reprice: true, pricelist_id: 1 };
        const other = await hold(UID, 600, { facts });
        expect([other.ok, other.code, other.pricelist_id]).toEqual([false, "other_prices", 7]);
        expect((await hold(MEMBER, 600, { facts })).pricelist_id).toBe(8);
        expect(server.left(UID)).toBe(2000);
        const again = await hold(UID, 500, { facts: { reprice: false, pricelist_id: 7 } });
        expect([again.ok, again.amount_minor]).toEqual([true, 500]);
    });

    test("a practice sale is undone once: cards have theirs back, the rest is told", async () => {
        allowTranslations();
        const payments = [
            { key: "a", amount: "6.00", method: "TiBillet", isCash: false },
            { key: "", amount: "2.00", method: "Cash", isCash: true },
            { key: "", amount: "3.00", method: "Bank card", isCash: false },
        ];
        const paymentsOf = (uuid) => (uuid === "order" ? payments : []);
        const { server, hold } = makeServer({ paymentsOf });
        await hold(UID, 600, { key: "a" });
        const undo = (key, order = "order") =>
            server.call("tibillet_undo", ["secret", 2, key, order, false]);
        const answer = await undo("u");
        expect([answer.ok, answer.code, server.left(UID)]).toEqual([true, "undone", 2000]);
        expect(answer.split[0].amount_minor).toBe(600);
        expect(answer.todo).toHaveLength(2);
        expect(answer.todo[0]).toInclude("drawer");
        expect(await undo("u")).toBe(answer);
        const again = await undo("v");
        expect([again.ok, Boolean(again.message), server.left(UID)]).toEqual([false, true, 2000]);
        expect((await undo("w", "another")).ok).toBe(false);
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

describe("who puts a till into training", () => {
    async function enter(call) {
        const told = [];
        const done = [];
        const asked = [];
        const pos = {
            session: { id: 7 },
            tibilletBy: { device: "secret", employee_id: 3 },
            data: {
                call: (...args) => {
                    asked.push(args);
                    return call();
                },
                synchronizeLocalDataInIndexedDB: async () => done.push("kept"),
            },
        };
        const dialog = {
            add: (_dialog, props) =>
                props.confirm ? (pos.confirm = props.confirm) : told.push(props.body),
        };
        enterTraining({ pos, dialog, state: { unsent: 0 }, reload: () => done.push("reload") });
        await pos.confirm();
        const entered = isTraining();
        setTraining(false);
        return { told: told.map(String), done, asked, entered };
    }

    test("the server is asked, and allows it", async () => {
        const { told, done, asked, entered } = await enter(async () => ({ ok: true }));
        expect(asked).toEqual([
            [
                "pos.session",
                "tibillet_training",
                [[7]],
                { by: { device: "secret", employee_id: 3 } },
            ],
        ]);
        expect([told, done, entered]).toEqual([[], ["kept", "reload"], true]);
    });

    test("refused, the till works on", async () => {
        const refused = async () => ({ ok: false, message: "Only a till manager" });
        const { told, done, entered } = await enter(refused);
        expect([told, done, entered]).toEqual([["Only a till manager"], [], false]);
    });

    test("without a server nobody is asked: the till works on", async () => {
        allowTranslations();
        const { told, done, entered } = await enter(async () => {
            throw new Error("offline");
        });
        expect(told[0]).toInclude("does not answer");
        expect([done, entered]).toEqual([[], false]);
    });
});
