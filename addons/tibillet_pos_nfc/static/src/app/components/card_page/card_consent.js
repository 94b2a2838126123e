import { _t } from "@web/core/l10n/translation";
import { CardStep } from "./card_step";

/** The holder's own word on offers by habit: asked aloud, noted, taken back as easily. */
export class CardConsent extends CardStep {
    static template = "tibillet_pos_nfc.CardConsent";

    get agreed() {
        return this.page.page.consent;
    }

    async note(agrees) {
        const answer = await this.page.ask("consent", { agrees });
        if (answer) {
            const title = agrees ? _t("Agreed to offers") : _t("No more offers");
            await this.page.finish({ ...answer, title });
        }
    }
}
