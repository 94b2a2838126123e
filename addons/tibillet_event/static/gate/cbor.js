/**
 * The part of CBOR (RFC 8949) that a ticket is written in: integers, byte strings, text, arrays
 * and maps of integers, each in its shortest form, keys in ascending order, nothing behind.
 */

const SIZES = { 24: 1, 25: 2, 26: 4, 27: 8 };
const SMALLEST = { 24: 24, 25: 0x100, 26: 0x10000, 27: 0x100000000 };
const DEEPEST = 4;

class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        this.at = 0;
    }

    take(length) {
        if (length > this.bytes.length - this.at) {
            throw new RangeError("cut");
        }
        this.at += length;
        return this.bytes.subarray(this.at - length, this.at);
    }

    number(short) {
        if (short < 24) {
            return short;
        }
        const size = SIZES[short];
        if (!size) {
            throw new RangeError("no length, or one that never ends");
        }
        const value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
        if (value < SMALLEST[short] || !Number.isSafeInteger(value)) {
            throw new RangeError("not in its shortest form");
        }
        return value;
    }

    value(depth = 0) {
        if (depth > DEEPEST) {
            throw new RangeError("too deep");
        }
        const [head] = this.take(1);
        const count = this.number(head & 0x1f);
        switch (head >> 5) {
            case 0:
                return count;
            case 1:
                return -1 - count;
            case 2:
                return this.take(count);
            case 3:
                return new TextDecoder("utf-8", { fatal: true }).decode(this.take(count));
            case 4:
                return Array.from({ length: this._held(count) }, () => this.value(depth + 1));
            case 5:
                return this.map(this._held(count), depth);
        }
        throw new RangeError("nothing that a ticket holds");
    }

    map(count, depth) {
        const map = new Map();
        let before = -1;
        for (let index = 0; index < count; index++) {
            const key = this.value(depth + 1);
            if (!Number.isSafeInteger(key) || key < 0 || key <= before) {
                throw new RangeError("keys out of order");
            }
            before = key;
            map.set(key, this.value(depth + 1));
        }
        return map;
    }

    _held(count) {
        if (count > this.bytes.length) {
            throw new RangeError("cut");
        }
        return count;
    }
}

/**
 * @param {Uint8Array} bytes one value and nothing behind it
 * @throws {RangeError|TypeError} anything else
 */
export function decodeCbor(bytes) {
    const reader = new Reader(bytes);
    const value = reader.value();
    if (reader.at !== bytes.length) {
        throw new RangeError("something behind");
    }
    return value;
}

/** Head of a byte string of this length. */
export function byteStringHead(length) {
    if (length < 24) {
        return [0x40 | length];
    }
    return length < 0x100 ? [0x58, length] : [0x59, length >> 8, length & 0xff];
}
