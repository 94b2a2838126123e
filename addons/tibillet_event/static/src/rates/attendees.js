import { rpc } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import { ModalRegistration } from "@website_event/interactions/modal_registration";

/**
 * The form of attendees is asked about before it is sent: what would be refused is said beside it,
 * and nothing that was typed is lost. The server checks again when it is sent.
 */
patch(ModalRegistration.prototype, {
    async onSubmit(ev) {
        const form = ev.currentTarget;
        const box = form.querySelector(".o_tibillet_sentences");
        if (!box) {
            return super.onSubmit(...arguments);
        }
        ev.preventDefault();
        const url = form.getAttribute("action").replace(/confirm$/, "check");
        const sentences = await this.waitFor(rpc(url, Object.fromEntries(new FormData(form))));
        box.replaceChildren(
            ...sentences.map((sentence) => {
                const line = document.createElement("p");
                line.className = "mb-1";
                line.textContent = sentence;
                return line;
            })
        );
        box.classList.toggle("d-none", !sentences.length);
        if (sentences.length) {
            box.focus();
            return undefined;
        }
        return super.onSubmit({ preventDefault: () => {}, currentTarget: form });
    },
});
