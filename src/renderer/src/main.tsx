/** Starts the page: preferences before the first paint, then the window. */
import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import './ui/mantine.css'
import './ui/tokens.css'
import './ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { engine } from './api/connection.ts'
import { App } from './app/App.tsx'
import { routeOf } from './app/hashLocation.ts'
import { isDark, usePreferences } from './app/preferences.ts'
import { beginPage, preloadPages } from './features/routes.ts'
import { initialLanguage, startWords } from './i18n/index.ts'

const { theme, density, language } = usePreferences.getState()
const root = document.documentElement
root.dataset.mantineColorScheme = isDark(theme, matchMedia('(prefers-color-scheme: dark)').matches)
  ? 'dark'
  : 'light'
root.dataset.density = density
startWords(initialLanguage(language, navigator.languages))
// Connecting takes longer than drawing the frame, so it starts first.
engine()
const { path, search } = routeOf(location.hash)
void beginPage(path, new URLSearchParams(search))
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
// After the first page has come, which everybody waits for.
setTimeout(() => void preloadPages(), 1500)
