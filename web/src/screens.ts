/**
 * Every screen of a member, one entry each: its name in the address, its code and its texts, loaded when it is opened.
 * The navigation, the checks of every screen (tests/browser/screens.py) and the page itself read this table.
 */

import type { Component } from 'svelte'
import type { IconName } from './parts/Icon.svelte'
import type { Portfolio } from './portfolio/portfolio.ts'
import type { Part, Shell } from './text/parts.ts'

/** `argument` is what stands behind the name in the address. */
type Plain = Component<{ argument: string }> | Component<Record<string, never>>
type Reading = Component<{ argument: string; portfolio: Portfolio }>

interface Entry {
  /** '#/name'; '' is the screen that the page opens on. */
  name: string
  words: readonly Part[]
  /** In the navigation: at the top, or below among what is seldom opened; with a role, in that role's alone. */
  nav?: { label: keyof Shell['nav']; icon: IconName; below?: true; role?: 'sales' }
  /** The entry of the navigation that is marked while this one is open. */
  under?: string
  /** An argument to look at it with; it has none without. */
  example?: string
  /** Arguments that are views of their own. */
  views?: readonly string[]
}

export type Screen = Entry & ({ reads: 'portfolio'; load: () => Promise<{ default: Reading }> } | { reads: 'nothing'; load: () => Promise<{ default: Plain }> })

export const SCREENS: readonly Screen[] = [
  { name: '', reads: 'portfolio', words: ['morning', 'portfolio'], load: () => import('./screens/Morning.svelte'), nav: { label: 'morning', icon: 'morning' } },
  { name: 'portfolio', reads: 'portfolio', words: ['portfolio', 'table', 'how', 'sectors'], load: () => import('./screens/Portfolio.svelte'), nav: { label: 'portfolio', icon: 'portfolio' } },
  { name: 'client', reads: 'portfolio', words: ['portfolio', 'client', 'alerts', 'credit', 'how'], load: () => import('./screens/Client.svelte'), under: 'portfolio', example: '1' },
  { name: 'alerts', reads: 'portfolio', words: ['portfolio', 'client', 'alerts', 'work', 'credit', 'how', 'sectors'], load: () => import('./screens/Alerts.svelte'), nav: { label: 'alerts', icon: 'alerts' } },
  { name: 'dossier', reads: 'portfolio', words: ['portfolio', 'client', 'credit'], load: () => import('./screens/Dossier.svelte'), under: 'portfolio', example: '1' },
  { name: 'sales', reads: 'portfolio', words: ['alerts', 'credit'], load: () => import('./screens/Sales.svelte'), nav: { label: 'sales', icon: 'check', role: 'sales' }, under: 'portfolio' },
  { name: 'conversations', views: ['call'], reads: 'nothing', words: ['talk'], load: () => import('./screens/Talk.svelte'), nav: { label: 'conversations', icon: 'talk' } },
  { name: 'sectors', reads: 'portfolio', words: ['portfolio', 'how', 'sectors', 'alerts'], load: () => import('./screens/Sectors.svelte'), nav: { label: 'sectors', icon: 'sectors' } },
  { name: 'upload', reads: 'nothing', words: ['upload', 'client'], load: () => import('./screens/Upload.svelte'), nav: { label: 'upload', icon: 'upload' } },
  { name: 'tour', reads: 'portfolio', words: ['portfolio', 'tour'], load: () => import('./screens/Tour.svelte'), nav: { label: 'tour', icon: 'tour', below: true }, views: ['2', '3', '4', '5'] },
  { name: 'verification', reads: 'nothing', words: ['verification'], load: () => import('./screens/Verification.svelte'), nav: { label: 'verification', icon: 'seal', below: true } },
  { name: 'settings', reads: 'nothing', words: ['settings', 'logIn', 'operator', 'work', 'firm'], load: () => import('./screens/Settings.svelte'), views: ['people', 'webhooks', 'holds', 'audit'], nav: { label: 'settings', icon: 'settings' } },
]

export const screenOf = (name: string): Screen => SCREENS.find((one) => one.name === name) ?? SCREENS[0]!
