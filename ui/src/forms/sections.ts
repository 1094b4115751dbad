//! Lays the fields of a command out as cards: what belongs together stands together.
import type { Spec } from './spec'

/** A card of a form. */
export interface Section {
  key: string
  fields: Spec[]
  /** The value of this one field fills the card; its fields are shown without a frame. */
  inside?: Spec
}

const OWN_CARD = ['list', 'variant', 'checklist', 'files']

/** Plain fields share a card until a group or a list begins its own. */
export function sectionsOf(fields: Spec[]): Section[] {
  const sections: Section[] = []
  let open: Section | undefined
  for (const spec of fields) {
    if (spec.kind === 'made' || spec.kind === 'hidden') continue
    if (spec.kind === 'group') {
      sections.push({ key: spec.name, fields: spec.fields ?? [], inside: spec })
      open = undefined
    } else if (OWN_CARD.includes(spec.kind)) {
      sections.push({ key: spec.name, fields: [spec] })
      open = undefined
    } else {
      if (!open) {
        open = { key: `own-${sections.length}`, fields: [] }
        sections.push(open)
      }
      open.fields.push(spec)
    }
  }
  return sections
}
