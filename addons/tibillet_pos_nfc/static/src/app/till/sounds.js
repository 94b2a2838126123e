const TONES = {
    yes: [
        [660, 0, 75],
        [880, 75, 75],
    ],
    no: [[180, 0, 300]],
    look: [
        [520, 0, 110],
        [520, 190, 110],
    ],
};
const VIBRATIONS = { yes: [60], no: [250], look: [80, 60, 80] };

/** Answers one hears: two rising notes for yes, one low for no, two equal to look again. */
export class Sounds {
    /** @param {{storage: Storage, makeContext?: Function, vibrate?: Function}} tools */
    constructor({ storage, makeContext, vibrate }) {
        this.storage = storage;
        this.makeContext = makeContext || (() => new AudioContext());
        this.vibrate = vibrate || ((pattern) => navigator.vibrate?.(pattern));
    }

    get muted() {
        return this.storage.getItem("tibillet_till.muted") === "1";
    }

    set muted(muted) {
        this.storage.setItem("tibillet_till.muted", muted ? "1" : "0");
    }

    /** @param {"yes"|"no"|"look"} tone */
    play(tone) {
        if (this.muted || !TONES[tone]) {
            return;
        }
        try {
            this.context ||= this.makeContext();
            this.context.resume?.();
            for (const [frequency, start, length] of TONES[tone]) {
                this.note(frequency, start / 1000, length / 1000);
            }
            this.vibrate(VIBRATIONS[tone]);
        } catch {
            // A machine without sound still shows the answer.
        }
    }

    note(frequency, start, length) {
        const from = this.context.currentTime + start;
        const oscillator = this.context.createOscillator();
        const gain = this.context.createGain();
        oscillator.frequency.value = frequency;
        oscillator.type = "triangle";
        gain.gain.setValueAtTime(0.0001, from);
        gain.gain.exponentialRampToValueAtTime(0.25, from + 0.015);
        gain.gain.exponentialRampToValueAtTime(0.0001, from + length);
        oscillator.connect(gain).connect(this.context.destination);
        oscillator.start(from);
        oscillator.stop(from + length);
    }
}
