import { advanceTime, after, beforeEach, expect, getFixture, test } from "@odoo/hoot";
import { WedgeSource } from "@tibillet_pos_nfc/app/readers/wedge_source";
import { follow } from "./helpers";

let clock;

beforeEach(() => {
    clock = 1000;
});

function makeSource(options) {
    const source = follow(new WedgeSource({ target: getFixture(), ...options }));
    source.start();
    after(() => source.stop());
    return source;
}

/** Where keys land; what reaches it is noted. */
function makeTarget(tag = "button") {
    const target = document.createElement(tag);
    getFixture().appendChild(target);
    target.reached = [];
    for (const type of ["keydown", "keyup"]) {
        target.addEventListener(type, (event) => {
            target.reached.push(`${type === "keydown" ? "+" : "-"}${event.key}`);
        });
    }
    return target;
}

const AZERTY = { 1: "&", 2: "é", 3: '"', 4: "'", 5: "(", 6: "-", 7: "è", 8: "_", 9: "ç", 0: "à" };

function codeOf(character) {
    return /\d/.test(character)
        ? `Digit${character}`
        : /[a-z]/i.test(character)
          ? `Key${character.toUpperCase()}`
          : character;
}

/** One key; `key` is what the layout makes of the place `code`. */
function press(target, key, { gap = 10, code = codeOf(key), hold = 3, ...more } = {}) {
    for (const [type, time] of [
        ["keydown", gap],
        ["keyup", hold],
    ]) {
        clock += time;
        const event = new KeyboardEvent(type, {
            key,
            code,
            bubbles: true,
            cancelable: true,
            ...more,
        });
        Object.defineProperty(event, "timeStamp", { value: clock });
        const typed = target.dispatchEvent(event);
        if (typed && type === "keydown" && key.length === 1 && "value" in target) {
            target.value += key;
        }
    }
}

function write(target, text, options) {
    for (const character of text) {
        press(target, character, options);
    }
}

test("a card that types its number", () => {
    const source = makeSource();
    const cards = [];
    source.addEventListener("card", ({ detail }) => cards.push(detail));
    const target = makeTarget();
    for (const uid of ["DEADBEEF", "04A1B2C3D4E5F6", "88112233445566778899"]) {
        write(target, uid);
        press(target, "Enter");
        expect.verifySteps([`card ${uid}`]);
    }
    expect(target.reached).toEqual([]);
    expect(cards[0].reader).toBe("keyboard");
    expect(cards[0].at).toBeWithin(Date.now() - 1000, Date.now());
});

test("small letters and separators", () => {
    makeSource();
    const target = makeTarget();
    write(target, "04:a1:b2:c3:d4:e5:f6");
    press(target, "Enter");
    expect.verifySteps(["card 04A1B2C3D4E5F6"]);
});

test("last byte first", () => {
    makeSource({ format: "hex_reversed" });
    const target = makeTarget();
    write(target, "F6E5D4C3B2A104");
    press(target, "Enter");
    expect.verifySteps(["card 04A1B2C3D4E5F6"]);
});

test("decimal, either order", () => {
    const plain = makeSource({ format: "decimal" });
    const target = makeTarget();
    write(target, "3735928559");
    press(target, "Enter");
    write(target, "0000001234");
    press(target, "Enter");
    write(target, "01305049417032182");
    press(target, "Enter");
    expect.verifySteps(["card DEADBEEF", "card 000004D2", "card 04A2EF7EEAA1F6"]);
    write(target, "9999999999"); // more than four bytes
    press(target, "Enter");
    write(target, "3017620422003"); // a bar code
    press(target, "Enter");
    expect.verifySteps([]);
    plain.stop();
    makeSource({ format: "decimal_reversed" });
    write(target, "4022250974");
    press(target, "Enter");
    expect.verifySteps(["card DEADBEEF"]);
});

test("a decimal number is no bar code, whatever it is in hexadecimal", () => {
    makeSource({ format: "decimal" });
    const target = makeTarget();
    write(target, String(0x96385074)); // 96385074 has the check digit of a GTIN-8
    press(target, "Enter");
    expect.verifySteps(["card 96385074"]);
});

test("a format of tomorrow is read as the usual one", () => {
    makeSource({ format: "base32" });
    const target = makeTarget();
    write(target, "DEADBEEF");
    press(target, "Enter");
    expect.verifySteps(["card DEADBEEF"]);
});

test("an American reader on a French keyboard", () => {
    makeSource();
    const target = makeTarget();
    for (const character of "04A1B2C3D4E5F6") {
        const key = AZERTY[character] ?? { A: "Q" }[character] ?? character;
        press(target, key, { code: codeOf(character) });
    }
    press(target, "Enter");
    expect.verifySteps(["card 04A1B2C3D4E5F6"]);
});

