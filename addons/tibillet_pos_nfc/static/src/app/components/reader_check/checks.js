import { _t } from "@web/core/l10n/translation";
import { describe } from "@tibillet_pos_nfc/app/till/states";

/**
 * What a reader needs, in the order in which to look: each with `ok` (null: cannot be known), a
 * title and a sentence that says what to do.
 *
 * @param {import("@tibillet_pos_nfc/app/till/till_service").Till} till
 * @param {{isSecure: boolean}} [browser]
 * @returns {{id: string, ok: boolean|null, title: string, text: string, act?: string}[]}
 */
export function checks(till, { isSecure = window.isSecureContext } = {}) {
    const { reader, state } = till;
    return [
        address(isSecure),
        pairing(state.paired),
        ...(reader.bridge ? [permission(reader.bridge), bridge(reader.bridge)] : []),
        ...(reader.wedge ? [keyboard(reader.wedge)] : []),
        ...(reader.phone ? [phone(reader.codes.phone)] : []),
    ];
}

function address(ok) {
    return {
        id: "address",
        ok,
        title: _t("The address of this page is secure"),
        text: ok
            ? ""
            : _t(
                  "A browser lets only secure pages read cards: open the till by its https address, or on this machine by localhost."
              ),
    };
}

function pairing(ok) {
    return {
        id: "pairing",
        ok,
        title: _t("This till is paired"),
        text: ok ? "" : _t("A manager pairs it once, with a code."),
    };
}

function permission({ permission: answer }) {
    const texts = {
        asked: _t("The browser asks for your permission: answer “Allow” at the top of the window."),
        refused: _t("Click the padlock beside the address, allow “local network”, then try again."),
    };
    return {
        id: "permission",
        ok: !(answer in texts),
        title: _t("The browser may talk to the reader program"),
        text: texts[answer] || "",
    };
}

function bridge({ code, readers }) {
    if (code === "ready") {
        return {
            id: "bridge",
            ok: true,
            title: _t("A reader is plugged in"),
            text: readers.join(" · "),
        };
    }
    const waits = code === "" || code.startsWith("permission");
    return {
        id: "bridge",
        ok: waits ? null : false,
        title: waits ? _t("The reader program") : describe(code).title,
        text: waits ? _t("It is being looked for.") : whatToDo(code),
        act: code === "bridge_unpaired" ? "link" : undefined,
    };
}

function whatToDo(code) {
    return {
        bridge_absent: _t(
            "Start the reader program on this machine. On a phone or tablet there is none: choose another reader in the till's settings."
        ),
        bridge_unpaired: _t("Type once the code that the reader program showed."),
        reader_unplugged: _t("Plug the reader in, or try another socket; it starts by itself."),
    }[code];
}

function keyboard({ lastTyped }) {
    return {
        id: "keyboard",
        ok: lastTyped ? false : null,
        title: _t("A reader that types"),
        text: lastTyped
            ? _t(
                  "“%(typed)s” was typed, which is no card number in the form that the till is set to: change “It types” in the till's settings.",
                  { typed: lastTyped }
              )
            : _t("It shows itself by typing: tap a card."),
    };
}

function phone(code) {
    if (code === "ready") {
        return { id: "phone", ok: true, title: _t("This phone reads cards"), text: "" };
    }
    const texts = {
        nfc_absent: _t(
            "It takes a phone with an NFC chip and Chrome on Android; an iPhone cannot do it."
        ),
        nfc_touch: _t("Touch this window once: the browser then asks for your leave."),
        nfc_refused: _t("Touch the padlock beside the address, allow “NFC”, then try again."),
        nfc_off: _t("Switch NFC on in the phone's settings, then try again."),
    };
    return {
        id: "phone",
        ok: code in texts ? false : null,
        title: code in texts ? describe(code).title : _t("This phone's own reader"),
        text: texts[code] || _t("It is being looked for."),
    };
}
