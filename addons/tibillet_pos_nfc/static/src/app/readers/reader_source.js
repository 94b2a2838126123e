/**
 * Where taps come from. One source is one way to read a card: the bridge, a reader that types,
 * a simulated one; each speaks the same words, so that the till need not know which it was.
 *
 * Events (`detail` in brackets):
 * - `card {uid, reader, at}`: a card has come. `uid` upper hexadecimal, `at` in ms since 1970;
 * - `removed {reader}`: it has left (not every source can tell);
 * - `error {code, reader?}`: a tap came to nothing (`two_cards`, `card_withdrawn`, …);
 * - `status {code, …}`: how the source itself is (`ready`, `bridge_absent`, …).
 */
export class ReaderSource extends EventTarget {
    /** Short name, told with every event. */
    name = "";

    /** Begin to read. May be called again after `stop`. */
    start() {}

    /** Stop reading and let go of everything. */
    stop() {}

    /**
     * @param {"card"|"removed"|"error"|"status"} type
     * @param {Object} detail
     */
    emit(type, detail = {}) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }
}
