/** Which language and theme the page is in: remembered on the device, the browser's own at first. */

import { speak } from '../network/requests.ts'
import { en, type Catalogue } from './en.ts'
import { fr } from './fr.ts'
import { Numbers } from './numbers.ts'

export type Language = 'fr' | 'en'
export type Theme = 'system' | 'light' | 'dark'

const catalogues: Record<Language, Catalogue> = { fr, en }
const numbers: Record<Language, Numbers> = { fr: new Numbers(fr), en: new Numbers(en) }

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

  get text(): Catalogue {
    return catalogues[this.language]
  }

  get numbers(): Numbers {
    return numbers[this.language]
  }

  setLanguage(language: Language): void {
    this.language = language
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
}

export const preferences = new Preferences()
