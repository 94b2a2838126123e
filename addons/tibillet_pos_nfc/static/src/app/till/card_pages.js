import { CardPage } from "@tibillet_pos_nfc/app/components/card_page/card_page";
import { describe } from "./states";

/** Opens the page of a card; knows which one is open, so that the next tap goes there. */
export class CardPages {
    /** @param {import("./till_service").Till} till */
    constructor(till) {
        this.till = till;
        this.page = null;
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

    /** Ask the server, without haste: it answers a refusal as well as a page. */
    async load(uid) {
        const { till } = this;
        till.state.busy = true;
        try {
            return await till.client.patiently(() => this.call("tibillet_card_page", uid));
        } catch {
            return { ok: false, code: "server_gone" };
        } finally {
            till.state.busy = false;
        }
    }

    async open(uid) {
        const { till } = this;
        const page = await this.load(uid);
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
        this.page?.props.close();
        till.dialog.add(CardPage, { till, uid, page });
    }
}
