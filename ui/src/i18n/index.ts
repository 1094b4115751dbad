//! The words of the pages. One JSON file per noun and language; the file name is the namespace.
import { createI18n } from 'vue-i18n'

const files = import.meta.glob<Record<string, unknown>>('../locales/*/*.json', {
  eager: true,
  import: 'default',
})

/** The languages of the application, the first one is the default. */
export const LANGUAGES = ['zh-CN', 'en'] as const
/** A language tag. */
export type Language = (typeof LANGUAGES)[number]

function gather(language: Language): Record<string, unknown> {
  const words: Record<string, unknown> = {}
  for (const [path, content] of Object.entries(files)) {
    const [, lang, noun] = /locales\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? []
    if (lang === language && noun) words[noun] = content
  }
  return words
}

/** The translator of the whole application. */
export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  missingWarn: false,
  fallbackWarn: false,
  messages: Object.fromEntries(LANGUAGES.map((l) => [l, gather(l)])) as Record<Language, never>,
})

/** The translator without the types of its messages, which are too deep for the compiler. */
export const words = i18n.global as unknown as {
  t: (key: string, params?: Record<string, unknown>) => string
  te: (key: string, locale?: string) => boolean
  locale: { value: string }
  messages: { value: Record<string, unknown> }
}
