/** PDF.js, loaded when the first document is opened: no scripts of documents, no WebAssembly, nothing from elsewhere. */
const HOME = new URL("../../vendor/pdfjs/", import.meta.url);
let loading;

async function load() {
  const loaded = await import("../../vendor/pdfjs/pdf.min.mjs");
  loaded.GlobalWorkerOptions.workerSrc = new URL("pdf.worker.min.mjs", HOME).href;
  return loaded;
}

export function library() {
  loading ??= load();
  return loading;
}

export async function open(address) {
  const { getDocument } = await library();
  return getDocument({
    url: address,
    withCredentials: true,
    disableRange: true,
    disableAutoFetch: true,
    enableXfa: false,
    useWasm: false,
    wasmUrl: new URL("decoders/", HOME).href,
    standardFontDataUrl: new URL("standard_fonts/", HOME).href,
    stopAtErrors: false,
    maxImageSize: 64 * 1024 * 1024,
  });
}
