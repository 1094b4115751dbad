//! How this person likes the window: light, hand, language, layout. Nothing of a record is kept here.
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { i18n, LANGUAGES, type Language } from '@/i18n'

/** The three lights. */
export const THEMES = ['light', 'outdoor', 'dark'] as const
/** A light. */
export type Theme = (typeof THEMES)[number]
/** The hand that holds the pen. */
export type Hand = 'left' | 'right'
/** Tablet shows cards, office shows tables; auto decides by pointer and width. */
export type Layout = 'auto' | 'tablet' | 'office'

const KEY = 'lantian.preferences'
const OFFICE = '(min-width: 1200px) and (pointer: fine)'

interface Kept {
  theme: Theme
  hand: Hand
  language: Language
  layout: Layout
}

function recall(): Kept {
  const kept: Kept = { theme: 'light', hand: 'right', language: LANGUAGES[0], layout: 'auto' }
  try {
    return { ...kept, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) }
  } catch {
    return kept
  }
}

export const usePreferences = defineStore('preferences', () => {
  const kept = recall()
  const theme = ref<Theme>(kept.theme)
  const hand = ref<Hand>(kept.hand)
  const language = ref<Language>(kept.language)
  const layout = ref<Layout>(kept.layout)
  const wide = ref(window.matchMedia(OFFICE).matches)
  window.matchMedia(OFFICE).addEventListener('change', (e) => (wide.value = e.matches))
  const office = computed(() => (layout.value === 'auto' ? wide.value : layout.value === 'office'))

  watch(
    [theme, hand, language, layout, office],
    () => {
      const root = document.documentElement
      root.dataset.theme = theme.value
      root.dataset.hand = hand.value
      root.dataset.layout = office.value ? 'office' : 'tablet'
      root.classList.toggle('dark', theme.value === 'dark')
      root.lang = language.value
      i18n.global.locale.value = language.value
      const now: Kept = {
        theme: theme.value,
        hand: hand.value,
        language: language.value,
        layout: layout.value,
      }
      localStorage.setItem(KEY, JSON.stringify(now))
    },
    { immediate: true },
  )

  function nextTheme(): void {
    theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'light'
  }
  return { theme, hand, language, layout, office, nextTheme }
})
