/** Which language and theme the page is in: remembered on the device, the browser's own at first. Texts are loaded in parts. */

import { speak } from '../network/requests.ts'
import { Numbers } from './numbers.ts'
import { PARTS, type Catalogue, type Part } from './parts.ts'

export type Language = 'fr' | 'en'
export type Theme = 'system' | 'light' | 'dark'

function recalled<T extends string>(name: string, known: readonly T[], otherwise: T): T {
  try {
    const kept = localStorage.getItem(name) as T | null
    return kept && known.includes(kept) ? kept : otherwise
  } catch {
    return otherwise
  }
}

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Not remembered in a private window.
  }
}

const spoken: Language = navigator.language.startsWith('fr') ? 'fr' : 'en'

class Preferences {
  language = $state<Language>(recalled('vigie-language', ['fr', 'en'], spoken))
  theme = $state<Theme>(recalled('vigie-theme', ['system', 'light', 'dark'], 'system'))
  /** What is loaded of the language: the parts that this page has asked for so far. */
  text = $state.raw({} as Catalogue)
  numbers = $state.raw(null as unknown as Numbers)
  #loaded = new Set<Part>()

  /** Resolves when `text` has these parts; rejects where they cannot be fetched. */
  async need(parts: readonly Part[]): Promise<void> {
    const missing = parts.filter((part) => !this.#loaded.has(part))
    if (missing.length) await this.#take(this.language, missing)
  }

  /** The other language, once all of it that is on the page is here. */
  async setLanguage(language: Language): Promise<void> {
    await this.#take(language, [...this.#loaded])
    remember('vigie-language', language)
    this.apply()
  }

  setTheme(theme: Theme): void {
    this.theme = theme
    remember('vigie-theme', theme)
    this.apply()
  }

  /** Tells the document and the server. */
  apply(): void {
    document.documentElement.lang = this.language
    if (this.theme === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = this.theme
    speak(this.language)
  }

  async #take(language: Language, parts: readonly Part[]): Promise<void> {
    const modules = await Promise.all(parts.map((part) => PARTS[part][language]()))
    const words = modules.map((one) => one.words)
    const before = language === this.language ? this.text : {}
    this.text = Object.assign({}, before, ...words) as Catalogue
    if (language !== this.language || !this.numbers) this.numbers = new Numbers(this.text)
    this.language = language
    for (const part of parts) this.#loaded.add(part)
  }
}

export const preferences = new Preferences()
