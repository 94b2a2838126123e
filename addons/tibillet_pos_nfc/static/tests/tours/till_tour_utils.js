/** Steps of our tours: what a cashier does and sees, in few words. */

const band = (code) => `.tibillet-band[data-code="${code}"]`;

export const till = () => window.posmodel.tibilletTill;

/** The screen that greets the cashier; the session is open already. */
export function signIn() {
    return [{ trigger: ".open-register-btn", run: "click" }, { trigger: ".product-screen" }];
}

export function open() {
    return [
        ...signIn(),
        { trigger: ".product-screen" },
        { trigger: "body", run: () => (till().sounds.muted = true) },
    ];
}

export function paired() {
    return [{ trigger: ".tibillet-status[data-reader='yes']" }];
}

/** A paired till with these articles in the basket. */
export function begin(...names) {
    return [...open(), ...paired(), ...names.flatMap(add)];
}

export function add(name) {
    return [
        { trigger: `.product-list article:contains("${name}")`, run: "click" },
        { trigger: `.orderline:contains("${name}")` },
    ];
}

export function tap(uid) {
    return [
        {
            content: `tap ${uid}`,
            trigger: "body",
            run: () => till().simulated.tap(uid),
        },
    ];
}

export function sees(code, words = "") {
    return [{ trigger: band(code) + (words && `:contains("${words}")`) }];
}

export function press(key) {
    return [{ trigger: `.tibillet-key[data-key="${key}"]`, run: "click" }];
}

export function escapes() {
    return [
        { trigger: ".tibillet-band", run: "press Escape" },
        { trigger: "body:not(:has(.tibillet-band))" },
    ];
}

/** The basket is as it was: no payment line, no act to repeat, nothing in the way. */
export function noResidue(count = 1) {
    return [
        {
            content: "nothing is left of the tap",
            trigger: "body:not(:has(.tibillet-band))",
            run: () => {
                const order = window.posmodel.getOrder();
                const left = {
                    lines: order.lines.length === count ? 0 : order.lines.length,
                    payments: order.payment_ids.length,
                    acts: till().journal.acts.length,
                    busy: till().state.busy,
                    waiting: Boolean(till().waiting),
                };
                if (Object.values(left).some(Boolean)) {
                    throw new Error(`residue: ${JSON.stringify(left)}`);
                }
            },
        },
    ];
}

export function free() {
    return [
        { trigger: ".tibillet-band[data-tone='yes']" },
        {
            content: "the till is free: an empty basket",
            trigger: "body:not(:has(.orderline))",
        },
    ];
}

export function sent() {
    return [
        {
            content: "the order reached the server",
            trigger: ".tibillet-status[data-reader='yes']",
            run: async () => {
                for (let i = 0; till().unsent.uuids.length; i++) {
                    if (i > 100) {
                        throw new Error("the order was not sent");
                    }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
    ];
}

export function settled() {
    return [
        {
            content: "nothing is left to repeat",
            trigger: "body",
            run: async () => {
                for (let i = 0; till().journal.acts.length; i++) {
                    if (i > 80) {
                        throw new Error(`left: ${JSON.stringify(till().journal.acts)}`);
                    }
                    await till().settle();
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
    ];
}
