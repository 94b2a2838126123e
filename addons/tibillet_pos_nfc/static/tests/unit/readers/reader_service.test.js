import { expect, test } from "@odoo/hoot";
import { ReaderService } from "@tibillet_pos_nfc/app/readers/reader_service";
import { ReaderSource } from "@tibillet_pos_nfc/app/readers/reader_source";
import { SimulatedSource } from "@tibillet_pos_nfc/app/readers/simulated_source";
import { follow } from "./helpers";

class Source extends ReaderSource {
    constructor(name) {
        super();
        this.name = name;
    }
    start() {
        expect.step(`${this.name} started`);
    }
    stop() {
        expect.step(`${this.name} stopped`);
    }
}

test("starts and stops its sources, each once", () => {
    const service = new ReaderService();
    const [first, second, late] = ["first", "second", "late"].map((name) => new Source(name));
    service.addSource(first);
    service.addSource(second);
    service.addSource(first);
    expect.verifySteps([]);
    service.start();
    service.start();
    expect.verifySteps(["first started", "second started"]);
    service.addSource(late);
    expect.verifySteps(["late started"]);
    service.removeSource(second);
    expect.verifySteps(["second stopped"]);
    service.stop();
    service.stop();
    expect.verifySteps(["first stopped", "late stopped"]);
});

test("tells what a source says, and which one", () => {
    const service = new ReaderService();
    const source = new ReaderSource();
    source.name = "bridge";
    service.addSource(source);
    service.start();
    const told = [];
    for (const type of ["card", "removed", "error", "status"]) {
        service.addEventListener(type, ({ detail }) => told.push([type, detail]));
    }
    const from = Date.now();
    source.emit("card", { uid: "04a1b2c3d4e5f6", reader: "ACR122U" });
    source.emit("card", { uid: "DEADBEEF", reader: "ACR122U", at: 12 });
    source.emit("removed", { reader: "ACR122U" });
    source.emit("error", { code: "two_cards" });
    source.emit("status", { code: "ready" });
    const { at } = told[0][1];
    expect(at >= from && at <= Date.now()).toBe(true);
    expect(told).toEqual([
        ["card", { uid: "04A1B2C3D4E5F6", reader: "ACR122U", at, source: "bridge" }],
        ["card", { uid: "DEADBEEF", reader: "ACR122U", at: 12, source: "bridge" }],
        ["removed", { reader: "ACR122U", source: "bridge" }],
        ["error", { code: "two_cards", source: "bridge" }],
        ["status", { code: "ready", source: "bridge" }],
    ]);
});

test("a number that is not 4, 7 or 10 whole bytes is no card", () => {
    const service = follow(new ReaderService());
    const source = new ReaderSource();
    service.addSource(source);
    service.start();
    for (const uid of ["", undefined, "04", "04A1B2C3D", "04A1B2C3D4E5", "GGGGGGGG", "DEADBEEF "]) {
        source.emit("card", { uid });
        expect.verifySteps(["error card_unknown"]);
    }
    for (const uid of ["DEADBEEF", "04A1B2C3D4E5F6", "88112233445566778899"]) {
        source.emit("card", { uid });
        expect.verifySteps([`card ${uid}`]);
    }
});

test("a stopped reader says nothing, nor does a source that was taken away", () => {
    const service = follow(new ReaderService());
    const source = new ReaderSource();
    service.addSource(source);
    source.emit("card", { uid: "DEADBEEF" });
    service.start();
    service.stop();
    source.emit("card", { uid: "DEADBEEF" });
    service.start();
    service.removeSource(source);
    source.emit("card", { uid: "DEADBEEF" });
    expect.verifySteps([]);
});

test("the simulated reader is refused unless the server allows it", () => {
    for (const options of [undefined, {}, { allowed: false }, { allowed: "yes" }, { allowed: 1 }]) {
        const source = follow(new SimulatedSource(options));
        source.start();
        source.tap("DEADBEEF");
        source.insert("DEADBEEF");
        source.fail("two_cards");
        source.stop();
        expect.verifySteps(["error not_allowed"]);
    }
});

test("the simulated reader, allowed, behaves like one", () => {
    const source = follow(new SimulatedSource({ allowed: true }));
    source.tap("DEADBEEF");
    expect.verifySteps([]);
    source.start();
    source.tap("DEADBEEF");
    expect.verifySteps(["card DEADBEEF", "removed"]);
    source.insert("DEADBEEF");
    source.insert("04A1B2C3D4E5F6");
    expect.verifySteps(["card DEADBEEF", "error two_cards"]);
    source.remove();
    source.remove();
    expect.verifySteps(["removed"]);
    source.fail("reader_unplugged");
    expect.verifySteps(["error reader_unplugged"]);
    source.insert("DEADBEEF");
    source.stop();
    expect.verifySteps(["card DEADBEEF", "removed"]);
    source.tap("DEADBEEF");
    expect.verifySteps([]);
});
