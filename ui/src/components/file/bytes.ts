//! Bytes between files and the base64 text that crosses the bridge.

/** Base64 text → a blob of this type. */
export function toBlob(base64: string, mime: string): Blob {
  const raw = atob(base64)
  const bytes = new Uint8Array(raw.length)
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i)
  return new Blob([bytes], { type: mime })
}

/** A file or blob → base64 text. */
export async function toBase64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const STEP = 0x8000
  let raw = ''
  for (let at = 0; at < bytes.length; at += STEP)
    raw += String.fromCharCode(...bytes.subarray(at, at + STEP))
  return btoa(raw)
}
