/** Sets up the words of the pages; React escapes what is filled in, so i18next must not do it again. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { resources, type Language } from './resources.ts'

/** The language to begin with: the remembered one, else Chinese for a Chinese system, else English. */
export function initialLanguage(remembered: string | undefined, system: readonly string[]): Language {
  if (remembered !== undefined && remembered in resources) return remembered as Language
  return system[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/** Starts i18next; complete when it returns, because the words are part of the page. */
export function startWords(language: Language): void {
  void i18next.use(initReactI18next).init({
    resources,
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'app',
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  document.documentElement.lang = language
}

/** Switches the language of everything on the page. */
export function changeLanguage(language: Language): void {
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