test("a French reader on a French keyboard, with its Shift keys", () => {
    makeSource();
    const target = makeTarget();
    for (const character of "04A1B2C3D4E5F6") {
        press(target, "Shift", { code: "ShiftLeft", gap: 1 });
        press(target, character, { code: character === "A" ? "KeyQ" : codeOf(character) });
    }
    press(target, "Enter");
    expect.verifySteps(["card 04A1B2C3D4E5F6"]);
});

test("a person typing on the till loses nothing, not even the order", async () => {
    makeSource();
    const target = makeTarget();
    for (const key of "12.5a0b") {
        press(target, key, { gap: 120, hold: 60 });
        await advanceTime(120);
    }
    press(target, "Enter", { gap: 120 });
    await advanceTime(120);
    expect(target.reached.join(" ")).toBe(
        "+1 -1 +2 -2 +. -. +5 -5 +a -a +0 -0 +b -b +Enter -Enter"
    );
    expect.verifySteps([]);
});

test("two keys at once, by a person", async () => {
    makeSource();
    const target = makeTarget();
    write(target, "42", { gap: 5 });
    expect(target.reached).toEqual([]);
    await advanceTime(60);
    expect(target.reached).toEqual(["+4", "-4", "+2", "-2"]);
});

test("a person who types a whole number slowly is no card", async () => {
    makeSource();
    const target = makeTarget();
    write(target, "DEADBEEF", { gap: 90 });
    press(target, "Enter", { gap: 90 });
    await advanceTime(100);
    expect.verifySteps([]);
    expect(target.reached.length).toBe(18);
});

test("a fast number and a slow Enter is no card", async () => {
    makeSource();
    const target = makeTarget();
    write(target, "DEADBEEF");
    await advanceTime(100);
    press(target, "Enter", { gap: 100 });
    expect.verifySteps([]);
    expect(target.reached.length).toBe(18);
});

test("the bar code reader gets its codes, in order, with their Enter", () => {
    makeSource();
    const target = makeTarget();
    // GTIN-13, GTIN-8, GTIN-14 and a label of our own, as long as no number of a card
    for (const code of ["3017620422003", "96385074", "10614141000415", "12345"]) {
        target.reached.length = 0;
        write(target, code);
        press(target, "Enter");
        const downs = target.reached.filter((key) => key[0] === "+").map((key) => key.slice(1));
        expect(downs).toEqual([...code, "Enter"]);
    }
    expect.verifySteps([]);
    write(target, "96385071"); // not a bar code: its check digit is wrong
    press(target, "Enter");
    expect.verifySteps(["card 96385071"]);
});

test("letters that no number has interrupt at once", () => {
    makeSource();
    const target = makeTarget();
    write(target, "DEADxBEEF");
    press(target, "Enter");
    expect(target.reached.filter((key) => key[0] === "+").join("")).toBe(
        "+D+E+A+D+x+B+E+E+F+Enter"
    );
    expect.verifySteps([]);
});

test("short cuts and held keys pass", () => {
    makeSource();
    const target = makeTarget();
    press(target, "a", { ctrlKey: true });
    press(target, "c", { metaKey: true });
    press(target, "1", { repeat: true });
    expect(target.reached).toEqual(["+a", "-a", "+c", "-c", "+1", "-1"]);
});

test("in a text field nothing is held back", () => {
    makeSource();
    const target = makeTarget("input");
    write(target, "cafe 12", { gap: 10 });
    expect(target.value).toBe("cafe 12");
    expect(target.reached.length).toBe(14);
});

test("in a text field a card leaves what was written before", () => {
    makeSource();
    const target = makeTarget("input");
    target.addEventListener("input", () => expect.step(`field ${target.value}`));
    write(target, "bar", { gap: 100 });
    clock += 500;
    write(target, "04A1B2C3D4E5F6");
    press(target, "Enter");
    expect.verifySteps(["field bar", "card 04A1B2C3D4E5F6"]);
    expect(target.reached).not.toInclude("+Enter");
});

test("two cards after each other, the second in the wake of the first", () => {
    makeSource();
    const target = makeTarget();
    for (const uid of ["DEADBEEF", "DEADBEEF", "04A1B2C3D4E5F6"]) {
        write(target, uid, { gap: 2, hold: 1 });
        press(target, "Enter", { gap: 2, hold: 1 });
    }
    expect.verifySteps(["card DEADBEEF", "card DEADBEEF", "card 04A1B2C3D4E5F6"]);
    expect(target.reached).toEqual([]);
});

test("stopped, it gives back what it held and listens no more", () => {
    const source = makeSource();
    const target = makeTarget();
    press(target, "4");
    source.stop();
    expect(target.reached).toEqual(["+4", "-4"]);
    write(target, "DEADBEEF");
    press(target, "Enter");
    expect.verifySteps([]);
    expect(target.reached.length).toBe(20);
});
