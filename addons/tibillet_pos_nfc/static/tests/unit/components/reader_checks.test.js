import { expect, test } from "@odoo/hoot";
import { checks } from "@tibillet_pos_nfc/app/components/reader_check/checks";

function makeTill({ paired = true, codes = {}, ...sources } = {}) {
    return { state: { paired }, reader: { codes, ...sources } };
}

const READY = { code: "ready", permission: "granted", readers: ["ACS ACR122U"] };

/** `id: yes | no | unknown` of each check. */
function found(till, browser) {
    return checks(till, { isSecure: true, ...browser }).map(
        ({ id, ok }) => `${id}: ${ok === null ? "unknown" : ok ? "yes" : "no"}`
    );
}

test("all is well", () => {
    expect(found(makeTill({ bridge: READY }))).toEqual([
        "address: yes",
        "pairing: yes",
        "permission: yes",
        "bridge: yes",
    ]);
});

test("each thing that stands in the way is a no with a sentence", () => {
    const ways = [
        ["address", makeTill({ bridge: READY }), { isSecure: false }],
        ["pairing", makeTill({ bridge: READY, paired: false })],
        ["permission", makeTill({ bridge: { ...READY, permission: "refused" } })],
        ["bridge", makeTill({ bridge: { code: "bridge_absent", readers: [] } })],
        ["bridge", makeTill({ bridge: { code: "bridge_unpaired", readers: [] } })],
        ["bridge", makeTill({ bridge: { code: "reader_unplugged", readers: [] } })],
        ["keyboard", makeTill({ wedge: { lastTyped: "12345" } })],
        ["phone", makeTill({ phone: {}, codes: { phone: "nfc_absent" } })],
        ["phone", makeTill({ phone: {}, codes: { phone: "nfc_touch" } })],
        ["phone", makeTill({ phone: {}, codes: { phone: "nfc_refused" } })],
        ["phone", makeTill({ phone: {}, codes: { phone: "nfc_off" } })],
    ];
    for (const [id, till, browser] of ways) {
        const wrong = checks(till, { isSecure: true, ...browser }).filter(({ ok }) => ok === false);
        expect(wrong.map((check) => check.id)).toEqual([id]);
        expect(Boolean(wrong[0].text)).toBe(true);
    }
});

test("what cannot be known is not called wrong", () => {
    expect(found(makeTill({ wedge: { lastTyped: "" } }))).toEqual([
        "address: yes",
        "pairing: yes",
        "keyboard: unknown",
    ]);
    expect(found(makeTill({ bridge: { code: "", readers: [] } }))).toInclude("bridge: unknown");
});

test("only an unlinked reader program can be linked from here", () => {
    const act = (code) =>
        checks(makeTill({ bridge: { code, readers: [] } })).find(({ id }) => id === "bridge").act;
    expect(act("bridge_unpaired")).toBe("link");
    expect(act("bridge_absent")).toBe(undefined);
});
