//! Gives the bytes of a photo, paper or signature to the client, which makes them durable first.
import { bridge, type Data, type FileView, type Json } from '@/bridge'
import { toBase64 } from '@/components/file/bytes'
import { toRfc3339 } from '@/format/time'

const NAME_MAX = 120

/** Attaches a file to a record; the answer names it for use in a command. */
export async function attachFile(record: string, kind: string, file: File): Promise<FileView> {
  return bridge().attach({
    id: record,
    kind,
    name: shortName(file.name),
    mime: file.type || 'application/octet-stream',
    bytes: await toBase64(file),
    taken_at: toRfc3339(file.lastModified || Date.now()),
  })
}

/** Keeps the ending of a name that is too long. */
export function shortName(name: string): string {
  const letters = [...name]
  if (letters.length <= NAME_MAX) return name
  const dot = name.lastIndexOf('.')
  const end = dot > 0 ? [...name.slice(dot)] : []
  return [...letters.slice(0, NAME_MAX - end.length), ...end].join('')
}

/** What a command says of the file: its id, or the whole reference. */
export async function fileValue(view: FileView, file: Blob, whole: boolean): Promise<Json> {
  if (!whole) return view.id
  const reference: Data = {
    id: view.id,
    kind: view.kind,
    name: view.name,
    mime: view.mime,
    size: view.size,
    sha256: view.sha256 ?? (await sha256(file)),
  }
  if (view.taken_at) reference.taken_at = view.taken_at
  return reference
}

/** The content's hash in hex. */
export async function sha256(blob: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, '0')).join('')
}
