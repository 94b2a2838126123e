/** Ed25519: by the browser where it knows it, by the vendored library elsewhere. */

import { fromBase64Url } from "./bytes.js";

const noble = () => import("../lib/noble-ed25519/index.js");

export class Signatures {
    /** @param {{native?: boolean}} options `native: false` never asks the browser (tests, bench) */
    constructor({ native = true } = {}) {
        this.native = native;
        this.keys = new Map();
    }

    /**
     * @param {Object} jwk OKP, Ed25519
     * @param {Uint8Array} signature
     * @param {Uint8Array} signed
     * @returns {Promise<boolean>}
     */
    async check(jwk, signature, signed) {
        if (jwk?.kty !== "OKP" || jwk.crv !== "Ed25519" || typeof jwk.x !== "string") {
            return false;
        }
        const key = this.native && (await this._key(jwk.x));
        if (key) {
            return crypto.subtle.verify({ name: "Ed25519" }, key, signature, signed);
        }
        const { verifyAsync } = await noble();
        try {
            return await verifyAsync(signature, signed, fromBase64Url(jwk.x), { zip215: false });
        } catch {
            return false;
        }
    }

    async _key(x) {
        if (!this.keys.has(x)) {
            const algorithm = { name: "Ed25519" };
            const coming = crypto.subtle.importKey("raw", fromBase64Url(x), algorithm, false, [
                "verify",
            ]);
            this.keys.set(
                x,
                coming.catch(() => null)
            );
        }
        return this.keys.get(x);
    }
}
