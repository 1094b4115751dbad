//! The second line of a card, in words.
import type { Card } from '@/bridge'
import { hasLabel, label } from '@/i18n/labels'

/** Its subtitle; a department's code at its beginning is shown by name. */
export function subtitleOf(card: Pick<Card, 'subtitle'>): string {
  const [org = '', ...rest] = card.subtitle.split(' ')
  return hasLabel('org', org) ? [label('org', org), ...rest].join(' ') : card.subtitle
}
