import { _t } from "@web/core/l10n/translation";
import { CardStep } from "./card_step";

/** In whose name the card goes: known by e-mail or telephone, or new. */
export class CardLink extends CardStep {
    static template = "tibillet_pos_nfc.CardLink";

    blank() {
        return { email: "", phone: "", name: "", code: "" };
    }

    async link() {
        const answer = await this.page.ask("link", { ...this.state });
        if (answer) {
            await this.page.finish({ ...answer, title: _t("It is done") });
        }
    }
}

/** The card is refused everywhere from now on. */
export class CardLost extends CardStep {
    static template = "tibillet_pos_nfc.CardLost";

    async block() {
        const answer = await this.page.ask("lost", {});
        if (answer) {
            await this.page.finish({ ...answer, title: _t("Blocked") });
        }
    }
}

/** The card on the reader takes over from one that is gone. */
export class CardReplace extends CardStep {
    static template = "tibillet_pos_nfc.CardReplace";

    blank() {
        return { old: "", receipt: "", code: "", identity_checked: false };
    }

    async block() {
        const { old, receipt } = this.state;
        if (!old.trim() && !receipt.trim()) {
            this.page.refuse(
                _t("Type the number of the lost card, or of a receipt of its top-up.")
            );
            return;
        }
        const answer = await this.page.ask("lost", { old, receipt });
        if (answer) {
            await this.page.finish({ ...answer, title: _t("Blocked") });
        }
    }

    async replace() {
        const answer = await this.page.ask("replace", { ...this.state });
        if (answer) {
            await this.page.finish({ ...answer, title: _t("The new card is ready") });
        }
    }
}

/** Blank again, for somebody else. */
export class CardRecycle extends CardStep {
    static template = "tibillet_pos_nfc.CardRecycle";

    blank() {
        return { holder_agrees: false };
    }

    async recycle() {
        const answer = await this.page.ask("recycle", { ...this.state });
        if (answer) {
            await this.page.finish({ ...answer, title: _t("The card is blank") });
        }
    }
}

/** What the card did: for a manager, with a reason that is kept. */
export class CardMoves extends CardStep {
    static template = "tibillet_pos_nfc.CardMoves";

    blank() {
        return { reason: "", moves: null };
    }

    async look() {
        const answer = await this.page.ask("moves", { reason: this.state.reason });
        if (answer) {
            this.state.moves = answer.moves;
        }
    }
}
