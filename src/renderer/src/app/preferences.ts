/** What a person likes: language, theme, density. Kept in this browser or window, not in the engine. */
import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { Language } from '../i18n/resources.ts'

export type Theme = 'system' | 'dark' | 'light'
export type Density = 'comfortable' | 'compact'

export type Preferences = {
  language?: Language
  theme: Theme
  density: Density
  /** The workspace that is open in this window, by engine address (`own` for the engine of the page). */
  workspaces: Record<string, string>
  /** Columns of the table of runs that are not shown, by id. */
  hiddenColumns: readonly string[]
}

export const usePreferences = create<Preferences>()(
  persist((): Preferences => ({ theme: 'dark', density: 'comfortable', workspaces: {}, hiddenColumns: [] }), {
    name: 'parallax.preferences',
    version: 1,
  }),
)

/** Whether the page is dark, given the preference and the system. */
export const isDark = (theme: Theme, isSystemDark: boolean): boolean =>
  theme === 'system' ? isSystemDark : theme === 'dark'
