import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { CardPage } from "@tibillet_pos_nfc/app/components/card_page/card_page";
import { describe } from "./states";
import { failed } from "./till_client";

const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const LOST = ["server_slow", "server_gone"];

/** A key that is printed on a receipt and typed again from it: 80 bits, no sign for another. */
export function receiptKey(random = crypto.getRandomValues(new Uint8Array(16))) {
    const signs = [...random].map((byte) => ALPHABET[byte % 32]).join("");
    return signs.match(/.{4}/g).join("-");
}

/**
 * The pages of cards, and the acts that they ask the server for.
 *
 * An act is numbered and stored before it is sent, and repeated with its own number and key: one
 * that nobody waits for any more is given up at the server, which says if it was done before.
 */
export class CardPages {
    /** @param {import("./till_service").Till} till */
    constructor(till) {
        this.till = till;
        this.page = null;
        this.asking = new Set();
    }

    opened(page) {
        this.page = page;
        const { notice } = page.page;
        if (notice) {
            this.call("tibillet_notice_shown", page.props.uid, notice.key).catch(() => {});
        }
    }

    closed(page) {
        if (this.page === page) {
            this.page = null;
        }
    }

    call(method, ...args) {
        return this.till.client.call(method, [this.till.journal.credential, ...args]);
    }

    // -- the page ------------------------------------------------------------------------------

    /** One question about a card that changes nothing: asked again when the server is slow. */
    async look(method, uid) {
        const { till } = this;
        try {
            return await till.client.patiently(() => this.call(method, uid));
        } catch (error) {
            return { ok: false, code: "not_allowed", message: this.words(error) };
        }
    }

    words(error) {
        return (error instanceof RPCError && error.data?.message) || _t("The server refused it.");
    }

    async open(uid) {
        const { till } = this;
        till.state.busy = true;
        const page = await this.look("tibillet_card_page", uid);
        till.state.busy = false;
        if (page.unpaired) {
            till.pairing.unpair();
            till.band.show(describe("not_paired"));
            return;
        }
        if (!page.ok) {
            till.band.show(describe(page.code, { message: page.message }));
            return;
        }
        till.band.close();
        this.page?.leave();
        till.dialog.add(CardPage, { till, uid, page });
    }

    /**
     * The page of a card that is not on the reader.
     *
     * @returns {Promise<string>} why not, or nothing
     */
    async openTyped(uid) {
        const { till } = this;
        const page = await this.look("tibillet_card_page", uid);
        if (!page.ok) {
            return page.message || _t("The server does not answer. Try again.");
        }
        this.page?.leave();
        till.dialog.add(CardPage, { till, uid, page });
        return "";
    }

    // -- acts ----------------------------------------------------------------------------------

    allot(uid, name, values) {
        return this.till.journal.allot("card", receiptKey(), { uid, name, values });
    }

    request(act) {
        return this.call("tibillet_card_act", act.seq, act.key, act.uid, act.name, act.values);
    }

    /** @returns {Promise<Object>} the answer; `lost` when none came and the act may be repeated */
    async send(act) {
        this.asking.add(act.seq);
        let answer;
        try {
            answer = await this.till.client.patiently(() => this.request(act));
        } catch (error) {
            answer = { ...failed(error), message: this.words(error) };
        }
        if (LOST.includes(answer.code) && !answer.message) {
            return { ...answer, lost: true };
        }
        this.settled(act, answer);
        return answer;
    }

    settled(act, answer) {
        this.till.journal.answered(act.seq, answer);
        this.asking.delete(act.seq);
    }

    /** Nobody waits for it any more. */
    leave(act) {
        this.asking.delete(act.seq);
        this.settle();
    }

    /** Give up what was left without an answer; what was done all the same is told. */
    async settle() {
        const { journal, client, band } = this.till;
        for (const act of journal.pending("card")) {
            if (this.asking.has(act.seq)) {
                continue;
            }
            this.asking.add(act.seq);
            try {
                const known = journal.pending("void").find((other) => other.key === act.key);
                const gone = known || journal.allot("void", act.key);
                const told = await client.release(journal.credential, [
                    { seq: gone.seq, key: gone.key },
                ]);
                const answer = told.ok ? await this.request(act) : told;
                if (!told.ok || answer.unnumbered) {
                    this.asking.delete(act.seq); // asked too often: the next turn tries again
                    return;
                }
                journal.settle(gone.seq);
                this.settled(act, answer);
                if (answer.ok && act.name !== "topup") {
                    band.show(describe("card_act_done", { message: answer.message }));
                }
            } catch {
                this.asking.delete(act.seq); // out of touch: the next turn tries again
                return;
            }
        }
    }
}
