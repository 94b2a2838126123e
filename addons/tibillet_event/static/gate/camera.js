/** The phone's camera as a reader of QR: by the browser, else by the library beside the page. */

const EVERY_MS = 90;
const WIDEST = 1280;
const MOST_POINTS = 720;
/**
 * How the library looks at one picture after the other: share of its size, degrees it is turned
 * by. Of still pictures it misses some at any one size and angle, and none in all (ADR 0045).
 */
const WAYS = [
    { share: 0.8, turn: 8 },
    { share: 0.5, turn: -2 },
    { share: 1, turn: 0 },
    { share: 0.8, turn: 3, inverted: true },
    { share: 0.9, turn: -5 },
    { share: 1, turn: 12, histogram: true },
    { share: 0.5, turn: 0, inverted: true },
    { share: 0.7, turn: -9 },
];
const LOOKS = 2; // at each picture

export class CameraRefused extends Error {}
export class NoCamera extends Error {}

export class Camera {
    /**
     * @param {HTMLVideoElement} video
     * @param {(text: string) => void} give called for each code that is seen, often the same
     * @param {string} library address of the fallback
     */
    constructor(video, give, library) {
        Object.assign(this, { video, give, library });
        this.stream = null;
        this.paused = false;
        this.detector = null;
    }

    get running() {
        return Boolean(this.stream);
    }

    async start() {
        const devices = navigator.mediaDevices;
        if (!devices?.getUserMedia) {
            throw new NoCamera();
        }
        try {
            this.stream = await devices.getUserMedia({
                audio: false,
                video: { facingMode: { ideal: "environment" }, width: { ideal: WIDEST } },
            });
        } catch (error) {
            const refused = error.name === "NotAllowedError" || error.name === "SecurityError";
            throw refused ? new CameraRefused() : new NoCamera();
        }
        this.video.srcObject = this.stream;
        await this.video.play();
        this.detector ??= await this._detector();
        this._look();
    }

    stop() {
        for (const track of this.stream?.getTracks() || []) {
            track.stop();
        }
        this.stream = null;
        this.video.srcObject = null;
    }

    get track() {
        return this.stream?.getVideoTracks()[0];
    }

    get hasTorch() {
        return Boolean(this.track?.getCapabilities?.().torch);
    }

    async torch(on) {
        await this.track?.applyConstraints({ advanced: [{ torch: on }] });
    }

    async _look() {
        while (this.stream) {
            const since = performance.now();
            if (!this.paused && !document.hidden && this.video.readyState >= 2) {
                try {
                    const text = await this.detector(this.video);
                    if (text && this.stream) {
                        this.give(text);
                    }
                } catch {
                    // One picture that could not be read: the next one comes.
                }
            }
            const wait = Math.max(10, EVERY_MS - (performance.now() - since));
            await new Promise((go) => setTimeout(go, wait));
        }
    }

    async _detector() {
        const Native = globalThis.BarcodeDetector;
        const formats = (await Native?.getSupportedFormats?.()) || [];
        if (formats.includes("qr_code")) {
            const native = new Native({ formats: ["qr_code"] });
            return async (video) => (await native.detect(video))[0]?.rawValue;
        }
        await loaded(this.library);
        return withLibrary();
    }
}

let coming = null;

/** Load the library once, when a browser needs it. */
function loaded(address) {
    coming ??= new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = () => {
            coming = null;
            reject(new NoCamera());
        };
        document.head.append(script);
    });
    return coming;
}

function withLibrary() {
    const { ZXing } = globalThis;
    const reader = new ZXing.MultiFormatReader();
    reader.setHints(
        new Map([
            [ZXing.DecodeHintType.POSSIBLE_FORMATS, [ZXing.BarcodeFormat.QR_CODE]],
            [ZXing.DecodeHintType.TRY_HARDER, true],
        ])
    );
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    let looks = 0;

    function draw(video, { share, turn }) {
        const { videoWidth: width, videoHeight: height } = video;
        const scale = share * Math.min(1, MOST_POINTS / (width || MOST_POINTS));
        canvas.width = Math.round(width * scale);
        canvas.height = Math.round(height * scale);
        context.translate(canvas.width / 2, canvas.height / 2);
        context.rotate((turn * Math.PI) / 180);
        context.drawImage(
            video,
            -canvas.width / 2,
            -canvas.height / 2,
            canvas.width,
            canvas.height
        );
    }

    function read({ histogram, inverted }) {
        const light = new ZXing.HTMLCanvasElementLuminanceSource(canvas);
        const source = inverted ? light.invert() : light;
        const Binarizer = histogram ? ZXing.GlobalHistogramBinarizer : ZXing.HybridBinarizer;
        try {
            return reader.decodeWithState(new ZXing.BinaryBitmap(new Binarizer(source))).getText();
        } catch {
            return null;
        }
    }

    return async (video) => {
        for (let look = 0; look < LOOKS; look += 1) {
            const way = WAYS[looks++ % WAYS.length];
            draw(video, way);
            const text = read(way);
            if (text) {
                return text;
            }
        }
        return null;
    };
}
